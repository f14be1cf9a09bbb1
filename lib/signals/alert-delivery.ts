import { Duration } from 'cdk8s';
import { alertState } from '../catalog/alert-state';
import { prometheus } from '../catalog/prometheus';
import { maxBy, minBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { constant, labelFrom, or, plus, ratio } from '../query/promql/operators';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// Whether what fires reaches Alertmanager.

/** As far back as the alert looks. */
const window = Duration.minutes(5);

const delivered = rate(select(prometheus.prometheus_notifications_sent_total), window);
const undelivered = rate(select(prometheus.prometheus_notifications_errors_total), window);

export const deadMansSwitch: Signal = {
  title: 'Dead man’s switch',
  description:
    'Whether the alert fires that always should. While it does not, rules are not evaluated, and whoever waits for its notifications raises the alarm.',
  unit: 'boolean',
  queries: [
    plot(
      or(maxBy(select(alertState.ALERTS, { alertname: 'Watchdog', alertstate: 'firing' })), constant(0)),
      legend`Watchdog`,
    ),
  ],
  watchedBy: [tellsOf('Watchdog')],
  states: { 0: { text: 'silent', is: 'bad' }, 1: { text: 'fires', is: 'good' } },
};

/** Of the URL of an Alertmanager, the host. */
const hostOf = <L extends string>(vector: Vector<L | 'alertmanager'>): Vector<L | 'alertmanager' | 'host'> =>
  labelFrom(vector, 'host', 'alertmanager', 'https?://([^/]+)/.*');

export const alertsSent: Signal = {
  title: 'Alerts sent',
  description:
    'Alerts per second that Prometheus sends to each Alertmanager, repetitions included, and those that were not taken or given up. The dead man’s switch keeps it above 0.',
  unit: 'alerts/s',
  queries: [
    plot(sumBy(hostOf(delivered), 'host'), legend`to ${'host'}`),
    plot(sumBy(hostOf(undelivered), 'host'), legend`not taken by ${'host'}`),
    plot(sumBy(rate(select(prometheus.prometheus_notifications_dropped_total), window)), legend`given up`),
  ],
  watchedBy: [tellsOf('PrometheusAlertsNotDelivered')],
};

/** The share that no Alertmanager took: one that takes them is enough. */
export const undeliveredRatio: Vector<'pod'> = minBy(ratio(undelivered, plus(delivered, undelivered)), 'pod');

export const alertsUndelivered: Signal = {
  title: 'Alerts not delivered',
  description:
    'Share of alerts that reached no Alertmanager, of the Prometheus that fares worst. 0 is good; above the limit nobody hears of what fires.',
  unit: 'ratio',
  queries: [plot(maxBy(undeliveredRatio), legend`not delivered`)],
  watchedBy: [firesAbove('PrometheusAlertsNotDelivered')],
};

export const alertsUndeliveredByPod: Signal = {
  title: 'Alerts not delivered by replica',
  description:
    'Share of its alerts that each Prometheus could hand to no Alertmanager. 0 is good; above the dashed line, see whether Alertmanager runs and can be reached from it.',
  unit: 'ratio',
  queries: [plot(undeliveredRatio, legend`${'pod'}`)],
  watchedBy: [firesAbove('PrometheusAlertsNotDelivered')],
};

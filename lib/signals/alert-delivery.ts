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
    'Whether the Watchdog alert fires, as it always should. While it is silent, Prometheus does not evaluate its rules, and no other alert can fire: look at the failed evaluations of rules.',
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
    'Alerts per second that Prometheus sends to each Alertmanager, repetitions included, those that an Alertmanager did not take, and those that were given up. Sent should stay above 0, for the dead man’s switch always fires. The others should be 0.',
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
    'Share of alerts that no Alertmanager took, on the worst replica of Prometheus. 0 is good. Above its threshold nobody is notified of what fires: check that Alertmanager runs and that Prometheus can reach it.',
  unit: 'ratio',
  queries: [plot(maxBy(undeliveredRatio), legend`not delivered`)],
  watchedBy: [firesAbove('PrometheusAlertsNotDelivered')],
};

export const alertsUndeliveredByPod: Signal = {
  title: 'Alerts not delivered by replica',
  description:
    'Share of its alerts that each Prometheus could deliver to no Alertmanager. 0 is good. Above the dashed line, check that Alertmanager runs and that this replica can reach it.',
  unit: 'ratio',
  queries: [plot(undeliveredRatio, legend`${'pod'}`)],
  watchedBy: [firesAbove('PrometheusAlertsNotDelivered')],
};

import { prometheus } from '../../../lib/catalog/prometheus';
import { scrape } from '../../../lib/catalog/scrape';
import {
  bursts,
  hold,
  minutes,
  never,
  rise,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { atNewAddress, atOldAddress, often, podTarget, seldom } from './targets';

/** A replica; `number` tells the address, which is another once the pod was moved. */
const replica = (ordinal = 0, number = 1) => podTarget('prometheus', `prometheus-${ordinal}`, number, 9090);

const group = '/etc/prometheus/rules/alerting.yaml;alerts';
const rulesOf = (failures: Shape, missed: Shape, target = replica(), rule_group = group): readonly Series[] => [
  series(prometheus.prometheus_rule_evaluation_failures_total, { ...target, rule_group }, failures),
  series(prometheus.prometheus_rule_group_iterations_missed_total, { ...target, rule_group }, missed),
];
const rulesFail = (times: number): Firing => ({
  labels: { pod: 'prometheus-0', rule_group: group, service: 'prometheus' },
  summary: `prometheus-0 failed ${times} times to evaluate rules`,
  description: `Alerts and recorded series of ${group} are missing.`,
});

const samples = (floats: Shape, target = replica()): readonly Series[] => [
  series(prometheus.prometheus_tsdb_head_samples_appended_total, { ...target, type: 'float' }, floats),
  series(prometheus.prometheus_tsdb_head_samples_appended_total, { ...target, type: 'histogram' }, hold(0)),
];
const isUp = (shape: Shape = hold(1), target: ReturnType<typeof podTarget> = replica()) =>
  series(scrape.up, target, shape);
const ingestsNothing = (whose: Readonly<Record<string, string>>): Firing => ({
  labels: { ...whose, service: 'prometheus' },
  summary: 'Prometheus writes no samples',
  description: 'Nothing that it scrapes or computes is stored: its alerts see only the past.',
});
const seesNotItself = ingestsNothing({ job: 'prometheus' });

/** Alerts that an Alertmanager takes, and others that it does not. */
const sentTo = (ordinal: number, sent: Shape, errors: Shape): readonly Series[] => {
  const labels = { ...replica(), alertmanager: `http://10.0.3.${ordinal}:9093/api/v2/alerts` };
  return [
    series(prometheus.prometheus_notifications_sent_total, labels, sent),
    series(prometheus.prometheus_notifications_errors_total, labels, errors),
  ];
};
const notDelivered = (share: string): Firing => ({
  labels: { pod: 'prometheus-0', service: 'prometheus' },
  summary: `prometheus-0 fails to deliver ${share} of its alerts`,
  description: 'More than 3% did not reach any Alertmanager.',
});

export const prometheusScenarios: ScenarioTable<
  'PrometheusConfigRejected' | 'PrometheusRulesFailing' | 'PrometheusNotIngesting' | 'PrometheusAlertsNotDelivered'
> = {
  PrometheusConfigRejected: {
    fires: {
      'when one replica keeps its old configuration': {
        series: [
          series(prometheus.prometheus_config_last_reload_successful, replica(), hold(0)),
          series(prometheus.prometheus_config_last_reload_successful, replica(1, 2), hold(1)),
        ],
        lasts: minutes(11),
        firing: [
          {
            labels: { ...replica(), service: 'prometheus' },
            summary: 'prometheus-0 does not take its new configuration or rules',
            description: 'It goes on with the old ones, and would not start again with the new.',
          },
        ],
      },
    },
    silent: {
      'while it takes them': {
        series: [series(prometheus.prometheus_config_last_reload_successful, replica(), hold(1))],
      },
      'when the mistake is mended in time': {
        series: [
          series(prometheus.prometheus_config_last_reload_successful, replica(), until(minutes(10), hold(0), hold(1))),
        ],
      },
    },
  },
  PrometheusRulesFailing: {
    fires: {
      'when a rule fails again and again, and another group does not': {
        series: [...rulesOf(bursts(often), hold(0)), ...rulesOf(hold(0), hold(0), replica(), 'recording.yaml;nodes')],
        lasts: minutes(23),
        firing: [rulesFail(1)],
      },
      'when evaluations are skipped': { series: rulesOf(hold(0), bursts(often)), firing: [rulesFail(1)] },
      'when it goes on after the pod was moved': {
        series: [...rulesOf(atOldAddress, hold(0)), ...rulesOf(atNewAddress, hold(0), replica(0, 2))],
        firing: [rulesFail(2)],
      },
    },
    silent: {
      'while all are evaluated': { series: rulesOf(hold(0), hold(0)) },
      'when one fails now and then': { series: rulesOf(bursts(seldom), hold(0)) },
      'when they fail for some minutes': { series: rulesOf(until(minutes(4.5), bursts(minutes(1)), hold(4)), hold(0)) },
    },
  },
  PrometheusNotIngesting: {
    fires: {
      'when it stopped fifteen minutes ago': {
        series: [
          isUp(),
          isUp(hold(1), replica(1, 2)),
          ...samples(until(minutes(14.75), rise(1000), hold(885_000))),
          ...samples(rise(1000), replica(1, 2)),
        ],
        firing: [ingestsNothing({ pod: 'prometheus-0' })],
      },
      'when it does not find itself': {
        series: [isUp(hold(1), podTarget('loki', 'loki-0'))],
        lasts: minutes(11),
        firing: [seesNotItself],
      },
    },
    silent: {
      'while it writes': { series: [isUp(), ...samples(rise(1))] },
      'while it writes now and then': { series: [isUp(), ...samples(bursts(often, 1000))] },
      'when it goes on in time': {
        series: [
          isUp(),
          ...samples(until(minutes(10), rise(1000), until(minutes(14.5), hold(600_000), rise(1000, 600_000)))),
        ],
      },
      'while it finds itself, though it does not answer': { series: [isUp(hold(0))] },
      'when it finds itself again in time': {
        series: [isUp(until(minutes(10), hold(1), until(minutes(9.5), never, hold(1))))],
      },
    },
    withoutData: [seesNotItself],
  },
  PrometheusAlertsNotDelivered: {
    fires: {
      'when even the best Alertmanager refuses some': {
        series: [...sentTo(0, rise(96), rise(4)), ...sentTo(1, rise(50), rise(50))],
        lasts: minutes(11),
        firing: [notDelivered('4%')],
      },
      'when alerts are few': {
        series: sentTo(0, bursts(often, 5), bursts(often, 5)),
        firing: [notDelivered('50%')],
      },
    },
    silent: {
      'while one Alertmanager takes them': {
        series: [...sentTo(0, hold(0), rise(100)), ...sentTo(1, rise(100), hold(0))],
      },
      'while three in a hundred fail': { series: sentTo(0, rise(97), rise(3)) },
      'while there is nothing to send': { series: sentTo(0, hold(0), hold(0)) },
      'when alerts are fewer still': { series: sentTo(0, bursts(seldom, 5), bursts(seldom, 5)) },
      'when it goes well again in time': {
        series: sentTo(0, rise(100), until(minutes(5), rise(50), hold(15_000))),
      },
    },
  },
};

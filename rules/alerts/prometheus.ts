import { Duration } from 'cdk8s';
import { prometheus } from '../../lib/catalog/prometheus';
import { scrape } from '../../lib/catalog/scrape';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { sumBy } from '../../lib/query/promql/aggregate';
import type { Vector } from '../../lib/query/promql/expression';
import { above, absent, atMost, equals, or, plus } from '../../lib/query/promql/operators';
import { rate } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { undeliveredRatio } from '../../lib/signals/alert-delivery';
import { compaction, failedDiscoveries, failedRules, refusals, storageFaults } from '../../lib/signals/prometheus';
import { prometheusDuration } from '../../lib/units/duration';
import { alert, type AlertDefinitions } from './definition';

const window = Duration.minutes(5);

const total = <L extends string>(vectors: readonly Vector<L>[]): Vector<L> =>
  vectors.reduce((sum, each) => plus(sum, each));

/** What each replica of Prometheus says about itself. */
export const prometheusAlerts: AlertDefinitions<
  | 'PrometheusConfigRejected'
  | 'PrometheusRulesFailing'
  | 'PrometheusNotIngesting'
  | 'PrometheusAlertsNotDelivered'
  | 'PrometheusStorageFailing'
  | 'PrometheusScrapesRefused'
  | 'PrometheusDiscoveryFailing'
> = {
  PrometheusConfigRejected: () =>
    alert({
      expr: equals(select(prometheus.prometheus_config_last_reload_successful), 0),
      service: 'prometheus',
      summary: text`${label('pod')} does not take its new configuration or rules`,
      description: text`It goes on with the old ones, and would not start again with the new.`,
    }),
  PrometheusRulesFailing: () =>
    alert({
      expr: above(failedRules(window), 0),
      service: 'prometheus',
      summary: text`${label('pod')} failed ${value.count} times to evaluate rules`,
      description: text`Alerts and recorded series of ${label('rule_group')} are missing.`,
    }),
  PrometheusNotIngesting: () =>
    alert({
      expr: or(
        atMost(sumBy(rate(select(prometheus.prometheus_tsdb_head_samples_appended_total), window), 'pod'), 0),
        // One that stores nothing does not see itself either, and no other is there to say so.
        absent(scrape.up, { job: 'prometheus' }),
      ),
      service: 'prometheus',
      summary: text`Prometheus writes no samples`,
      description: text`Nothing that it scrapes or computes is stored: its alerts see only the past.`,
    }),
  PrometheusAlertsNotDelivered: ({ threshold }) =>
    alert({
      expr: above(undeliveredRatio, threshold),
      service: 'prometheus',
      summary: text`${label('pod')} fails to deliver ${value.ratio} of its alerts`,
      description: text`More than ${percentage(threshold)} did not reach any Alertmanager.`,
    }),
  PrometheusStorageFailing: () =>
    alert({
      expr: above(sumBy(total(Object.values(storageFaults)), 'pod'), 0),
      service: 'prometheus',
      summary: text`The storage of ${label('pod')} failed ${value.count} times`,
      description: text`In the last ${prometheusDuration(compaction)} it could not compact or load blocks, or found its write-ahead log corrupt.`,
    }),
  PrometheusScrapesRefused: () =>
    alert({
      expr: above(sumBy(total(Object.values(refusals)), 'pod'), 0),
      service: 'prometheus',
      summary: text`${label('pod')} refused scrapes or samples ${value.count} times`,
      description: text`A target goes beyond a limit, or sends samples twice or too late; what it says is lost.`,
    }),
  PrometheusDiscoveryFailing: () =>
    alert({
      expr: above(failedDiscoveries, 0),
      service: 'prometheus',
      summary: text`${label('pod')} cannot ask the API server for its targets`,
      description: text`New pods are not scraped; ${value.count} requests failed in the last ${prometheusDuration(window)}.`,
    }),
};

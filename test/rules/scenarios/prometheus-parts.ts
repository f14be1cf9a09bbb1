import { prometheus } from '../../../lib/catalog/prometheus';
import {
  bursts,
  hold,
  minutes,
  never,
  series,
  until,
  type Firing,
  type Scenario,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { atNewAddress, atOldAddress, often, podTarget, seldom } from './targets';

/** A replica; `number` tells the address, which is another once the pod was moved. */
const replica = (ordinal = 0, number = 1) => podTarget('prometheus', `prometheus-${ordinal}`, number, 9090);

type Failure =
  | 'prometheus_tsdb_compactions_failed_total'
  | 'prometheus_tsdb_reloads_failures_total'
  | 'prometheus_tsdb_wal_corruptions_total'
  | 'prometheus_target_scrapes_exceeded_sample_limit_total'
  | 'prometheus_target_scrapes_exceeded_body_size_limit_total'
  | 'prometheus_target_scrape_pool_exceeded_target_limit_total'
  | 'prometheus_target_scrape_pool_exceeded_label_limits_total'
  | 'prometheus_target_scrapes_sample_duplicate_timestamp_total'
  | 'prometheus_target_scrapes_sample_out_of_order_total'
  | 'prometheus_sd_kubernetes_failures_total';

const storageFailures = {
  'when blocks are not compacted': 'prometheus_tsdb_compactions_failed_total',
  'when blocks are not loaded': 'prometheus_tsdb_reloads_failures_total',
  'when the log ahead is corrupt': 'prometheus_tsdb_wal_corruptions_total',
} as const satisfies Record<string, Failure>;

const refusals = {
  'when a target has too many samples': 'prometheus_target_scrapes_exceeded_sample_limit_total',
  'when a target says too much': 'prometheus_target_scrapes_exceeded_body_size_limit_total',
  'when a job has too many targets': 'prometheus_target_scrape_pool_exceeded_target_limit_total',
  'when labels are too long': 'prometheus_target_scrape_pool_exceeded_label_limits_total',
  'when samples come twice': 'prometheus_target_scrapes_sample_duplicate_timestamp_total',
  'when samples come too late': 'prometheus_target_scrapes_sample_out_of_order_total',
} as const satisfies Record<string, Failure>;

/** Each of these counters of a replica as it is, and one of them as `shape` has it. */
const counters = (
  names: Readonly<Record<string, Failure>>,
  failing: Failure | 'none',
  shape: Shape,
  target = replica(),
): readonly Series[] =>
  Object.values(names).map((name) => series(prometheus[name], target, name === failing ? shape : hold(0)));

/** A scenario for each of the counters. */
const forEach = (
  names: Readonly<Record<string, Failure>>,
  scenario: (failing: Failure) => Scenario & { readonly firing: readonly Firing[] },
) => Object.fromEntries(Object.entries(names).map(([title, failing]) => [title, scenario(failing)]));

const storageFails = (times: number): Firing => ({
  labels: { pod: 'prometheus-0', service: 'prometheus' },
  summary: `The storage of prometheus-0 failed ${times} times`,
  description: 'In the last 3h it could not compact or load blocks, or found its write-ahead log corrupt.',
});

const scrapesRefused = (times: number): Firing => ({
  labels: { pod: 'prometheus-0', service: 'prometheus' },
  summary: `prometheus-0 refused scrapes or samples ${times} times`,
  description: 'A target goes beyond a limit, or sends samples twice or too late; what it says is lost.',
});

const requestsToApiServer = (failures: Shape, target = replica()) =>
  series(prometheus.prometheus_sd_kubernetes_failures_total, target, failures);
const discoveryFails = (times: number): Firing => ({
  labels: { pod: 'prometheus-0', service: 'prometheus' },
  summary: 'prometheus-0 cannot ask the API server for its targets',
  description: `New pods are not scraped; ${times} requests failed in the last 5m.`,
});

export const prometheusPartScenarios: ScenarioTable<
  'PrometheusStorageFailing' | 'PrometheusScrapesRefused' | 'PrometheusDiscoveryFailing'
> = {
  PrometheusStorageFailing: {
    fires: {
      ...forEach(storageFailures, (failing) => ({
        // What happened in the beginning is forgotten.
        series: counters(storageFailures, failing, until(minutes(1), hold(0), until(minutes(94), hold(1), hold(2)))),
        firing: [storageFails(1)],
      })),
      'a quarter of an hour after it failed': {
        series: counters(
          storageFailures,
          'prometheus_tsdb_reloads_failures_total',
          until(minutes(10), hold(0), hold(1)),
        ),
        lasts: minutes(26),
        firing: [storageFails(1)],
      },
      'when it goes on after the pod was moved': {
        series: [
          ...counters(
            storageFailures,
            'prometheus_tsdb_compactions_failed_total',
            until(minutes(150), until(minutes(60), hold(0), hold(1)), never),
          ),
          ...counters(
            storageFailures,
            'prometheus_tsdb_compactions_failed_total',
            until(minutes(150), never, until(minutes(5), hold(0), hold(1))),
            replica(0, 2),
          ),
        ],
        firing: [storageFails(2)],
      },
    },
    silent: {
      'while nothing fails': { series: counters(storageFailures, 'none', hold(0)) },
    },
  },
  PrometheusScrapesRefused: {
    fires: {
      ...forEach(refusals, (failing) => ({
        series: counters(refusals, failing, bursts(minutes(14))),
        firing: [scrapesRefused(1)],
      })),
      'when it goes on after the pod was moved': {
        series: [
          ...counters(
            refusals,
            'prometheus_target_scrapes_exceeded_sample_limit_total',
            until(minutes(30), bursts(minutes(14)), never),
          ),
          ...counters(
            refusals,
            'prometheus_target_scrapes_exceeded_sample_limit_total',
            until(minutes(30), never, until(minutes(1), hold(0), hold(1))),
            replica(0, 2),
          ),
        ],
        firing: [scrapesRefused(2)],
      },
    },
    silent: {
      'while none is refused': { series: counters(refusals, 'none', hold(0)) },
      'when one is refused now and then': {
        series: counters(refusals, 'prometheus_target_scrapes_sample_out_of_order_total', bursts(minutes(16))),
        lasts: minutes(50),
      },
    },
  },
  PrometheusDiscoveryFailing: {
    fires: {
      'when requests fail again and again': {
        series: [requestsToApiServer(bursts(often)), requestsToApiServer(hold(0), replica(1, 2))],
        firing: [discoveryFails(1)],
      },
      'when it goes on after the pod was moved': {
        series: [requestsToApiServer(atOldAddress), requestsToApiServer(atNewAddress, replica(0, 2))],
        firing: [discoveryFails(2)],
      },
    },
    silent: {
      'while they succeed': { series: [requestsToApiServer(hold(0))] },
      'when one fails now and then': { series: [requestsToApiServer(bursts(seldom))], lasts: minutes(50) },
      'when they fail for some minutes': {
        series: [requestsToApiServer(until(minutes(9.5), bursts(minutes(1)), hold(9)))],
      },
    },
  },
};

import { Duration } from 'cdk8s';
import { prometheus } from '../catalog/prometheus';
import { maxBy, minBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { labelFrom, plus, ratio } from '../query/promql/operators';
import { increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { legend, plot, tellsOf, type Signal } from './signal';

// What the replicas of Prometheus say about themselves. Each scrapes and evaluates everything by itself.

// As far back as the alerts look.
const fiveMinutes = Duration.minutes(5);
const aQuarter = Duration.minutes(15);
/** Compaction runs every two hours. */
export const compaction = Duration.hours(3);

const loaded: Signal['states'] = { 0: { text: 'rejected', is: 'bad' }, 1: { text: 'loaded', is: 'good' } };

export const configurationLoaded: Signal = {
  title: 'Configuration',
  description:
    'Whether every Prometheus runs the configuration and the rules that it was given last. With a bad configuration the old one still runs, but a restart would fail: correct the configuration first.',
  unit: 'boolean',
  queries: [plot(minBy(select(prometheus.prometheus_config_last_reload_successful)), legend`configuration`)],
  watchedBy: [tellsOf('PrometheusConfigRejected')],
  states: loaded,
};

export const configurationByPod: Signal = {
  title: 'Configuration by replica',
  description:
    'Whether each Prometheus accepted the configuration and the rules that it was given last. With a bad configuration the old one still runs, but a restart would fail: its log names the faulty line.',
  unit: 'boolean',
  queries: [plot(maxBy(select(prometheus.prometheus_config_last_reload_successful), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('PrometheusConfigRejected')],
  states: loaded,
};

/** Evaluations that failed, or that were left out since the one before took too long. */
export const failedRules = (window: Duration | '$__range'): Vector<'pod' | 'rule_group'> =>
  sumBy(
    plus(
      increase(select(prometheus.prometheus_rule_evaluation_failures_total), window),
      increase(select(prometheus.prometheus_rule_group_iterations_missed_total), window),
    ),
    'pod',
    'rule_group',
  );

/** Of the file and the group that it is told by, the group. */
const groupOf = <L extends string>(vector: Vector<L | 'rule_group'>): Vector<L | 'rule_group' | 'group'> =>
  labelFrom(vector, 'group', 'rule_group', '.*;(.*)');

export const rulesFailed: Signal = {
  title: 'Rules failing',
  description:
    'Evaluations of rules that failed or were skipped in the time shown. 0 is good. At each of them alerts could not fire, and recorded series have a gap.',
  unit: 'events',
  queries: [plot(sumBy(failedRules('$__range')), legend`failed`)],
  watchedBy: [tellsOf('PrometheusRulesFailing')],
  limits: { bad: 'above', red: 1 },
};

export const ruleFailures: Signal = {
  title: 'Failed evaluations of rules',
  description:
    'Evaluations of rules that failed or were skipped within five minutes, by group, on the worst replica. 0 is good. The log of Prometheus names the rule and the reason.',
  unit: 'events',
  queries: [plot(maxBy(groupOf(failedRules(fiveMinutes)), 'group'), legend`${'group'}`)],
  watchedBy: [tellsOf('PrometheusRulesFailing')],
};

export const ruleDuration: Signal = {
  title: 'Time of rules',
  description:
    'Time to evaluate each group of rules, as a share of its interval, on the slowest replica. At 100 % evaluations are skipped: make its queries cheaper, or split the group.',
  unit: 'ratio',
  queries: [
    plot(
      maxBy(
        groupOf(
          ratio(
            maxBy(select(prometheus.prometheus_rule_group_last_duration_seconds), 'pod', 'rule_group'),
            maxBy(select(prometheus.prometheus_rule_group_interval_seconds), 'pod', 'rule_group'),
          ),
        ),
        'group',
      ),
      legend`${'group'}`,
    ),
  ],
  watchedBy: [tellsOf('PrometheusRulesFailing')],
  limits: { bad: 'above', red: 1 },
};

const appended = sumBy(rate(select(prometheus.prometheus_tsdb_head_samples_appended_total), '$__rate_interval'), 'pod');

export const samplesAppended: Signal = {
  title: 'Samples written',
  description:
    'Samples that each Prometheus stores per second. It should be steady and the same on all replicas. One at 0 gets no new data, and neither do its alerts.',
  unit: 'samples/s',
  queries: [plot(appended, legend`${'pod'}`)],
  watchedBy: [tellsOf('PrometheusNotIngesting')],
};

export const samplesNow: Signal = {
  title: 'Samples',
  description:
    'Samples that a Prometheus stores per second, on the replica with the most. Each replica stores all of them by itself.',
  unit: 'samples/s',
  queries: [plot(maxBy(appended), legend`samples`)],
  watchedBy: [tellsOf('PrometheusNotIngesting')],
};

const series = select(prometheus.prometheus_tsdb_head_series);

export const headSeries: Signal = {
  title: 'Series in memory',
  description:
    'Series that each Prometheus holds in memory. It follows the number of pods. A steady rise without more pods is a label with unbounded values.',
  unit: 'series',
  queries: [plot(maxBy(series, 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('SeriesChurnHigh')],
};

export const seriesNow: Signal = {
  title: 'Series',
  description:
    'Series that a Prometheus holds in memory, on the replica with the most. Each replica holds all of them by itself, and its memory grows with them.',
  unit: 'series',
  queries: [plot(maxBy(series), legend`series`)],
  watchedBy: [tellsOf('SeriesChurnHigh')],
};

/** What each Prometheus refused in the last quarter of an hour, by what was wrong with it. */
export const refusals = {
  tooManySamples: increase(select(prometheus.prometheus_target_scrapes_exceeded_sample_limit_total), aQuarter),
  tooManyBytes: increase(select(prometheus.prometheus_target_scrapes_exceeded_body_size_limit_total), aQuarter),
  tooManyTargets: increase(select(prometheus.prometheus_target_scrape_pool_exceeded_target_limit_total), aQuarter),
  tooManyLabels: increase(select(prometheus.prometheus_target_scrape_pool_exceeded_label_limits_total), aQuarter),
  sentTwice: increase(select(prometheus.prometheus_target_scrapes_sample_duplicate_timestamp_total), aQuarter),
  tooLate: increase(select(prometheus.prometheus_target_scrapes_sample_out_of_order_total), aQuarter),
};

export const refusedScrapes: Signal = {
  title: 'Scrapes refused',
  description:
    'Scrapes and samples that were refused in the last 15 minutes, by reason. All should be 0. What a target offers beyond that is lost: fix the target or raise its limit.',
  unit: 'events',
  queries: [
    plot(sumBy(refusals.tooManySamples), legend`too many samples`),
    plot(sumBy(refusals.tooManyBytes), legend`too many bytes`),
    plot(sumBy(refusals.tooManyTargets), legend`too many targets`),
    plot(sumBy(refusals.tooManyLabels), legend`too many or too long labels`),
    plot(sumBy(refusals.sentTwice), legend`sent twice`),
    plot(sumBy(refusals.tooLate), legend`too late`),
  ],
  watchedBy: [tellsOf('PrometheusScrapesRefused')],
};

/** Requests for targets that failed at the API server within five minutes, by replica. */
export const failedDiscoveries = sumBy(
  increase(select(prometheus.prometheus_sd_kubernetes_failures_total), fiveMinutes),
  'pod',
);

export const discoveryFailures: Signal = {
  title: 'Failures of discovery',
  description:
    'Requests for targets that failed at the API server within five minutes, by replica. 0 is good. While they fail, new pods are not scraped.',
  unit: 'errors',
  queries: [plot(failedDiscoveries, legend`${'pod'}`)],
  watchedBy: [tellsOf('PrometheusDiscoveryFailing')],
};

/** What went wrong with the storage of each Prometheus in that time. */
export const storageFaults = {
  compactions: increase(select(prometheus.prometheus_tsdb_compactions_failed_total), compaction),
  blocks: increase(select(prometheus.prometheus_tsdb_reloads_failures_total), compaction),
  writeAheadLog: increase(select(prometheus.prometheus_tsdb_wal_corruptions_total), compaction),
};

export const storageFailures: Signal = {
  title: 'Failures of storage',
  description:
    'Failed compactions, blocks that could not be loaded, and corruptions of the write-ahead log, within three hours. All should be 0. A full or broken volume is the usual cause.',
  unit: 'errors',
  queries: [
    plot(sumBy(storageFaults.compactions), legend`compactions failed`),
    plot(sumBy(storageFaults.blocks), legend`blocks not loaded`),
    plot(sumBy(storageFaults.writeAheadLog), legend`write-ahead log corrupt`),
  ],
  watchedBy: [tellsOf('PrometheusStorageFailing')],
};

const blocks = select(prometheus.prometheus_tsdb_storage_blocks_bytes);

export const blockBytes: Signal = {
  title: 'Blocks on disk',
  description:
    'Disk space that the finished blocks of each Prometheus take. The first block is finished after about two hours. It grows until the retention is reached, and should then stay level.',
  unit: 'bytes',
  queries: [plot(maxBy(blocks, 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('PrometheusStorageFailing')],
};

export const blockBytesNow: Signal = {
  title: 'Metrics on disk',
  description:
    'Disk space that the finished blocks of all replicas of Prometheus take together. It grows until the retention is reached, and should then stay level.',
  unit: 'bytes',
  queries: [plot(sumBy(blocks), legend`blocks`)],
};

export const prometheusMemory: Signal = {
  title: 'Memory of Prometheus',
  description:
    'Memory that each Prometheus holds. It follows the series in memory, with peaks for heavy queries and at each compaction.',
  unit: 'bytes',
  queries: [plot(maxBy(select(prometheus.process_resident_memory_bytes), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('HighMemoryUsage')],
};

export const prometheusCpu: Signal = {
  title: 'CPU of Prometheus',
  description:
    'Cores that each Prometheus uses for scrapes, rules and queries. A step that no deployment explains is most likely a heavy query or dashboard.',
  unit: 'cores',
  queries: [
    plot(sumBy(rate(select(prometheus.process_cpu_seconds_total), '$__rate_interval'), 'pod'), legend`${'pod'}`),
  ],
};

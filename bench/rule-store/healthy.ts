import type { Metric } from '../../lib/catalog/metric';
import type { Labels } from './pods';

// Values over time of a cluster in which nothing is wrong, so that no alert holds.

/** Events per second, of one pod; a counter that is not here stands still, as those of failures do. */
const perSecond: Readonly<Record<string, (labels: Labels) => number>> = {
  http_requests_total: ({ status }) => (status === '200' ? 0.5 : status?.startsWith('5') ? 0.000_02 : 0.005),
  http_request_duration_seconds: () => 0.515,
  celery_tasks_total: ({ state }) => (state === 'SUCCESS' ? 0.1 : 0.000_01),
  celery_task_duration_seconds: () => 0.1,
  celery_task_queue_delay_seconds: () => 0.2,
  scaling_decisions_total: ({ action }) => (action === 'no_change' ? 0.05 : 0.0003),
  scaling_decision_duration_seconds: () => 0.05,
  node_cpu_seconds_total: ({ mode }) => (mode === 'idle' ? 0.6 : 0.05),
  loki_request_duration_seconds: ({ status_code }) => (status_code === '200' ? 2 : 0),
  prometheus_tsdb_head_samples_appended_total: () => 5000,
  prometheus_notifications_sent_total: () => 0.1,
  alertmanager_notifications_total: () => 0.01,
  fluentbit_input_records_total: () => 200,
  fluentbit_output_proc_records_total: () => 200,
  otelcol_receiver_accepted_spans_total: () => 300,
  otelcol_exporter_sent_spans_total: () => 300,
};

/** A gauge that is not here is 1: so are those that say that something is as it should be. */
const levels: Readonly<Record<string, (labels: Labels) => number>> = {
  scrape_series_added: () => 0,
  anomaly_detected: () => 0,
  db_connections_active: () => 10,
  db_connections_max: () => 50,
  scaling_prediction_accuracy: () => 0.95,
  pg_settings_max_connections: () => 1000,
  node_timex_offset_seconds: () => 0.000_1,
  alertmanager_cluster_members: () => 3,
  kube_pod_status_ready: ({ condition }) => Number(condition === 'true'),
  kube_pod_status_phase: ({ phase }) => Number(phase === 'Running'),
  kube_node_status_condition: ({ condition, status }) => Number((condition === 'Ready') === (status === 'true')),
  fluentbit_output_chunk_available_capacity_percent: () => 90,
  'slo:sli_errors:rate2m': () => 0,
  'slo:sli_events:rate2m': () => 100,
};

/** Bytes that are in use, of a gibibyte each. */
const used = /_avail|Available|usage|working_set/;
const gibibyte = 2 ** 30;

/** Share of what a histogram counts that is within a bound: most of it within a fraction of the middle bucket. */
const shareWithin = ({ buckets }: Metric, bound: number): number => {
  const middle = buckets[Math.floor(buckets.length / 2)] ?? 1;
  return 1 - Math.exp((-4 * bound) / middle);
};

export type Values = (seconds: number) => number;

/** The value of a series of a metric at a time; two of them are never quite the same. */
export const valuesOf = (metric: Metric, labels: Labels, now: number, phase: number): Values => {
  const { name, type, unit } = metric;
  if (type === 'gauge') {
    if (unit === 'timestamp') return () => now - 600;
    if (unit === 'bytes' && used.test(name))
      return (seconds) => Math.round(gibibyte * (0.5 + 0.05 * Math.sin(seconds / 600 + 7 * phase)));
    const level = unit === 'bytes' ? gibibyte : (levels[name]?.(labels) ?? 1);
    return () => level;
  }
  const rate = perSecond[name]?.(labels) ?? 0;
  const { le } = labels;
  const share = le === undefined || le === '+Inf' ? 1 : shareWithin(metric, Number(le));
  // Counted since a day ago, which is long before the first sample of all but the recorded series.
  return (seconds) => Math.floor((seconds - now + 86_400) * rate * share + phase);
};

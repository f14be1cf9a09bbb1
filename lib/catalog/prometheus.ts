import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

/** What Prometheus says about itself. */
export const prometheus = exposedBy('prometheus', {
  prometheus_config_last_reload_successful: gauge({
    help: '1 when the configuration on disk is the one in use.',
    unit: 'boolean',
    origin: 'addition',
  }),
  prometheus_sd_kubernetes_failures_total: counter({
    help: 'Requests to the API server that failed.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_tsdb_head_series: gauge({ help: 'Series that are being written.', unit: 'series', origin: 'addition' }),
  prometheus_tsdb_head_samples_appended_total: counter({
    help: 'Samples written.',
    unit: 'samples',
    origin: 'addition',
    labels: { type: oneOf('float', 'histogram') },
  }),
  prometheus_tsdb_storage_blocks_bytes: gauge({
    help: 'Disk that finished blocks take.',
    unit: 'bytes',
    origin: 'addition',
  }),
  prometheus_tsdb_compactions_failed_total: counter({
    help: 'Compactions that failed.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_tsdb_reloads_failures_total: counter({
    help: 'Times that blocks could not be loaded.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_tsdb_wal_corruptions_total: counter({
    help: 'Corruptions of the write-ahead log.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_target_scrapes_exceeded_sample_limit_total: counter({
    help: 'Scrapes refused because of too many samples.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_target_scrapes_exceeded_body_size_limit_total: counter({
    help: 'Scrapes refused because of their size.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_target_scrape_pool_exceeded_target_limit_total: counter({
    help: 'Pools refused because of too many targets.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_target_scrape_pool_exceeded_label_limits_total: counter({
    help: 'Scrapes refused because of their labels.',
    unit: 'errors',
    origin: 'addition',
  }),
  prometheus_target_scrapes_sample_duplicate_timestamp_total: counter({
    help: 'Samples that came twice for one time.',
    unit: 'samples',
    origin: 'addition',
  }),
  prometheus_target_scrapes_sample_out_of_order_total: counter({
    help: 'Samples that came too late.',
    unit: 'samples',
    origin: 'addition',
  }),
  prometheus_rule_evaluation_failures_total: counter({
    help: 'Rules that could not be evaluated.',
    unit: 'errors',
    origin: 'addition',
    labels: { rule_group: upTo(100) },
  }),
  prometheus_rule_group_iterations_missed_total: counter({
    help: 'Evaluations skipped because the last one took too long.',
    unit: 'events',
    origin: 'addition',
    labels: { rule_group: upTo(100) },
  }),
  prometheus_rule_group_last_duration_seconds: gauge({
    help: 'Time of the last evaluation.',
    unit: 'seconds',
    origin: 'addition',
    labels: { rule_group: upTo(100) },
  }),
  prometheus_rule_group_interval_seconds: gauge({
    help: 'Time between two evaluations.',
    unit: 'seconds',
    origin: 'addition',
    labels: { rule_group: upTo(100) },
  }),
  prometheus_notifications_sent_total: counter({
    help: 'Alerts that were sent, repetitions included.',
    unit: 'alerts',
    origin: 'addition',
    labels: { alertmanager: upTo(10) },
  }),
  prometheus_notifications_errors_total: counter({
    help: 'Alerts that an Alertmanager did not take.',
    unit: 'alerts',
    origin: 'addition',
    labels: { alertmanager: upTo(10) },
  }),
  prometheus_notifications_dropped_total: counter({
    help: 'Alerts that were given up before they were sent.',
    unit: 'alerts',
    origin: 'addition',
    labels: { alertmanager: upTo(10) },
  }),
  process_resident_memory_bytes: gauge({ help: 'Memory that Prometheus holds.', unit: 'bytes', origin: 'addition' }),
  process_cpu_seconds_total: counter({
    help: 'Processor time that Prometheus used.',
    unit: 'seconds',
    origin: 'addition',
  }),
});

import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge, histogram } from './metric';

/** What Loki says about itself. */
export const loki = exposedBy('loki', {
  loki_request_duration_seconds: histogram({
    help: 'Time of a request.',
    unit: 'seconds',
    origin: 'addition',
    labels: {
      method: upTo(5, 'GET', 'POST', 'gRPC'),
      route: upTo(80),
      status_code: upTo(20),
      ws: oneOf('true', 'false'),
    },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100],
  }),
  loki_panic_total: counter({ help: 'Crashes that were caught.', unit: 'errors', origin: 'addition' }),
  loki_distributor_lines_received_total: counter({
    help: 'Lines that were pushed.',
    unit: 'lines',
    origin: 'addition',
  }),
  loki_distributor_bytes_received_total: counter({
    help: 'Bytes that were pushed.',
    unit: 'bytes',
    origin: 'addition',
  }),
  loki_discarded_samples_total: counter({
    help: 'Lines that were refused; nothing else tells of most of them.',
    unit: 'lines',
    origin: 'addition',
    labels: { reason: upTo(30, 'too_far_behind', 'rate_limited', 'stream_limit') },
  }),
  loki_ingester_memory_streams: gauge({ help: 'Streams that are written.', unit: 'streams', origin: 'addition' }),
  loki_ingester_memory_chunks: gauge({ help: 'Chunks that are not closed.', unit: 'chunks', origin: 'addition' }),
  loki_ingester_chunks_flush_failures_total: counter({
    help: 'Chunks that could not be stored.',
    unit: 'errors',
    origin: 'addition',
  }),
  loki_ingester_wal_disk_full_failures_total: counter({
    help: 'Writes to the log ahead that failed on a full disk.',
    unit: 'errors',
    origin: 'addition',
  }),
  loki_ingester_wal_disk_usage_percent: gauge({
    help: 'Share of the volume in use, 0 to 1; beyond the threshold lines are refused.',
    unit: 'ratio',
    origin: 'addition',
  }),
  loki_boltdb_shipper_compactor_running: gauge({
    help: '1 on the one replica that compacts.',
    unit: 'boolean',
    origin: 'addition',
  }),
  loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds: gauge({
    help: 'When the index was last compacted.',
    unit: 'timestamp',
    origin: 'addition',
  }),
  loki_compactor_apply_retention_last_successful_run_timestamp_seconds: gauge({
    help: 'When old lines were last deleted.',
    unit: 'timestamp',
    origin: 'addition',
  }),
  process_start_time_seconds: gauge({ help: 'When Loki was started.', unit: 'timestamp', origin: 'addition' }),
});

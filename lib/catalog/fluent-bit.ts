import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

/** Inputs and outputs, and under names of its own what was found on the disk at start. */
const name = upTo(6, 'application', 'platform');

/** What the log agent of each node says about itself. */
export const fluentBit = exposedBy('fluent-bit', {
  fluentbit_input_records_total: counter({
    help: 'Lines that were read.',
    unit: 'lines',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_input_bytes_total: counter({
    help: 'Bytes that were read.',
    unit: 'bytes',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_output_proc_records_total: counter({
    help: 'Lines that Loki took.',
    unit: 'lines',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_output_dropped_records_total: counter({
    help: 'Lines that were given up: refused by Loki, or pushed out of a full buffer.',
    unit: 'lines',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_output_errors_total: counter({
    help: 'Chunks that Loki refused for good.',
    unit: 'errors',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_output_retries_total: counter({
    help: 'Pushes that were tried again.',
    unit: 'events',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_output_retries_failed_total: counter({
    help: 'Chunks that were given up after their last try.',
    unit: 'errors',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_output_chunk_available_capacity_percent: gauge({
    help: 'Free part of the buffer, 0 to 100.',
    unit: 'percent',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_filter_drop_records_total: counter({
    help: 'Lines that the profile wants dropped.',
    unit: 'lines',
    origin: 'addition',
    labels: { name: upTo(10) },
  }),
  fluentbit_input_ingestion_paused: gauge({
    help: '1 while an input does not read.',
    unit: 'boolean',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_input_long_line_truncated_total: counter({
    help: 'Lines that were cut; absent until the first.',
    unit: 'lines',
    origin: 'addition',
    labels: { name },
  }),
  fluentbit_storage_fs_chunks: gauge({ help: 'Chunks on disk.', unit: 'chunks', origin: 'addition' }),
  fluentbit_logger_logs_total: counter({
    help: 'Messages of its own.',
    unit: 'events',
    origin: 'addition',
    labels: { message_type: oneOf('error', 'warn', 'info', 'debug', 'trace') },
  }),
});

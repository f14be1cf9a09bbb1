import { Duration } from 'cdk8s';
import { fluentBit } from '../catalog/fluent-bit';
import { maxBy, minBy, sumBy } from '../query/promql/aggregate';
import { anyOf } from '../query/promql/matcher';
import { times } from '../query/promql/operators';
import { increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesBelow, legend, plot, tellsOf, type Signal } from './signal';

// Whether the log agent of each node reads what is written there, and gets rid of it.

/** As far back as the alert looks. */
const aQuarter = Duration.minutes(15);

export const linesShipped: Signal = {
  title: 'Lines read and shipped',
  description:
    'Lines per second that the agents read, leave out because the profile says so, and ship to Loki. Read should equal the sum of the other two. Shipped falls behind while Loki does not take the lines.',
  unit: 'lines/s',
  queries: [
    plot(sumBy(rate(select(fluentBit.fluentbit_input_records_total), '$__rate_interval')), legend`read`),
    plot(sumBy(rate(select(fluentBit.fluentbit_filter_drop_records_total), '$__rate_interval')), legend`left out`),
    plot(sumBy(rate(select(fluentBit.fluentbit_output_proc_records_total), '$__rate_interval')), legend`shipped`),
  ],
  watchedBy: [tellsOf('LogsNotShipped')],
};

export const linesShippedByNode: Signal = {
  title: 'Lines shipped by node',
  description:
    'Lines per second that each node ships to Loki. When one node is at 0 while others ship, its agent cannot reach Loki. When all are at 0, Loki is down.',
  unit: 'lines/s',
  queries: [
    plot(
      sumBy(rate(select(fluentBit.fluentbit_output_proc_records_total), '$__rate_interval'), 'node'),
      legend`${'node'}`,
    ),
  ],
  watchedBy: [tellsOf('LogsNotShipped')],
};

export const bytesReadByNode: Signal = {
  title: 'Bytes read by node',
  description:
    'Bytes of log lines per second that the agent of each node reads. A node with far more than the others has a pod that logs too much.',
  unit: 'bytes/s',
  queries: [
    plot(sumBy(rate(select(fluentBit.fluentbit_input_bytes_total), '$__rate_interval'), 'node'), legend`${'node'}`),
  ],
};

export const linesLost: Signal = {
  title: 'Lines lost by node',
  description:
    'Lines that the agent of each node lost in the last 15 minutes: refused by Loki, or pushed out of a full buffer. 0 is good. Find out why Loki does not take them.',
  unit: 'lines',
  queries: [
    plot(
      sumBy(increase(select(fluentBit.fluentbit_output_dropped_records_total), aQuarter), 'node'),
      legend`${'node'}`,
    ),
  ],
  watchedBy: [tellsOf('LogLinesLost')],
  limits: { bad: 'above', orange: 1 },
};

const freeBuffer = times(select(fluentBit.fluentbit_output_chunk_available_capacity_percent), 0.01);

export const bufferFreeNow: Signal = {
  title: 'Log buffer left',
  description:
    'Free share of the log buffer, on the node with the least left. Near 100 % is good. It shrinks while Loki does not take lines. When it is full, the oldest lines are lost.',
  unit: 'ratio',
  queries: [plot(minBy(freeBuffer), legend`left`)],
  watchedBy: [firesBelow('LogBufferFilling')],
};

export const bufferFree: Signal = {
  title: 'Log buffer left by node',
  description:
    'Free share of the log buffer on the disk of each node. Near 100 % is good. Below the dashed line, fix what keeps lines from Loki before the buffer is full and the oldest lines are lost.',
  unit: 'ratio',
  queries: [plot(minBy(freeBuffer, 'node'), legend`${'node'}`)],
  watchedBy: [firesBelow('LogBufferFilling')],
};

export const bufferedChunks: Signal = {
  title: 'Chunks on disk',
  description:
    'Chunks of log lines that wait on the disk of each node. A few are normal. A steady rise means that Loki takes less than is written.',
  unit: 'chunks',
  queries: [plot(maxBy(select(fluentBit.fluentbit_storage_fs_chunks), 'node'), legend`${'node'}`)],
  watchedBy: [tellsOf('LogBufferFilling')],
};

export const pushFailures: Signal = {
  title: 'Pushes that failed',
  description:
    'Pushes per second that were tried again, given up after the last try, or refused by Loki for good. Retries while Loki restarts are normal. The other two lose lines.',
  unit: 'events/s',
  queries: [
    plot(sumBy(rate(select(fluentBit.fluentbit_output_retries_total), '$__rate_interval')), legend`tried again`),
    plot(sumBy(rate(select(fluentBit.fluentbit_output_retries_failed_total), '$__rate_interval')), legend`given up`),
    plot(sumBy(rate(select(fluentBit.fluentbit_output_errors_total), '$__rate_interval')), legend`refused`),
  ],
  watchedBy: [tellsOf('LogsNotShipped'), tellsOf('LogLinesLost')],
};

export const pausedInputs: Signal = {
  title: 'Reading of log files',
  description:
    'Whether the agent of each node reads its log files. It pauses while its buffer is full. The files wait, but lines are lost when a file is rotated away before the agent goes on.',
  unit: 'boolean',
  queries: [plot(maxBy(select(fluentBit.fluentbit_input_ingestion_paused), 'node'), legend`${'node'}`)],
  watchedBy: [tellsOf('LogBufferFilling')],
  states: { 0: { text: 'reads', is: 'good' }, 1: { text: 'paused', is: 'bad' } },
};

export const agentMessages: Signal = {
  title: 'Complaints of the log agent',
  description:
    'Errors and warnings per second that the agents log about themselves, by node. Near 0 is good. Otherwise read the log of that agent.',
  unit: 'events/s',
  queries: [
    plot(
      sumBy(
        rate(
          select(fluentBit.fluentbit_logger_logs_total, { message_type: anyOf('error', 'warn') }),
          '$__rate_interval',
        ),
        'node',
        'message_type',
      ),
      legend`${'node'}: ${'message_type'}`,
    ),
  ],
};

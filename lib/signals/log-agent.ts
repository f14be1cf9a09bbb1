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
    'Lines per second that the agents read, leave out since the profile wants so, and hand to Loki. Read should be the sum of the other two; shipped falls behind while Loki does not take them.',
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
    'Lines per second that reach Loki from each node. One node at 0 while others ship has an agent that cannot reach Loki; all at 0 is Loki itself.',
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
    'Bytes of log lines per second that the agent of each node reads. A node far above the others has a pod that writes too much.',
  unit: 'bytes/s',
  queries: [
    plot(sumBy(rate(select(fluentBit.fluentbit_input_bytes_total), '$__rate_interval'), 'node'), legend`${'node'}`),
  ],
};

export const linesLost: Signal = {
  title: 'Lines lost',
  description:
    'Lines that the agent of each node gave up within a quarter of an hour: refused by Loki, or pushed out of a full buffer. It belongs at 0.',
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
    'Free share of the log buffer of the node that has the least left. Near 100 % is good; lines pile up while Loki does not take them, and without room the oldest are lost.',
  unit: 'ratio',
  queries: [plot(minBy(freeBuffer), legend`left`)],
  watchedBy: [firesBelow('LogBufferFilling')],
};

export const bufferFree: Signal = {
  title: 'Log buffer left by node',
  description:
    'Free share of the buffer on the disk of each node. Near 100 % is good; below the dashed line, mend what keeps lines from Loki before the oldest are given up.',
  unit: 'ratio',
  queries: [plot(minBy(freeBuffer, 'node'), legend`${'node'}`)],
  watchedBy: [firesBelow('LogBufferFilling')],
};

export const bufferedChunks: Signal = {
  title: 'Chunks on disk',
  description:
    'Chunks of log lines that wait on the disk of each node. A few are normal; a line that climbs means that Loki takes less than is written.',
  unit: 'chunks',
  queries: [plot(maxBy(select(fluentBit.fluentbit_storage_fs_chunks), 'node'), legend`${'node'}`)],
  watchedBy: [tellsOf('LogBufferFilling')],
};

export const pushFailures: Signal = {
  title: 'Pushes that failed',
  description:
    'Pushes per second that were tried again, given up after the last try, or refused by Loki for good. Retries while Loki restarts are fine; the others lose lines.',
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
    'Whether the agent of each node reads. It pauses while its buffer has no room; the files wait, but are lost when they are rotated away before it goes on.',
  unit: 'boolean',
  queries: [plot(maxBy(select(fluentBit.fluentbit_input_ingestion_paused), 'node'), legend`${'node'}`)],
  watchedBy: [tellsOf('LogBufferFilling')],
  states: { 0: { text: 'reads', is: 'good' }, 1: { text: 'paused', is: 'bad' } },
};

export const agentMessages: Signal = {
  title: 'Complaints of the log agent',
  description:
    'Errors and warnings per second that the agents themselves log. Near 0 is good; the log of the agent says what it lacks.',
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

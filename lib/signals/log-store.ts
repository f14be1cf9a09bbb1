import { Duration } from 'cdk8s';
import { loki } from '../catalog/loki';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector, Window } from '../query/promql/expression';
import { re } from '../query/promql/matcher';
import { above, or, ratio, secondsSince } from '../query/promql/operators';
import { appearedWithin, histogramQuantile, increase, rate } from '../query/promql/range';
import { countOf, select } from '../query/promql/select';
import { orNoShareOf } from './share';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// Whether Loki takes lines, keeps them, answers, and deletes the old ones.

/** As far back as the alerts look. */
const aQuarter = Duration.minutes(15);

/** What people and the log agent ask of it; the replicas ask each other by other routes. */
const lokiApi = { route: re('loki_api_v1_(push|query|query_range|labels|label_name_values|series)') } as const;

/** Requests per second, by route. */
export const lokiRequestRate = (window: Window): Vector<'route'> =>
  sumBy(rate(countOf(select(loki.loki_request_duration_seconds, lokiApi)), window), 'route');

const failedRequests = countOf(select(loki.loki_request_duration_seconds, { ...lokiApi, status_code: re('5..') }));

/** Share of the requests that ended in an error of Loki's own, 0 to 1, by route. */
export const failedRequestRatio = (window: Window): Vector<'route'> =>
  ratio(sumBy(rate(failedRequests, window), 'route'), lokiRequestRate(window));

/** Time in seconds within which 99 % of the requests are answered, by route. */
export const lokiRequestDuration = (window: Window): Vector<'route'> =>
  histogramQuantile(0.99, rate(select(loki.loki_request_duration_seconds, lokiApi), window), 'route');

export const linesReceived: Signal = {
  title: 'Lines received',
  description:
    'Lines per second that each Loki receives. It follows what AutoServe does. At 0 while the log agents read lines, they cannot reach Loki.',
  unit: 'lines/s',
  queries: [
    plot(sumBy(rate(select(loki.loki_distributor_lines_received_total), '$__rate_interval'), 'pod'), legend`${'pod'}`),
  ],
  watchedBy: [tellsOf('LogsNotShipped')],
};

const bytesReceived = rate(select(loki.loki_distributor_bytes_received_total), '$__rate_interval');

export const logBytesReceived: Signal = {
  title: 'Bytes received',
  description:
    'Bytes of lines per second that each Loki receives, before compression. A step that no load explains is a service that logs too much.',
  unit: 'bytes/s',
  queries: [plot(sumBy(bytesReceived, 'pod'), legend`${'pod'}`)],
};

export const logBytesNow: Signal = {
  title: 'Log bytes',
  description: 'Bytes of lines per second that Loki receives, before compression. Its storage grows with them.',
  unit: 'bytes/s',
  queries: [plot(sumBy(bytesReceived), legend`lines`)],
};

/** The first of its reason begins a new series, which has risen from nothing. */
export const linesRefusedWithin = (window: Window): Vector<'reason'> => {
  const counter = select(loki.loki_discarded_samples_total);
  return sumBy(or(appearedWithin(counter, window), increase(counter, window)), 'reason');
};

export const linesRefused: Signal = {
  title: 'Lines refused',
  description:
    'Lines that Loki refused in the last 15 minutes, by reason. Those beyond a limit of rate or streams are mostly sent again. Those that are too old or too long are lost.',
  unit: 'lines',
  queries: [plot(linesRefusedWithin(aQuarter), legend`${'reason'}`)],
  watchedBy: [tellsOf('LokiLinesRefused')],
  emptyWhileWell: 'Loki has refused nothing.',
};

const streams = select(loki.loki_ingester_memory_streams);

export const activeStreams: Signal = {
  title: 'Streams in memory',
  description:
    'Streams that each Loki is writing: one for each container and its labels. It follows the number of pods. A steady rise without more pods is a label with unbounded values.',
  unit: 'streams',
  queries: [plot(maxBy(streams, 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('LokiLinesRefused')],
};

export const streamsNow: Signal = {
  title: 'Log streams',
  description:
    'Streams that the Loki with the most of them is writing: one for each container and its labels. A steady rise without more pods is a label with unbounded values.',
  unit: 'streams',
  queries: [plot(maxBy(streams), legend`streams`)],
};

export const openChunks: Signal = {
  title: 'Chunks in memory',
  description:
    'Chunks that each Loki has not yet stored. It should go up and down. A Loki where it only rises cannot store them.',
  unit: 'chunks',
  queries: [plot(maxBy(select(loki.loki_ingester_memory_chunks), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('LokiChunksNotStored')],
};

export const lokiRequests: Signal = {
  title: 'Requests to Loki',
  description:
    'Pushes of the log agents and queries of people per second, by route. Pushes should come steadily: when they stop, no lines arrive.',
  unit: 'requests/s',
  queries: [plot(lokiRequestRate('$__rate_interval'), legend`${'route'}`)],
  watchedBy: [tellsOf('LokiRequestsFailing')],
};

const failing = orNoShareOf(failedRequestRatio('$__rate_interval'), lokiRequestRate('$__rate_interval'));

export const lokiFailing: Signal = {
  title: 'Requests to Loki that fail',
  description:
    'Share of requests that Loki answered with 5xx, by route. 0 is good. While pushes fail, lines wait on the nodes.',
  unit: 'ratio',
  queries: [plot(failing, legend`${'route'}`)],
  watchedBy: [firesAbove('LokiRequestsFailing')],
};

export const lokiFailingNow: Signal = {
  title: 'Loki failing',
  description:
    'Share of requests that Loki answered with 5xx, of the worst route. 0 is good. Above its threshold lines wait on the nodes or queries fail: read the log of Loki.',
  unit: 'ratio',
  queries: [plot(maxBy(failing), legend`failed`)],
  watchedBy: [firesAbove('LokiRequestsFailing')],
};

export const lokiDuration: Signal = {
  title: 'Time of requests to Loki',
  description:
    'Latency of requests to Loki by route (p99). Well below the dashed line is good. Slow pushes make lines wait on the nodes. Slow queries ask for too much at a time, or lack memory.',
  unit: 'seconds',
  queries: [plot(lokiRequestDuration('$__rate_interval'), legend`${'route'}`)],
  watchedBy: [firesAbove('LokiRequestsSlow')],
};

export const lokiFailures: Signal = {
  title: 'Failures of Loki',
  description:
    'What failed in each Loki in the last 15 minutes: chunks that were not stored, writes to a full volume, crashes that were caught. All should be 0. Otherwise check its volume and read its log.',
  unit: 'errors',
  queries: [
    plot(
      sumBy(increase(select(loki.loki_ingester_chunks_flush_failures_total), aQuarter), 'pod'),
      legend`${'pod'}: not stored`,
    ),
    plot(
      sumBy(increase(select(loki.loki_ingester_wal_disk_full_failures_total), aQuarter), 'pod'),
      legend`${'pod'}: volume full`,
    ),
    plot(sumBy(increase(select(loki.loki_panic_total), aQuarter), 'pod'), legend`${'pod'}: crashed`),
  ],
  watchedBy: [tellsOf('LokiChunksNotStored'), tellsOf('LokiPanicked')],
};

export const lokiVolume: Signal = {
  title: 'Volume of Loki in use',
  description:
    'Share of the volume of each Loki that is in use, as Loki reports it. Near 100 % it refuses lines: enlarge the volume, or shorten the retention.',
  unit: 'ratio',
  queries: [plot(maxBy(select(loki.loki_ingester_wal_disk_usage_percent), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('LokiChunksNotStored'), tellsOf('VolumeAlmostFull')],
};

/** Seconds since any replica last did it; before the first time, which they tell as 0, since the last of them started. */
const sinceLast = <L extends string>(moments: Vector<L>): Vector<never> =>
  secondsSince(or(above(maxBy(moments), 0), maxBy(select(loki.process_start_time_seconds))));

export const lokiUpkeep: Signal = {
  title: 'Last upkeep of the log store',
  description:
    'Time since old lines were last deleted, and since the index was last compacted. Both should return to 0 regularly. Above the dashed line the store only grows: read the log of Loki. Before the first time it counts from the start of Loki.',
  unit: 'seconds',
  queries: [
    plot(
      sinceLast(select(loki.loki_compactor_apply_retention_last_successful_run_timestamp_seconds)),
      legend`retention`,
    ),
    plot(
      sinceLast(select(loki.loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds)),
      legend`compaction`,
    ),
  ],
  watchedBy: [firesAbove('LokiRetentionStalled')],
};

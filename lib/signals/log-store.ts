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
    'Lines per second that each Loki is sent. It follows what AutoServe does; at 0 while the log agents read, they cannot reach Loki.',
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
    'Bytes of lines per second that each Loki is sent, before it compresses them. A step that no load explains is a service that logs too much.',
  unit: 'bytes/s',
  queries: [plot(sumBy(bytesReceived, 'pod'), legend`${'pod'}`)],
};

export const logBytesNow: Signal = {
  title: 'Log lines',
  description: 'Bytes of lines per second that Loki is sent, before it compresses them.',
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
    'Lines that Loki refused within a quarter of an hour, and why. Those beyond a rate limit come again; too old, too long or too many streams means that they are lost.',
  unit: 'lines',
  queries: [plot(linesRefusedWithin(aQuarter), legend`${'reason'}`)],
  watchedBy: [tellsOf('LokiLinesRefused')],
  emptyWhileWell: 'Loki has refused nothing.',
};

const streams = select(loki.loki_ingester_memory_streams);

export const activeStreams: Signal = {
  title: 'Streams in memory',
  description:
    'Streams that each Loki is writing: one for each container and its labels. It follows the pods; a slope without more pods is a label whose values never end.',
  unit: 'streams',
  queries: [plot(maxBy(streams, 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('LokiLinesRefused')],
};

export const streamsNow: Signal = {
  title: 'Log streams',
  description: 'Streams that the Loki with the most of them is writing: one for each container and its labels.',
  unit: 'streams',
  queries: [plot(maxBy(streams), legend`streams`)],
};

export const openChunks: Signal = {
  title: 'Chunks in memory',
  description:
    'Chunks that each Loki has not yet stored. It should go up and down; one that only ever rises cannot store them.',
  unit: 'chunks',
  queries: [plot(maxBy(select(loki.loki_ingester_memory_chunks), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('LokiChunksNotStored')],
};

export const lokiRequests: Signal = {
  title: 'Requests to Loki',
  description: 'Pushes of the log agents and questions of people per second. Pushes come steadily.',
  unit: 'requests/s',
  queries: [plot(lokiRequestRate('$__rate_interval'), legend`${'route'}`)],
  watchedBy: [tellsOf('LokiRequestsFailing')],
};

const failing = orNoShareOf(failedRequestRatio('$__rate_interval'), lokiRequestRate('$__rate_interval'));

export const lokiFailing: Signal = {
  title: 'Requests to Loki that fail',
  description:
    'Share of requests that ended in an error of Loki’s own, by route. 0 is good; while pushes fail, lines wait on the nodes.',
  unit: 'ratio',
  queries: [plot(failing, legend`${'route'}`)],
  watchedBy: [firesAbove('LokiRequestsFailing')],
};

export const lokiFailingNow: Signal = {
  title: 'Loki failing',
  description: 'Share of requests that ended in an error of Loki’s own, of the route that fares worst. 0 is good.',
  unit: 'ratio',
  queries: [plot(maxBy(failing), legend`failed`)],
  watchedBy: [firesAbove('LokiRequestsFailing')],
};

export const lokiDuration: Signal = {
  title: 'Time of requests to Loki',
  description:
    'Time within which 99 % of the requests are answered, by route. Well below the dashed line is good. Slow pushes make lines wait on the nodes; slow questions ask for too much at a time, or lack memory.',
  unit: 'seconds',
  queries: [plot(lokiRequestDuration('$__rate_interval'), legend`${'route'}`)],
  watchedBy: [firesAbove('LokiRequestsSlow')],
};

export const lokiFailures: Signal = {
  title: 'Failures of Loki',
  description:
    'What went wrong in each Loki within a quarter of an hour: chunks that were not stored, writes that met a full volume, crashes that were caught. All belong at 0.',
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
    'Share of the volume of each Loki that is in use, as it sees it. Near full it refuses lines: enlarge the volume, or keep lines for less long.',
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
    'How long ago old lines were last deleted and the index was compacted. Both should come again and again; above the dashed line the store only grows. Before the first time it counts from the start of Loki.',
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

import { backend } from '../catalog/backend';
import { recorded } from '../catalog/recorded';
import { objectives } from '../catalog/objectives';
import { spanMetrics } from '../catalog/span-metrics';
import { whereAnyOf } from '../query/logql/filter';
import { pipe } from '../query/logql/lines';
import { select as selectLines } from '../query/logql/select';
import { matches } from '../query/logql/stages';
import { sumBy } from '../query/promql/aggregate';
import { anyOf, chosen } from '../query/promql/matcher';
import { minus } from '../query/promql/operators';
import { histogramQuantile, rate, recordedBuckets } from '../query/promql/range';
import { boundText, select } from '../query/promql/select';
import { shareOrNone } from './share';
import { exemplarsOf, legend, plot, showLines, tellsOf, type Signal } from './signal';
import { queries } from './span-metrics';

// How long the database takes to answer, as those who ask it see.

const bucket = recorded['backend:db_query_duration_seconds_bucket:rate5m'];
const buckets = recordedBuckets(select(bucket));

/** All queries lie below infinity. */
const all = { le: '+Inf' } as const;

export const queryDuration: Signal = {
  title: 'Query time',
  description:
    'Time within which half, 95 % and 99 % of the backend’s queries are answered. It should be level, and small beside the response time. When p99 alone rises, single queries wait for a lock or a disk; when p50 rises, the server is short of something. Each diamond is one query: follow it to its trace.',
  unit: 'seconds',
  queries: [
    plot(histogramQuantile(0.5, buckets), legend`p50`),
    plot(histogramQuantile(0.95, buckets), legend`p95`),
    plot(histogramQuantile(0.99, buckets), legend`p99`),
    exemplarsOf(
      histogramQuantile(
        0.95,
        rate(select(backend.db_query_duration_seconds, { namespace: chosen('environment') }), '$__rate_interval'),
      ),
      legend`p95 now`,
    ),
  ],
  watchedBy: [tellsOf('HighLatency')],
};

export const queryDurationNow: Signal = {
  title: 'Query time (p95)',
  description:
    'Time within which 95 % of the backend’s queries are answered now. It should be small beside the response time of the requests that wait for them.',
  unit: 'seconds',
  queries: [plot(histogramQuantile(0.95, buckets), legend`p95`)],
  watchedBy: [tellsOf('HighLatency')],
};

export const queryDurationByOperation: Signal = {
  title: 'Query time by operation (p95)',
  description:
    'Time within which 95 % of the queries of each kind are answered. Reads that slow down miss an index or the cache; writes that slow down wait for locks or for the disk.',
  unit: 'seconds',
  queries: [plot(histogramQuantile(0.95, buckets, 'operation'), legend`${'operation'}`)],
};

export const queryRateNow: Signal = {
  title: 'Queries per second',
  description: 'What the backend asks of the database now. Nothing at all means that it serves nobody.',
  unit: 'operations/s',
  queries: [plot(sumBy(select(bucket, all)), legend`queries`)],
};

export const queryRate: Signal = {
  title: 'Queries by operation',
  description:
    'What the backend asks of the database. It follows the requests; when it rises without them, some endpoint has begun to ask in a loop.',
  unit: 'operations/s',
  queries: [plot(sumBy(select(bucket, all), 'operation'), legend`${'operation'}`)],
};

/** A query that takes as long leaves its request no time for anything else. */
const slow: (typeof backend.db_query_duration_seconds.buckets)[number] = objectives['backend-latency'].withinSeconds;

const slowQueries = minus(
  sumBy(select(bucket, all), 'operation'),
  sumBy(select(bucket, { le: boundText(slow) }), 'operation'),
);

export const slowQueryRate: Signal = {
  title: 'Slow queries',
  description: `Queries that took longer than ${slow} s, all the time in which a whole request should be answered. Next to none is good; the traces below lead to them.`,
  unit: 'operations/s',
  queries: [plot(slowQueries, legend`${'operation'}`)],
  watchedBy: [tellsOf('HighLatency')],
};

export const slowQueryRatio: Signal = {
  title: 'Slow queries',
  description: `Share of queries that take longer than ${slow} s, all the time in which a whole request should be answered. It belongs near 0.`,
  unit: 'ratio',
  queries: [plot(shareOrNone(sumBy(slowQueries), sumBy(select(bucket, all))), legend`slow`)],
};

export const queryDurationSpread: Signal = {
  title: 'How query times spread',
  description:
    'How many queries took how long. One narrow band is good. A second band above it is a kind of query of its own, such as one without an index.',
  unit: 'seconds',
  queries: [plot(sumBy(select(bucket), 'le'), legend`${'le'}`)],
};

export const spanDuration: Signal = {
  title: 'Wait for an answer by service (p95)',
  description:
    'Time within which 95 % of the queries of each service are over, by their spans: with the wait for a connection, which the query time above lacks. Where the two part, the pool is too small or held for too long.',
  unit: 'milliseconds',
  queries: [
    plot(
      histogramQuantile(
        0.95,
        rate(select(spanMetrics.traces_span_metrics_duration_milliseconds, queries), '$__rate_interval'),
        'service_name',
      ),
      legend`${'service_name'}`,
    ),
  ],
  watchedBy: [tellsOf('DatabaseConnectionHigh')],
};

export const spanRate: Signal = {
  title: 'Queries by service',
  description:
    'Queries per second by the service that asks, as its spans tell: who makes the load of the database. A service that asks for more than its share has lost a cache or asks in a loop.',
  unit: 'operations/s',
  queries: [
    plot(
      sumBy(rate(select(spanMetrics.traces_span_metrics_calls_total, queries), '$__rate_interval'), 'service_name'),
      legend`${'service_name'}`,
    ),
  ],
};

export const databaseLines: Signal = {
  title: 'Lines about the database',
  description:
    'What services say of the database when something is wrong: connections that do not come, queries that time out, answers that they cannot use.',
  unit: 'lines',
  queries: [
    showLines(
      pipe(
        selectLines({ service: anyOf('backend', 'worker') }),
        matches('[Dd]atabase|[Pp]ostgre|[Dd]eadlock'),
        whereAnyOf('detected_level', 'warn', 'error', 'critical', 'fatal'),
      ),
    ),
  ],
  watchedBy: [tellsOf('DatabaseConnectionHigh')],
  emptyWhileWell: 'No service complains about the database.',
};

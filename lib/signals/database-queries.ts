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
    'Latency of the backend’s queries: p50, p95 and p99. It should be level, and small compared with the response time. When p99 alone rises, single queries wait for a lock or the disk. When p50 rises, the server is overloaded. Each diamond is one query: follow it to its trace.',
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
    'Time within which 95 % of the backend’s queries are answered. It should be small compared with the response time of requests. When it rises, see which operation is slow.',
  unit: 'seconds',
  queries: [plot(histogramQuantile(0.95, buckets), legend`p95`)],
  watchedBy: [tellsOf('HighLatency')],
};

export const queryDurationByOperation: Signal = {
  title: 'Query time by operation (p95)',
  description:
    'Latency of the backend’s queries by operation (p95). Slow reads miss an index or the cache. Slow writes wait for locks or the disk.',
  unit: 'seconds',
  queries: [plot(histogramQuantile(0.95, buckets, 'operation'), legend`${'operation'}`)],
};

export const queryRateNow: Signal = {
  title: 'Queries per second',
  description:
    'Queries per second that the backend sends to the database. It follows the requests. 0 means that the backend serves nobody.',
  unit: 'operations/s',
  queries: [plot(sumBy(select(bucket, all)), legend`queries`)],
};

export const queryRate: Signal = {
  title: 'Queries by operation',
  description:
    'Queries per second that the backend sends to the database, by operation. It follows the requests. When it rises without them, some endpoint queries in a loop.',
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
  title: 'Slow queries by operation',
  description: `Queries per second that took longer than ${slow} s, the limit of the objective for a whole request. Next to none is good. Traces of the backend with database queries show which they are.`,
  unit: 'operations/s',
  queries: [plot(slowQueries, legend`${'operation'}`)],
  watchedBy: [tellsOf('HighLatency')],
};

export const slowQueryRatio: Signal = {
  title: 'Slow query ratio',
  description: `Share of queries that took longer than ${slow} s, the limit of the objective for a whole request. Near 0 is good. When it rises, see which operation is slow.`,
  unit: 'ratio',
  queries: [plot(shareOrNone(sumBy(slowQueries), sumBy(select(bucket, all))), legend`slow`)],
};

export const queryDurationSpread: Signal = {
  title: 'How query times spread',
  description:
    'How many queries took how long. One narrow band is good. A second band at longer times is a kind of query of its own, such as one without an index.',
  unit: 'seconds',
  queries: [plot(sumBy(select(bucket), 'le'), legend`${'le'}`)],
};

export const spanDuration: Signal = {
  title: 'Wait for an answer by service (p95)',
  description:
    'Latency of the database queries of each service, by its spans (p95). Unlike the query time that the backend measures, it includes the wait for a connection. When it is much longer, the pool is too small, or connections are held too long.',
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
    'Database queries per second by service, by its spans: who loads the database. A service that rises without more requests has lost a cache or queries in a loop.',
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
    'Warnings and errors of the backend and the worker about the database: missing connections, timeouts, answers that they cannot use. None is good. When some appear, check the database server and the connection pool.',
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

import { spanMetrics } from '../catalog/span-metrics';
import { spanAttributes } from '../catalog/spans';
import { sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { anyOf, chosen, re, type Comparison } from '../query/promql/matcher';
import { histogramQuantile, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { alternatives } from '../units/regex';
import { shareOrNone } from './share';
import { legend, plot, type Signal } from './signal';

// What Jaeger counts off the spans before any is sampled away: every operation, whether its trace was kept or not.

const { traces_span_metrics_calls_total: calls, traces_span_metrics_duration_milliseconds: duration } = spanMetrics;

type Which = Readonly<Partial<Record<'service_name' | 'span_name' | 'span_kind', Comparison>>>;

/** What a service was asked to do, and the steps in it. A call to another is counted where it arrives. */
const operations: Which = {
  service_name: chosen('service'),
  span_kind: anyOf('SPAN_KIND_SERVER', 'SPAN_KIND_CONSUMER', 'SPAN_KIND_INTERNAL'),
};
const kinds = spanAttributes['db.operation.name'].bound.values;

/**
 * Queries of a database. Instrumentation names them by their kind, in either case, and perhaps what they are about; a
 * call over HTTP has a path there.
 */
export const queries = {
  span_kind: anyOf('SPAN_KIND_CLIENT'),
  span_name: re(`(${alternatives([...kinds, ...kinds.map((kind) => kind.toUpperCase())])})( [^/].*)?`),
} as const satisfies Which;
const failed = { status_code: 'STATUS_CODE_ERROR' } as const;

type Window = '$__rate_interval' | '$__range';
type ByOperation = Vector<'service_name' | 'span_name'>;

const rateOf = (which: Which, window: Window): ByOperation =>
  sumBy(rate(select(calls, which), window), 'service_name', 'span_name');

const errorRatio = (window: Window): ByOperation => {
  const all = rateOf(operations, window);
  const errors = sumBy(rate(select(calls, { ...operations, ...failed }), window), 'service_name', 'span_name');
  return shareOrNone(errors, all);
};

const quantile = (share: number, which: Which, window: Window): ByOperation =>
  histogramQuantile(share, rate(select(duration, which), window), 'service_name', 'span_name');

const nameOfOperation = legend`${'service_name'}: ${'span_name'}`;

export const operationsTable: Signal = {
  title: 'Operations',
  description:
    'What each service was asked to do in the time shown, and the steps in it, the slowest first. Start with what is slow or fails and has a high rate, and open a trace of it.',
  unit: 'milliseconds',
  queries: [
    plot(quantile(0.95, operations, '$__range'), legend`p95`, 'milliseconds'),
    plot(quantile(0.5, operations, '$__range'), legend`p50`, 'milliseconds'),
    plot(rateOf(operations, '$__range'), legend`Rate`, 'operations/s'),
    plot(errorRatio('$__range'), legend`Errors`, 'ratio'),
  ],
};

export const operationRate: Signal = {
  title: 'Rate by operation',
  description:
    'How often each operation is done per second. It follows the traffic. One that stops while the others go on is no longer called.',
  unit: 'operations/s',
  queries: [plot(rateOf(operations, '$__rate_interval'), nameOfOperation)],
};

export const operationErrors: Signal = {
  title: 'Errors by operation',
  description:
    'Share of the spans of each operation that ended in an error. Near 0 is good. When several rise together, open a trace: the deepest span with an error is the cause.',
  unit: 'ratio',
  queries: [plot(errorRatio('$__rate_interval'), nameOfOperation)],
};

export const operationDuration: Signal = {
  title: 'Latency by operation',
  description:
    'Latency of the spans of each operation (p95). Lines should be flat. One that rises alone has a slow query or call of its own. All together have a common cause.',
  unit: 'milliseconds',
  queries: [plot(quantile(0.95, operations, '$__rate_interval'), nameOfOperation)],
};

export const queryRate: Signal = {
  title: 'Rate of database queries',
  description:
    'Database queries per second by service and operation, as their spans tell. A rise without more requests is a loop of queries where one would do.',
  unit: 'operations/s',
  queries: [plot(rateOf(queries, '$__rate_interval'), nameOfOperation)],
};

export const queryDuration: Signal = {
  title: 'Latency of database queries',
  description:
    'Latency of database queries by service and operation, as their spans tell (p95). When all are slow, it is the database. When one is, it lacks an index or waits for a lock.',
  unit: 'milliseconds',
  queries: [plot(quantile(0.95, queries, '$__rate_interval'), nameOfOperation)],
};

export const spansByService: Signal = {
  title: 'Spans by service',
  description:
    'Spans per second that arrive from each service. One that falls to 0 while its requests go on no longer reaches Jaeger, and its traces are incomplete.',
  unit: 'spans/s',
  queries: [
    plot(
      sumBy(rate(select(calls, { service_name: chosen('service') }), '$__rate_interval'), 'service_name'),
      legend`${'service_name'}`,
    ),
  ],
};

import { Duration } from 'cdk8s';
import { backend } from '../../../../lib/catalog/backend';
import { nodeExporter } from '../../../../lib/catalog/node-exporter';
import { prometheus } from '../../../../lib/catalog/prometheus';
import { recorded } from '../../../../lib/catalog/recorded';
import { scrape } from '../../../../lib/catalog/scrape';
import { worker } from '../../../../lib/catalog/worker';
import { avgBy, countBy, maxBy, minBy, sumBy, topk } from '../../../../lib/query/promql/aggregate';
import { raw } from '../../../../lib/query/promql/expression';
import { anyOf, not, notRe, re } from '../../../../lib/query/promql/matcher';
import {
  abs,
  above,
  absent,
  and,
  atLeast,
  atMost,
  below,
  constant,
  differs,
  dividedBy,
  equals,
  labelFrom,
  minus,
  or,
  plus,
  ratio,
  secondsSince,
  shareOf,
  subtractedFrom,
  times,
  unless,
  whenever,
  withLabelsOf,
} from '../../../../lib/query/promql/operators';
import {
  appearedWithin,
  avgOverTime,
  delta,
  histogramQuantile,
  increase,
  predictLinear,
  rate,
  sumOverTime,
} from '../../../../lib/query/promql/range';
import { countOf, countWithin, select, selectorText, sumOf } from '../../../../lib/query/promql/select';
import { syntaxErrors } from './parse';

const window = Duration.minutes(5);
const requests = sumBy(rate(select(backend.http_requests_total), window), 'job');
const inFlight = select(backend.http_requests_in_flight);
const active = sumBy(select(backend.db_connections_active), 'job');
const idle = sumBy(select(backend.db_connections_idle), 'job');
const max = sumBy(select(backend.db_connections_max), 'job');
const latency = select(backend.http_request_duration_seconds);

const job = (text: string) => `sum by (job) (db_connections_${text})`;

test.each<readonly [{ readonly text: string }, string]>([
  // Selectors: the target's labels first, then the metric's in the catalog's order, whatever the order of writing.
  [inFlight, 'http_requests_in_flight'],
  [
    select(backend.http_requests_in_flight, { endpoint: 'other', namespace: 'a', job: 'backend' }),
    'http_requests_in_flight{job="backend", namespace="a", endpoint="other"}',
  ],
  [
    rate(
      select(backend.http_requests_total, { status: re('5..'), method: not('GET'), endpoint: notRe('/api/users.*') }),
      window,
    ),
    'rate(http_requests_total{method!="GET", endpoint!~"/api/users.*", status=~"5.."}[5m])',
  ],
  [select(scrape.up, { job: anyOf('backend', 'ml-controller') }), 'up{job=~"backend|ml-controller"}'],
  [select(recorded['instance:node_memory_usage:bytes']), 'instance:node_memory_usage:bytes'],
  // Ranges.
  [increase(select(worker.celery_tasks_total), Duration.hours(36)), 'increase(celery_tasks_total[1d12h])'],
  [avgOverTime(inFlight, window), 'avg_over_time(http_requests_in_flight[5m])'],
  [sumOverTime(inFlight, '$__rate_interval'), 'sum_over_time(http_requests_in_flight[$__rate_interval])'],
  [
    delta(select(worker.celery_queue_depth, { queue: 'default' }), window),
    'delta(celery_queue_depth{queue="default"}[5m])',
  ],
  [predictLinear(inFlight, window, Duration.days(1)), 'predict_linear(http_requests_in_flight[5m], 86400)'],
  [
    sumBy(appearedWithin(select(worker.celery_tasks_total, { state: 'FAILURE' }), window), 'task'),
    'sum by (task) (celery_tasks_total{state="FAILURE"} and count_over_time(celery_tasks_total{state="FAILURE"}[5m]) < on (job, instance) group_left () sum_over_time(up{job="worker"}[5m]))',
  ],
  // What the values become.
  [abs(minus(active, idle)), `abs(${job('active')} - ${job('idle')})`],
  [above(secondsSince(inFlight), 60), 'time() - http_requests_in_flight > 60'],
  [times(constant(0.001), 14.4), 'vector(0.001) * 14.4'],
  [whenever(or(active, idle), above(max, 0)), `(${job('active')} or ${job('idle')}) and on () ${job('max')} > 0`],
  // Labels from elsewhere.
  [
    above(withLabelsOf(active, maxBy(select(scrape.up), 'job', 'node'), ['job'], ['node']), 3),
    `${job('active')} * on (job) group_left (node) max by (job, node) (up) > 3`,
  ],
  [
    labelFrom(active, 'service', 'job', '(.+?)(?:-[0-9]+)?'),
    `label_replace(${job('active')}, "service", "$1", "job", "(.+?)(?:-[0-9]+)?")`,
  ],
  [rate(select(worker.celery_tasks_total), '$__rate_interval'), 'rate(celery_tasks_total[$__rate_interval])'],
  [rate(countOf(latency), window), 'rate(http_request_duration_seconds_count[5m])'],
  [rate(sumOf(latency), window), 'rate(http_request_duration_seconds_sum[5m])'],
  // Prometheus stores a whole bound as a float.
  [rate(countWithin(latency, 0.5), window), 'rate(http_request_duration_seconds_bucket{le="0.5"}[5m])'],
  [rate(countWithin(latency, 1), window), 'rate(http_request_duration_seconds_bucket{le="1.0"}[5m])'],
  [
    histogramQuantile(0.95, rate(latency, window)),
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))',
  ],
  [
    histogramQuantile(0.5, increase(latency, window), 'job', 'endpoint'),
    'histogram_quantile(0.5, sum by (job, endpoint, le) (increase(http_request_duration_seconds_bucket[5m])))',
  ],
  // Aggregations.
  [sumBy(inFlight), 'sum(http_requests_in_flight)'],
  [avgBy(inFlight, 'job', 'pod'), 'avg by (job, pod) (http_requests_in_flight)'],
  [minBy(inFlight), 'min(http_requests_in_flight)'],
  [maxBy(inFlight), 'max(http_requests_in_flight)'],
  [countBy(inFlight), 'count(http_requests_in_flight)'],
  [topk(3, inFlight), 'topk(3, http_requests_in_flight)'],
  [sumBy(plus(inFlight, 1)), 'sum(http_requests_in_flight + 1)'],
  // Parentheses where the tree would change without them, and nowhere else.
  [plus(plus(active, idle), max), `${job('active')} + ${job('idle')} + ${job('max')}`],
  [minus(active, minus(idle, max)), `${job('active')} - (${job('idle')} - ${job('max')})`],
  [times(plus(active, idle), 2), `(${job('active')} + ${job('idle')}) * 2`],
  [plus(times(active, 2), idle), `${job('active')} * 2 + ${job('idle')}`],
  [dividedBy(active, times(idle, max)), `${job('active')} / (${job('idle')} * ${job('max')})`],
  [
    shareOf(active, sumBy(plus(max, idle))),
    `${job('active')} / on () group_left () sum(${job('max')} + ${job('idle')})`,
  ],
  [subtractedFrom(1, ratio(active, max)), `1 - ${job('active')} / ${job('max')}`],
  [subtractedFrom(1, minus(active, max)), `1 - (${job('active')} - ${job('max')})`],
  [above(ratio(active, max), 0.8), `${job('active')} / ${job('max')} > 0.8`],
  [times(above(active, 1), 2), `(${job('active')} > 1) * 2`],
  [atLeast(active, max), `${job('active')} >= ${job('max')}`],
  [below(active, -1), `${job('active')} < -1`],
  [atMost(active, 1e21), `${job('active')} <= 1e+21`],
  [equals(active, 0), `${job('active')} == 0`],
  [differs(active, idle), `${job('active')} != ${job('idle')}`],
  [and(above(active, 1), above(idle, 1)), `${job('active')} > 1 and ${job('idle')} > 1`],
  [or(and(active, idle), max), `${job('active')} and ${job('idle')} or ${job('max')}`],
  [and(or(active, idle), max), `(${job('active')} or ${job('idle')}) and ${job('max')}`],
  [unless(active, and(idle, max)), `${job('active')} unless (${job('idle')} and ${job('max')})`],
  [and(inFlight, max, 'job'), `http_requests_in_flight and on (job) ${job('max')}`],
  [unless(inFlight, select(scrape.up), 'job', 'pod'), 'http_requests_in_flight unless on (job, pod) up'],
  [times(raw<'job'>('has offset', 'a or b', []), 2), '(a or b) * 2'],
  // Absence names the labels that it was asked for.
  [absent(scrape.up, { job: 'backend' }), 'absent(up{job="backend"})'],
  [absent(backend.http_request_duration_seconds, {}), 'absent(http_request_duration_seconds_count)'],
  [absent(prometheus.prometheus_tsdb_head_series, {}), 'absent(prometheus_tsdb_head_series)'],
])('%# is written as %s', (expression, text) => {
  expect(expression.text).toBe(text);
  expect(syntaxErrors(expression.text)).toEqual([]);
});

test('an expression remembers every metric that it asks, and over which window', () => {
  const { uses } = above(ratio(requests, max), 0.5);
  expect(uses).toEqual([{ metric: backend.http_requests_total, window }, { metric: backend.db_connections_max }]);
});

test.each<readonly [string, () => unknown, string]>([
  ['a quantile of 95', () => histogramQuantile(95, rate(latency, window)), 'quantile 95'],
  ['a quantile of 1', () => histogramQuantile(1, rate(latency, window)), 'quantile 1'],
  ['the highest none', () => topk(0, inFlight), 'topk of 0'],
  ['the highest one and a half', () => topk(1.5, inFlight), 'topk of 1.5'],
  ['an infinite threshold', () => above(inFlight, Infinity), 'Infinity'],
  ['a threshold that is no number', () => above(inFlight, NaN), 'NaN'],
  ['raw text without a reason', () => raw(' ', 'vector(1)', []), 'vector(1)'],
  [
    'a value that a closed label never holds',
    // @ts-expect-error nor does it compile
    () => select(worker.celery_queue_depth, { queue: 'defualt' }),
    'label queue is never "defualt": it is one of default, priority',
  ],
  // @ts-expect-error nor does it compile
  ['a job that scrapes nothing', () => select(scrape.up, { job: 'bakend' }), 'label job is never "bakend"'],
  [
    'the job of another service',
    // @ts-expect-error nor does it compile
    () => select(worker.celery_queue_depth, { job: 'backend' }),
    'label job is never "backend": it is one of worker',
  ],
  [
    'a label that was smuggled past the types',
    () => selectorText({ metric: worker.celery_workers_active, suffix: '', matchers: { user_id: '1' } }),
    'celery_workers_active has no label user_id',
  ],
])('%s is refused by name', (_, build, message) => {
  expect(build).toThrow(message);
});

test('an open label may hold a value that nobody knew beforehand', () => {
  expect(select(nodeExporter.node_filesystem_avail_bytes, { mountpoint: '/srv' }).text).toBe(
    'node_filesystem_avail_bytes{mountpoint="/srv"}',
  );
});

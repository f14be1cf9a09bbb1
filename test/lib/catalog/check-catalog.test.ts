import { catalog } from '../../../lib/catalog/catalog';
import { checkCatalog } from '../../../lib/catalog/check-catalog';
import { oneOf, upTo } from '../../../lib/catalog/label-bound';
import type { Metric } from '../../../lib/catalog/metric';

const valid: Metric = {
  name: 'tasks_total',
  type: 'counter',
  help: 'Tasks.',
  unit: 'tasks',
  origin: 'addition',
  labels: { queue: oneOf('default', 'priority') },
  buckets: [],
  exposedBy: 'backend',
};

const check = (...overrides: readonly Partial<Metric>[]) =>
  checkCatalog(overrides.map((override) => ({ ...valid, ...override })));

test('the shipped catalog has no problems', () => {
  expect(checkCatalog(catalog)).toEqual([]);
});

test('neither has the row that the bad ones are made of', () => {
  expect(check({})).toEqual([]);
});

const histogram = { name: 'wait_seconds', type: 'histogram', unit: 'seconds', buckets: [1, 2] } as const;

test.each<readonly [string, Partial<Metric>, path: string, value: string, fix: string]>([
  ['a name with a dash', { name: 'my-tasks_total' }, 'my-tasks_total', 'my-tasks_total', 'letters, digits and _'],
  ['a name that starts with a digit', { name: '2_total' }, '2_total', '2_total', 'starts with a letter'],
  ['a counter without _total', { name: 'tasks' }, 'tasks', 'tasks', 'tasks_total'],
  ['a gauge with _total', { type: 'gauge' }, 'tasks_total', 'tasks_total', 'drop it'],
  ['seconds that the name leaves out', { name: 'wait', type: 'gauge', unit: 'seconds' }, 'wait', 'wait', '_seconds'],
  ['bytes that the name leaves out', { name: 'sent_total', unit: 'bytes' }, 'sent_total', 'sent_total', '_bytes'],
  [
    'more series than one pod may have',
    { labels: { a: upTo(50), b: upTo(41) } },
    'tasks_total',
    '2050 series',
    'at most 2000',
  ],
  [
    'more series than one pod may have, with those of its buckets',
    { ...histogram, labels: { a: upTo(401) } },
    'wait_seconds',
    '2005 series',
    'at most 2000',
  ],
  ['a histogram without buckets', { ...histogram, buckets: [] }, 'wait_seconds.buckets', 'none', 'bucket bounds'],
  ['unsorted buckets', { ...histogram, buckets: [2, 1] }, 'wait_seconds.buckets', '2, 1', '1 does not rise above 2'],
  ['a bucket that comes twice', { ...histogram, buckets: [1, 1] }, 'wait_seconds.buckets', '1, 1', 'sort the bounds'],
  ['a label with a dash', { labels: { 'a-b': upTo(1) } }, 'tasks_total.labels.a-b', 'a-b', 'letters, digits'],
  ['a reserved __ label', { labels: { __a: upTo(1) } }, 'tasks_total.labels.__a', '__a', 'reserved for Prometheus'],
  ['the label of buckets', { labels: { le: upTo(1) } }, 'tasks_total.labels.le', 'le', 'reserved for buckets'],
  ['the label of quantiles', { labels: { quantile: upTo(1) } }, 'tasks_total.labels.quantile', 'quantile', 'reserved'],
  ['a label without bound', { labels: { user_id: upTo(5) } }, 'tasks_total.labels.user_id', 'user_id', 'log field'],
  ["a label of the scrape job's", { labels: { pod: upTo(1) } }, 'tasks_total.labels.pod', 'pod', 'rename one'],
  ['a label that holds nothing', { labels: { a: oneOf() } }, 'tasks_total.labels.a', '0 values', '1 or more'],
  ['a label of half a value', { labels: { a: upTo(1.5) } }, 'tasks_total.labels.a', '1.5 values', 'whole number'],
  ['more known values than fit', { labels: { a: upTo(1, 'x', 'y') } }, 'tasks_total.labels.a', '2 values', 'is 1'],
  ['a value that comes twice', { labels: { a: oneOf('x', 'x') } }, 'tasks_total.labels.a', 'x, x', 'repeated value'],
])('%s is refused by path, value and fix', (_, override, path, value, fix) => {
  expect(check(override)).toEqual([
    { path: `catalog.backend.${path}`, value, fix: expect.stringContaining(fix) as string },
  ]);
});

test('a name that two exposers share is refused, naming both', () => {
  expect(check({}, { exposedBy: 'worker' })).toEqual([
    {
      path: 'catalog.worker.tasks_total',
      value: 'tasks_total',
      fix: 'backend declares it already: rename one of the two',
    },
  ]);
});

test('an exporter keeps the names and the cardinality that it chose', () => {
  const theirs = { exposedBy: 'postgres-exporter', name: 'pg_stat_xact', labels: { a: upTo(5000) } } as const;
  expect(check(theirs)).toEqual([]);
});

test('a clash is one with the labels of its own job alone', () => {
  expect(check({ exposedBy: 'kube-state-metrics', labels: { pod: upTo(10) } })).toEqual([]);
});

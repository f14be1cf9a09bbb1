import { traceQueries, jaegerApiPath, type TraceQuery } from '../../../lib/signals/traces';

const now = Date.UTC(2024, 0, 2);

/** A question as Jaeger's API reads it. */
const asked = (query: TraceQuery) => {
  const { pathname, searchParams } = new URL(jaegerApiPath(query, now), 'http://jaeger:16686');
  return { path: pathname, ...Object.fromEntries(searchParams) };
};

/** The last hour, in microseconds. */
const lastHour = { start: `${(now - 3_600_000) * 1000}`, end: `${now * 1000}` };

test('which services call which is asked for the last day, in milliseconds', () => {
  expect(asked(traceQueries.dependencies)).toEqual({
    path: '/api/dependencies',
    endTs: `${now}`,
    lookback: '86400000',
  });
});

test('traces with an error are those with the tag that Jaeger gives them', () => {
  const { tags, ...more } = asked(traceQueries.errors) as Readonly<Record<string, string>>;
  expect(more).toEqual({ path: '/api/traces', service: 'backend', limit: '20', ...lastHour });
  expect(JSON.parse(tags ?? '')).toEqual({ error: 'true' });
});

test('slow traces have a span that takes as long as a promise, and any tags', () => {
  expect(asked(traceQueries.slow)).toEqual({
    path: '/api/traces',
    service: 'backend',
    minDuration: '500ms',
    limit: '20',
    ...lastHour,
  });
});

test('database operations are found by the kind of database', () => {
  const { tags } = asked(traceQueries.databaseOperations) as Readonly<Record<string, string>>;
  expect(JSON.parse(tags ?? '')).toEqual({ 'db.system.name': 'postgresql' });
});

test('whatever stands in a tag comes through', () => {
  const tags = { 'http.route': '/api/tasks/{id}?a=1&b="2"' };
  const query: TraceQuery = { ...traceQueries.errors, tags };
  expect(JSON.parse(new URL(jaegerApiPath(query, now), 'http://jaeger').searchParams.get('tags') ?? '')).toEqual(tags);
});

test("the guide's four questions have a name each", () => {
  expect(Object.values(traceQueries).map(({ title }) => title)).toEqual([
    'Service dependency map',
    'Error traces',
    'Latency analysis',
    'Database queries',
  ]);
});

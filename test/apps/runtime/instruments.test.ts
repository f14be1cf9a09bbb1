import { backend } from '../../../lib/catalog/backend';
import { createExposition, expose } from '../../../apps/runtime/exposition';
import { createInstruments } from '../../../apps/runtime/instruments';
import { parseExposition } from './parse-exposition';

const create = () => {
  const exposition = createExposition();
  const metrics = createInstruments(backend, {}, exposition);
  const text = async (): Promise<string> => (await expose(exposition, '')).text ?? '';
  const value = async (name: string): Promise<number> =>
    parseExposition(await text())
      .flatMap(({ samples }) => samples)
      .filter((sample) => sample.name === name)
      .reduce((sum, sample) => sum + sample.value, 0);
  return { metrics, value, text };
};

test('instruments take what their metric declares', async () => {
  const { metrics, value } = create();
  metrics.http_requests_total.inc({ method: 'GET', endpoint: '/api/tasks', status: '200' });
  metrics.http_requests_total.inc({ method: 'GET', endpoint: '/api/tasks', status: '500' }, 2);
  metrics.tasks_created_total.inc();
  metrics.db_connections_max.set(20);
  metrics.http_requests_in_flight.set({ endpoint: 'other' }, 3);
  metrics.db_query_duration_seconds.observe({ operation: 'select' }, 0.25);
  expect(await value('http_requests_total')).toBe(3);
  expect(await value('tasks_created_total')).toBe(1);
  expect(await value('db_connections_max')).toBe(20);
  expect(await value('http_requests_in_flight')).toBe(3);
  expect(await value('db_query_duration_seconds_sum')).toBe(0.25);
  expect(await value('db_query_duration_seconds_count')).toBe(1);
});

test('a gauge that is removed is absent until it is set again', async () => {
  const { metrics, value, text } = create();
  metrics.http_requests_in_flight.set({ endpoint: 'other' }, 3);
  metrics.http_requests_in_flight.remove({ endpoint: 'other' });
  expect(await text()).not.toContain('http_requests_in_flight{endpoint="other"}');
  metrics.http_requests_in_flight.set({ endpoint: 'other' }, 2);
  expect(await value('http_requests_in_flight')).toBe(2);
});

test('a label value outside the catalog is refused', () => {
  const { metrics } = create();
  expect(() => {
    // @ts-expect-error no such value
    metrics.http_requests_in_flight.set({ endpoint: '/api/tasks/17' }, 1);
  }).toThrow('http_requests_in_flight: endpoint is "/api/tasks/17"; the catalog has /api/tasks, /api/tasks/{id}');
  expect(() =>
    // @ts-expect-error no such value
    createInstruments(backend, { http_requests_in_flight: [{ endpoint: '/nowhere' }] }, createExposition()),
  ).toThrow('endpoint is "/nowhere"');
});

test('what the metric does not declare does not compile', () => {
  const { metrics } = create();
  expect(() => {
    // @ts-expect-error a label is missing
    metrics.http_requests_total.inc({ method: 'GET', endpoint: '/api/tasks' });
  }).toThrow('status is missing');
  expect(() => {
    // @ts-expect-error a label that it does not have
    metrics.http_requests_in_flight.set({ endpoint: 'other', method: 'GET' }, 1);
  }).toThrow('"method"');
  expect(() => {
    // @ts-expect-error labels for a metric that has none
    metrics.tasks_created_total.inc({ task: 'report' });
  }).toThrow();
  // @ts-expect-error a counter is not set
  expect(metrics.tasks_created_total.set).toBeUndefined();
  // @ts-expect-error a gauge is not observed
  expect(metrics.db_connections_max.observe).toBeUndefined();
  // @ts-expect-error nobody declared it
  expect(metrics.nothing_total).toBeUndefined();
});

import { randomUUID } from 'node:crypto';
import { portOf, services, type Service } from '../../lib/catalog/components';
import { autoServeLines, ofTrace } from '../../lib/signals/logs';
import { jaegerApiPath, traceQueries } from '../../lib/signals/traces';
import type { Span } from '../e2e/jaeger-api';
import { eventually } from '../harness/eventually';
import { application } from './cluster';
import { needs } from './deployment';
import { forward, type Forward } from './forward';
import { forwardJaeger, type ForwardedJaeger } from './jaeger';
import { forwardLoki, type ForwardedLoki } from './loki';
import { forwardPrometheus } from './prometheus';

const servicesOf = (spans: readonly Span[]): readonly string[] => [...new Set(spans.map(({ service }) => service))];

/** What a user does who logs in and gives AutoServe something to do; the correlation id of the latter. */
const createTask = async ({ url }: Forward): Promise<string> => {
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const { token } = (await post('/api/auth/login', { user: 'user1', password: 'right' })) as { readonly token: string };
  const correlationId = randomUUID();
  const headers = { authorization: `Bearer ${token}`, baggage: `correlation_id=${correlationId}` };
  await post('/api/tasks', { task: 'notification' }, headers);
  return correlationId;
};

export const traces = (): void => {
  let backend: Forward;
  let jaeger: ForwardedJaeger;
  let loki: ForwardedLoki;
  const opened: Pick<Forward, 'stop'>[] = [];

  beforeAll(async () => {
    needs(...services, 'jaeger', 'loki', 'fluent-bit', 'prometheus');
    opened.push((backend = await forward(application, 'svc/backend', portOf('backend', 'http'), '/readyz')));
    opened.push((jaeger = await forwardJaeger()));
    opened.push((loki = await forwardLoki()));
  });
  afterAll(async () => {
    for (const { stop } of opened) await stop();
  });

  test('a task is one trace over backend and worker, and its lines in Loki bear the id', async () => {
    const correlationId = await createTask(backend);
    const within = { withinSeconds: 60, everySeconds: 1 };
    const traceId = await eventually(
      'a line of the backend tells the trace',
      async () => {
        const lines = await loki.api.lines(`{service="backend"} |= "${correlationId}"`);
        const id = lines.flatMap(({ metadata }) => metadata['trace_id'] ?? [])[0];
        if (id === undefined) throw new Error(`${lines.length} lines, none with a trace`);
        return id;
      },
      within,
    );
    const spans = await eventually(
      'the trace is complete',
      async () => {
        const found = await jaeger.api.trace(traceId);
        const ids = found.map(({ id }) => id);
        const services = servicesOf(found).toSorted();
        const roots = found.filter(({ parentId }) => parentId === undefined).map(({ name }) => name);
        const orphans = found.filter(({ parentId }) => parentId !== undefined && !ids.includes(parentId));
        const reported = found.some(({ name, service }) => service === 'backend' && name.includes('task-results'));
        expect({ services, roots, orphans, reported }).toEqual({
          services: ['backend', 'worker'],
          roots: ['POST /api/tasks'],
          orphans: [],
          reported: true,
        });
        return found;
      },
      within,
    );
    await eventually(
      'both services have lines of it',
      async () => {
        const lines = await loki.api.lines(ofTrace(autoServeLines, traceId));
        expect(new Set(lines.map(({ stream }) => stream['service']))).toEqual(new Set(['backend', 'worker']));
        for (const { line, metadata } of lines) {
          expect(JSON.parse(line)).toMatchObject({ correlation_id: correlationId, trace_id: traceId });
          expect(spans.map(({ id }) => id)).toContain(metadata['span_id']);
        }
      },
      within,
    );
  });

  test.each<[Service, string]>([
    ['backend', 'http_request_duration_seconds_bucket'],
    ['worker', 'celery_task_duration_seconds_bucket'],
  ])('an exemplar of %s in Prometheus leads to a trace', async (service, series) => {
    const prometheus = await forwardPrometheus();
    await eventually(
      'the newest exemplar has its trace',
      async () => {
        const found = await prometheus.exemplars(`${series}{job="${service}"}`);
        const newest = found.flatMap(({ exemplars }) => exemplars).toSorted((a, b) => b.timestamp - a.timestamp)[0];
        expect(servicesOf(await jaeger.api.trace(newest?.labels['trace_id'] ?? ''))).toContain(service);
      },
      { withinSeconds: 90, everySeconds: 2 },
    );
    await prometheus.stop();
  });

  test('the dependency map shows that the backend calls the worker', () =>
    eventually('it does', async () => {
      const map = await jaeger.api.dependencies(jaegerApiPath(traceQueries.dependencies, Date.now()));
      expect(map).toContainEqual(expect.objectContaining({ parent: 'backend', child: 'worker' }));
    }));
};

import { once } from 'node:events';
import { connect } from 'node:net';
import { components, isService, portOf, services } from '../../lib/catalog/components';
import { connections } from '../../lib/catalog/connections';
import { tracedServices } from '../../lib/catalog/spans';
import { jaegerApiPath, traceQueries, type TraceSearch } from '../../lib/signals/traces';
import { eventually } from '../harness/eventually';
import type { ComponentPod } from './cluster';
import { during } from './fault-switch';
import type { Span } from './jaeger-api';
import { newTraceId } from './otlp';
import { exportOverGrpc } from './otlp-grpc';
import { stack } from './running-stack';
import { login, traced, type TracedCall } from './traced-call';

/** The spans of a trace, once there are such. */
const spansOf = (traceId: string, isWhole = (spans: readonly Span[]) => spans.length > 0): Promise<readonly Span[]> =>
  eventually(`trace ${traceId}`, async () => {
    const spans = await stack().jaeger.trace(traceId);
    if (!isWhole(spans)) throw new Error(`it has ${spans.map(({ service, name }) => `${service} ${name}`).join(', ')}`);
    return spans;
  });

const named = (spans: readonly Span[], name: string): Span => {
  const span = spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`no ${name} in ${spans.map((each) => each.name).join(', ')}`);
  return span;
};

/** A request that touches neither the worker nor the database: it bears no token. */
const ordinary = { method: 'GET', path: '/api/tasks' } as const;

const createTask = async (pod: ComponentPod, headers: Readonly<Record<string, string>> = {}): Promise<TracedCall> => {
  const call = await traced(pod, {
    method: 'POST',
    path: '/api/tasks',
    body: { task: 'notification' },
    headers: { ...(await login(pod)), ...headers },
  });
  expect(call.status).toBe(201);
  return call;
};

/** The names on the way from the root to each span. */
const paths = (spans: readonly Span[], { parentId: outside }: TracedCall): readonly string[] => {
  const pathOf = ({ service, name, parentId }: Span): string => {
    const own = `${service} ${name}`;
    if (parentId === outside) return own;
    const parent = spans.find(({ id }) => id === parentId);
    return `${parent === undefined ? 'nowhere' : pathOf(parent)} > ${own}`;
  };
  return spans.map(pathOf);
};

const root = 'backend POST /api/tasks';
const enqueued = `${root} > backend POST /tasks > worker POST /tasks`;
const processed = `${enqueued} > worker process_task`;
const reported = `${processed} > worker POST /internal/task-results`;

describe('a task that a user creates', () => {
  const tracestate = 'vendor=opaque,other=1';
  let call: TracedCall;
  let spans: readonly Span[];

  beforeAll(async () => {
    const isWhole = (found: readonly Span[]): boolean =>
      found.some(({ service, name }) => service === 'backend' && name === 'POST /internal/task-results') &&
      found.some(({ service, name }) => service === 'worker' && name === 'insert');
    // One task in a thousand fails, and inserts nothing.
    await eventually(
      'a task that succeeds',
      async () => {
        call = await createTask(stack().podOf('backend'), { tracestate });
        spans = await spansOf(call.traceId, isWhole);
      },
      { withinSeconds: 90 },
    );
  }, 100_000);

  test('is one trace through backend, worker and database', () => {
    expect(new Set(paths(spans, call))).toEqual(
      new Set([
        root,
        `${root} > backend insert`,
        `${root} > backend POST /tasks`,
        enqueued,
        processed,
        `${processed} > worker select`,
        `${processed} > worker insert`,
        reported,
        `${reported} > backend POST /internal/task-results`,
      ]),
    );
  });

  test('leaves spans that say what was done', () => {
    const attributes = (name: string) => named(spans, name).attributes;
    expect(attributes('POST /api/tasks')).toMatchObject({
      'span.kind': 'server',
      'http.request.method': 'POST',
      'http.route': '/api/tasks',
      'http.response.status_code': 201,
    });
    const [processing] = spans.filter(({ name, attributes: { error } }) => name === 'process_task' && error !== true);
    expect(processing?.attributes).toMatchObject({
      'span.kind': 'consumer',
      'task.id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'task.type': 'notification',
      'task.status': 'success',
      'task.result_size': 1,
      'messaging.destination.name': expect.stringMatching(/^(default|priority)$/) as string,
    });
    for (const operation of ['select', 'insert'])
      for (const span of spans.filter(({ name }) => name === operation))
        expect(span.attributes).toMatchObject({
          'span.kind': 'client',
          'db.system.name': 'postgresql',
          'db.operation.name': operation,
        });
  });

  test('has the state of its trace passed on to every span', () => {
    for (const { attributes } of spans) expect(attributes).toMatchObject({ 'w3c.tracestate': tracestate });
  });

  test('leaves spans that say where they come from, as the environment of their pods says', () => {
    for (const { service, resource } of spans) {
      const { profile, podOf } = stack();
      const { name, namespace, node } = podOf(isService(service) ? service : 'backend');
      expect(resource).toMatchObject({
        'service.namespace': 'autoserve',
        'service.instance.id': name,
        'deployment.environment.name': profile.name,
        'k8s.namespace.name': namespace,
        'k8s.pod.name': name,
        'k8s.node.name': node,
      });
    }
  });
});

describe('the map of services', () => {
  test('has an edge for each connection between services, and no other', async () => {
    const declared = connections.filter(({ from, to }) => isService(from) && isService(to));
    const expected = declared.map(({ from, to }) => `${from} calls ${to}`);
    const found = new Set<string>();
    await eventually('every edge', async () => {
      // On its own disk, Jaeger draws the map of the last hundred traces alone: so it is asked as of each second.
      for (let ago = 0; ago < 15; ago += 1) {
        const path = jaegerApiPath(traceQueries.dependencies, Date.now() - ago * 1000);
        for (const { parent, child } of await stack().jaeger.dependencies(path)) found.add(`${parent} calls ${child}`);
      }
      expect([...found].sort()).toEqual(expected.toSorted());
    });
  });
});

/** Whether a question finds a trace, asked as of the trace: of many that it finds, Jaeger answers with the latest. */
const isFoundBy = async (query: TraceSearch, { traceId }: TracedCall): Promise<boolean> => {
  const ofService = (await spansOf(traceId)).filter(({ service }) => service === query.service);
  const at = Math.floor(Math.max(...ofService.map(({ start }) => start))) + 1;
  const found = await stack().jaeger.traces(jaegerApiPath(query, at));
  return found.some(([span]) => span?.traceId === traceId);
};

describe('a question to the traces', () => {
  const backend = (): ComponentPod => stack().podOf('backend');
  const meant: Readonly<Record<'errors' | 'slow' | 'databaseOperations', () => Promise<TracedCall>>> = {
    errors: () => during(backend(), 'errors', { ratio: 1 }, () => traced(backend(), ordinary)),
    slow: () => during(backend(), 'latency', { seconds: 0.6 }, () => traced(backend(), ordinary)),
    databaseOperations: async () =>
      traced(backend(), { method: 'GET', path: '/api/sessions', headers: await login(backend()) }),
  };

  for (const [name, call] of Object.entries(meant) as [keyof typeof meant, () => Promise<TracedCall>][]) {
    const query = traceQueries[name];
    test(`"${query.title}" finds what is meant, and no ordinary request`, async () => {
      const decoy = await traced(backend(), ordinary);
      expect(await isFoundBy(query, await call())).toBe(true);
      expect(await isFoundBy(query, decoy)).toBe(false);
    });
  }
});

describe('what fails', () => {
  test('in the backend leaves a span with the exception and its message', async () => {
    const backend = stack().podOf('backend');
    const { traceId, status } = await during(backend, 'errors', { ratio: 1 }, () => traced(backend, ordinary));
    expect(status).toBe(500);
    const span = named(await spansOf(traceId), 'GET /api/tasks');
    expect(span.exceptions).toEqual(['the request failed']);
    expect(span.attributes).toMatchObject({
      error: true,
      'error.message': 'the request failed',
      'http.response.status_code': 500,
    });
  });

  test('in the worker leaves a span with the exception and its message', async () => {
    const isProcessed = (spans: readonly Span[]): boolean => spans.some(({ name }) => name === 'process_task');
    const spans = await during(stack().podOf('worker'), 'errors', { ratio: 1 }, async () => {
      const { traceId } = await createTask(stack().podOf('backend'));
      return spansOf(traceId, isProcessed);
    });
    const span = named(spans, 'process_task');
    expect(span.exceptions).toEqual(['the task failed']);
    expect(span.attributes).toMatchObject({ error: true, 'error.message': 'the task failed', 'task.status': 'error' });
  });
});

test('health checks, scrapes and faults are not traced', async () => {
  for (const service of services) {
    const pod = stack().podOf(service);
    const silent: TracedCall[] = [];
    for (const path of ['/healthz', '/readyz', '/metrics', '/faults'])
      silent.push(await traced(pod, { method: 'GET', path }));
    expect(silent.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    // What ended later is there.
    await spansOf((await traced(pod, { method: 'GET', path: '/nowhere' })).traceId);
    for (const { traceId } of silent) expect(await stack().jaeger.trace(traceId)).toEqual([]);
  }
});

describe('Jaeger', () => {
  const addressOf = (port: string): string => `${stack().podOf('jaeger').address}:${portOf('jaeger', port)}`;

  test.each(Object.entries(components.jaeger.ports))('listens at its port %s', async (_, port) => {
    const socket = connect(port, stack().podOf('jaeger').address);
    await once(socket, 'connect');
    socket.destroy();
  });

  test.each(services)('tells %s how much to sample, for each operation that is declared', async (service) => {
    const answer = await fetch(`http://${addressOf('sampling')}/sampling?service=${service}`);
    const { headSampling } = stack().profile.traces;
    const { criticality, operations } = tracedServices[service];
    expect(await answer.json()).toMatchObject({
      probabilisticSampling: { samplingRate: headSampling[criticality] },
      operationSampling: {
        defaultSamplingProbability: headSampling[criticality],
        perOperationStrategies: Object.entries(operations).map(([operation, each]) => ({
          operation,
          probabilisticSampling: { samplingRate: headSampling[each] },
        })),
      },
    });
  });

  test('takes spans over gRPC', async () => {
    const traceId = newTraceId();
    await exportOverGrpc(`http://${addressOf('otlp-grpc')}`, { traceId, service: 'backend', name: 'over gRPC' });
    expect(await stack().jaeger.trace(traceId)).toMatchObject([{ service: 'backend', name: 'over gRPC' }]);
  });
});

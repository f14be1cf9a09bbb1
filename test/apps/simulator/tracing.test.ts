import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { spanAttributes } from '../../../lib/catalog/spans';
import { eventually, login, openMetrics, play, playAll, stopAll, type Playing } from './play';
import { receive } from './receive';

afterEach(stopAll);

const trace = '0123456789abcdef0123456789abcdef';
const traceparent = (flags: '00' | '01'): string => `00-${trace}-00f067aa0ba902b7-${flags}`;

const spansOf = (...playing: readonly Playing[]): readonly ReadableSpan[] => playing.flatMap(({ spans }) => spans());
const named = (spans: readonly ReadableSpan[], name: string): readonly ReadableSpan[] =>
  spans.filter((span) => span.name === name);
const onlyOne = <V>(values: readonly V[]): V => {
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error(`${values.length} instead of one`);
  return value;
};
const exceptionsOf = ({ events }: ReadableSpan): readonly unknown[] =>
  events.map(({ name, attributes }) => [name, attributes?.['exception.message']]);

const createTask = async ({ backend }: { readonly backend: Playing }, headers = {}): Promise<void> => {
  const authorization = await login(backend);
  const options = { headers: { ...authorization, ...headers }, body: { task: 'notification' } };
  expect(await backend.call('POST', '/api/tasks', options)).toMatchObject({ status: 201 });
};

/** The spans of a trace as lines, each deeper than its parent. */
const tree = (services: Readonly<Record<string, Playing>>, traceId: string): readonly string[] => {
  const all = Object.entries(services)
    .flatMap(([service, playing]) => playing.spans().map((span) => ({ service, span })))
    .filter(({ span }) => span.spanContext().traceId === traceId)
    .sort((a, b) => a.span.startTime[0] - b.span.startTime[0] || a.span.startTime[1] - b.span.startTime[1]);
  const under = (parent: string | undefined, depth: number): readonly string[] =>
    all
      .filter(({ span }) => span.parentSpanContext?.spanId === parent)
      .flatMap(({ service, span }) => [
        `${'  '.repeat(depth)}${service} ${SpanKind[span.kind]} ${span.name}`,
        ...under(span.spanContext().spanId, depth + 1),
      ]);
  return under(undefined, 0);
};

test('a task is one trace through backend, worker and database', async () => {
  const { backend, worker } = await playAll({});
  await createTask({ backend });
  await eventually(() => named(spansOf(backend), 'POST /internal/task-results').length > 0);
  const { traceId } = onlyOne(named(spansOf(worker), 'process_task')).spanContext();
  await eventually(() => tree({ backend, worker }, traceId).length === 9);
  expect(tree({ backend, worker }, traceId)).toEqual([
    'backend SERVER POST /api/tasks',
    '  backend CLIENT insert',
    '  backend CLIENT POST /tasks',
    '    worker SERVER POST /tasks',
    '      worker CONSUMER process_task',
    '        worker CLIENT select',
    '        worker CLIENT insert',
    '        worker CLIENT POST /internal/task-results',
    '          backend SERVER POST /internal/task-results',
  ]);
  const { attributes } = onlyOne(named(spansOf(worker), 'process_task'));
  expect(attributes).toMatchObject({ 'task.type': 'notification', 'task.status': 'success', 'task.result_size': 1 });
});

test('a task that waited goes on in the trace in which it was created', async () => {
  const { backend, worker } = await playAll({});
  await worker.call('PUT', '/faults/stuck-queue');
  for (let task = 0; task < 3; task += 1) await createTask({ backend });
  await worker.call('DELETE', '/faults/stuck-queue');
  await eventually(() => named(spansOf(worker), 'process_task').length === 3);
  const tracesOf = (playing: Playing, name: string): readonly string[] =>
    named(spansOf(playing), name).map((span) => span.spanContext().traceId);
  expect([...tracesOf(worker, 'process_task')].sort()).toEqual([...tracesOf(backend, 'POST /api/tasks')].sort());
});

test('a scaling decision is one trace through the controller and the service that it scales', async () => {
  const { backend, worker, mlController } = await playAll({});
  await eventually(() => named(spansOf(mlController), 'scaling_decision').length > 3);
  const traces = named(spansOf(mlController), 'scaling_decision').map((span) => span.spanContext().traceId);
  expect(new Set(traces).size).toBe(traces.length);
  expect(traces.map((each) => tree({ backend, worker, mlController }, each))).toContainEqual([
    'mlController INTERNAL scaling_decision',
    '  mlController CLIENT GET /load',
    '    backend SERVER GET /load',
    '  mlController INTERNAL infer',
  ]);
  expect(onlyOne(named(spansOf(mlController), 'train_model')).parentSpanContext).toBeUndefined();
});

test('spans have attributes of the catalog and no other', async () => {
  const playing = Object.values(await playAll({ LOAD_REQUESTS_PER_SECOND: '120' }));
  await eventually(() => named(spansOf(...playing), 'process_task').length > 10);
  for (const { attributes } of spansOf(...playing))
    for (const [name, value] of Object.entries(attributes)) {
      const declared = new Map(Object.entries(spanAttributes)).get(name);
      expect([name, declared?.type]).toEqual([name, typeof value]);
      if (declared && declared.bound !== 'unbounded' && declared.bound.values.length === declared.bound.limit)
        expect(declared.bound.values).toContain(value);
    }
});

test('simulated users are outside: each of their requests begins a trace at the backend', async () => {
  const backend = await play('backend', { LOAD_REQUESTS_PER_SECOND: '120' });
  await eventually(() => named(spansOf(backend), 'GET /api/tasks').length > 3);
  const roots = spansOf(backend).filter(({ parentSpanContext }) => !parentSpanContext);
  expect(new Set(roots.map(({ kind }) => kind))).toEqual(new Set([SpanKind.SERVER]));
});

test('probes, scrapes and faults are not traced, and an unknown path gives a span no name of its own', async () => {
  const worker = await play('worker');
  for (const path of ['/metrics', '/healthz', '/readyz', '/faults', '/users/17']) await worker.call('GET', path);
  const { name, attributes } = onlyOne(spansOf(worker));
  expect(name).toBe('GET');
  expect(attributes).toEqual({ 'http.request.method': 'GET', 'http.response.status_code': 404 });
});

test('each service has its own name, though they share a process', async () => {
  const { backend, worker } = await playAll({});
  await createTask({ backend });
  await eventually(() => spansOf(worker).length > 0);
  for (const [service, playing] of Object.entries({ backend, worker }))
    expect(new Set(spansOf(playing).map(({ resource }) => resource.attributes['service.name']))).toEqual(
      new Set([service]),
    );
});

test('log lines bear the ids of the span that they were written in', async () => {
  const { backend, worker } = await playAll({});
  await createTask({ backend });
  await eventually(() => named(spansOf(worker), 'process_task').length > 0);
  const idsOf = (message: string): unknown => {
    const { trace_id, span_id } = onlyOne(
      [...backend.lines, ...worker.lines].filter((line) => line['message'] === message),
    );
    return { traceId: trace_id, spanId: span_id };
  };
  const spanIds = (playing: Playing, name: string): unknown => {
    const { traceId, spanId } = onlyOne(named(spansOf(playing), name)).spanContext();
    return { traceId, spanId };
  };
  expect(idsOf('task succeeded')).toEqual(spanIds(worker, 'process_task'));
  expect(idsOf('task created')).toEqual(spanIds(backend, 'POST /api/tasks'));
  const started = worker.lines.find(({ module }) => module === 'main');
  expect(Object.keys(started ?? {})).toEqual(['level', 'timestamp', 'service', 'module', 'message']);
});

test('what the caller says of the trace and of the action is passed on', async () => {
  const peer = await receive(202, '{}');
  const backend = await play('backend', { WORKER_URL: peer.url });
  await createTask(
    { backend },
    {
      traceparent: traceparent('01'),
      tracestate: 'vendor=opaque',
      baggage: 'tenant=blue,correlation_id=action-17',
    },
  );
  const { spanId } = onlyOne(named(spansOf(backend), 'POST /tasks')).spanContext();
  expect(onlyOne(peer.requests).headers).toMatchObject({
    traceparent: `00-${trace}-${spanId}-01`,
    tracestate: 'vendor=opaque',
    baggage: 'tenant=blue,correlation_id=action-17',
  });
  const created = backend.lines.find(({ message }) => message === 'task created');
  expect(created).toMatchObject({ correlation_id: 'action-17' });
  await peer.close();
});

test('an exemplar leads to a trace that was recorded', async () => {
  const playing = Object.values(await playAll({ LOAD_REQUESTS_PER_SECOND: '120' }));
  await eventually(() => named(spansOf(...playing), 'process_task').length > 5);
  await Promise.all(
    playing.map(async (each) => {
      const exemplars = (await each.samples(openMetrics)).flatMap(({ exemplar }) => exemplar?.['trace_id'] ?? []);
      expect(exemplars.length).toBeGreaterThan(0);
      // A span is recorded when it ends.
      await eventually(() => {
        const recorded = new Set(spansOf(...playing).map((span) => span.spanContext().traceId));
        return exemplars.every((id) => recorded.has(id));
      });
    }),
  );
});

const exemplified = async ({ samples }: Playing): Promise<readonly string[]> =>
  (await samples(openMetrics)).flatMap(({ name, exemplar }) => (exemplar ? [name] : []));

test('a trace that the caller does not record has ids in log lines, but neither spans nor exemplars', async () => {
  const { backend, worker } = await playAll({});
  const headers = { ...(await login(backend)), traceparent: traceparent('00') };
  const exemplarsBefore = await exemplified(backend);
  await backend.call('POST', '/api/tasks', { headers, body: { task: 'notification' } });
  const succeeded = (): boolean =>
    worker.lines.some(({ message, trace_id }) => message === 'task succeeded' && trace_id === trace);
  await eventually(succeeded);
  expect(backend.lines).toContainEqual(expect.objectContaining({ message: 'task created', trace_id: trace }));
  expect(tree({ backend, worker }, trace)).toEqual([]);
  expect(await exemplified(worker)).toEqual([]);
  expect(await exemplified(backend)).toEqual(exemplarsBefore);
});

test('where spans are not exported, nothing points to traces, and log lines still tell requests apart', async () => {
  const backend = await play('backend', {}, { spanProcessors: [] });
  await login(backend);
  await login(backend);
  expect(await exemplified(backend)).toEqual([]);
  const ids = backend.lines.flatMap(({ trace_id }) => trace_id ?? []);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(2);
});

describe('failure', () => {
  test('of a task is an exception', async () => {
    const { backend, worker } = await playAll({});
    await worker.call('PUT', '/faults/errors', { body: { ratio: 1 } });
    await createTask({ backend });
    await eventually(() => named(spansOf(worker), 'process_task').length > 0);
    const span = onlyOne(named(spansOf(worker), 'process_task'));
    expect(exceptionsOf(span)).toEqual([['exception', 'the task failed']]);
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).toMatchObject({ 'task.status': 'error', 'error.message': 'the task failed' });
    expect(span.attributes).not.toHaveProperty('task.result_size');
  });

  test('of a request is one of its span, and the wait for a connection one of its query', async () => {
    const backend = await play('backend');
    const headers = await login(backend);
    await backend.call('PUT', '/faults/exhausted-connections');
    expect(await backend.call('GET', '/api/users', { headers })).toMatchObject({ status: 503 });
    const refused = [['exception', 'no database connection became free within 0.05 s']];
    for (const name of ['GET /api/users', 'select']) {
      const span = named(spansOf(backend), name).at(-1);
      expect(span && exceptionsOf(span)).toEqual(refused);
      expect(span?.status.code).toBe(SpanStatusCode.ERROR);
    }
  });

  test('of the caller is none of the server', async () => {
    const backend = await play('backend');
    await backend.call('GET', '/api/users');
    const { status, events, attributes } = onlyOne(spansOf(backend));
    expect({ status, events }).toEqual({ status: { code: SpanStatusCode.UNSET }, events: [] });
    expect(attributes).toMatchObject({ 'http.route': '/api/users', 'http.response.status_code': 401 });
  });

  test('to reach a peer, or to please it, is one of the client', async () => {
    const peer = await receive(404, '{}');
    const call = async (url: string): Promise<ReadableSpan> => {
      const backend = await play('backend', { WORKER_URL: url });
      const headers = await login(backend);
      expect(await backend.call('POST', '/api/tasks', { headers, body: { task: 'notification' } })).toMatchObject({
        status: 502,
      });
      return onlyOne(named(spansOf(backend), 'POST /tasks'));
    };
    const refused = await call(peer.url);
    expect(refused.status.code).toBe(SpanStatusCode.ERROR);
    expect(refused.attributes).toMatchObject({ 'http.response.status_code': 404 });
    const unreached = await call('http://127.0.0.1:1');
    expect(unreached.status.code).toBe(SpanStatusCode.ERROR);
    expect(exceptionsOf(unreached)).toEqual([['exception', expect.stringContaining('ECONNREFUSED')]]);
    await peer.close();
  });
});

import { logFields } from '../../../lib/catalog/logs';
import { eventually, freePort, login, openMetrics, play, playAll, stopAll, type Playing } from './play';

afterEach(stopAll);

test('queue depth follows the load, and scaling follows queue depth', async () => {
  const { backend, worker, mlController } = await playAll({
    LOAD_REQUESTS_PER_SECOND: '200',
    WORKER_CONCURRENCY: '1',
    TASK_DURATION_FACTOR: '0.06',
  });
  const depth = (): Promise<number> => worker.value('celery_queue_depth');
  const pods = (): Promise<number> => mlController.value('kubernetes_pods_running', { service: 'worker' });
  const decisions = (action: string): Promise<number> =>
    mlController.value('scaling_decisions_total', { action, service: 'worker' });

  await eventually(async () => (await depth()) > 5);
  const foreseen = ({ metadata }: Readonly<Record<string, unknown>>): number =>
    (metadata as { readonly predicted?: number } | undefined)?.predicted ?? 0;
  await eventually(() => mlController.lines.some((line) => foreseen(line) > 5));
  await eventually(async () => (await decisions('scale_up')) > 0 && (await pods()) > 3);
  await eventually(async () => (await worker.value('celery_workers_active')) > 3);

  await backend.stop();
  await eventually(async () => (await depth()) === 0);
  await eventually(async () => (await decisions('scale_down')) > 0 && (await pods()) === 1);
  await eventually(async () => (await worker.call('GET', '/load')).text.includes('"replicas":1'));
  expect(await mlController.value('scaling_cost_savings_dollars_total')).toBeGreaterThan(0);
  // Nobody foresaw all of that.
  expect(await mlController.value('scaling_prediction_accuracy')).toBeGreaterThan(0);
  expect(await mlController.value('scaling_prediction_accuracy')).toBeLessThan(1);
}, 30_000);

test('the backend counts the tasks that the worker ended', async () => {
  const { backend, worker } = await playAll({});
  const headers = await login(backend);
  const create = async (): Promise<void> => {
    expect(await backend.call('POST', '/api/tasks', { headers, body: { task: 'notification' } })).toMatchObject({
      status: 201,
    });
  };
  await create();
  await eventually(async () => (await backend.value('tasks_completed_total')) === 1);
  await worker.call('PUT', '/faults/errors', { body: { ratio: 1 } });
  await create();
  await eventually(async () => (await backend.value('tasks_failed_total')) === 1);
  expect(await backend.value('tasks_created_total')).toBe(2);
  expect(await backend.value('tasks_completed_total')).toBe(1);
});

test('simulated users come back to the tasks that they created', async () => {
  const { backend } = await playAll({ LOAD_REQUESTS_PER_SECOND: '200' });
  const answered = (labels: Readonly<Record<string, string>>): Promise<number> =>
    backend.value('http_requests_total', labels);
  await eventually(async () => (await answered({ method: 'POST', endpoint: '/api/tasks', status: '201' })) > 0);
  await eventually(async () => (await answered({ method: 'GET', endpoint: '/api/tasks/{id}', status: '200' })) > 0);
});

test('a new controller takes over the replicas that the worker has', async () => {
  const worker = await play('worker');
  await worker.call('PUT', '/scale', { body: { replicas: 5 } });
  const mlController = await play('ml-controller', { WORKER_URL: worker.url, DECISION_INTERVAL_SECONDS: '3600' });
  await eventually(async () => (await mlController.value('scaling_decisions_total', { service: 'worker' })) === 1);
  expect(await mlController.value('kubernetes_pods_running', { service: 'worker' })).toBe(5);
});

test('a task that is deleted while it waits is revoked', async () => {
  const { backend, worker } = await playAll({});
  const headers = await login(backend);
  await worker.call('PUT', '/faults/stuck-queue');
  const { text } = await backend.call('POST', '/api/tasks', { headers, body: { task: 'report_generation' } });
  const { id } = JSON.parse(text) as { id: string };
  expect(await backend.call('DELETE', `/api/tasks/${id}`, { headers })).toMatchObject({ status: 204 });
  expect(await worker.value('celery_queue_depth')).toBe(0);
  expect(await worker.value('celery_tasks_total', { task: 'report_generation', state: 'REVOKED' })).toBe(1);
  await eventually(async () => (await backend.value('tasks_failed_total')) === 1);
});

test('one trace goes through backend and worker, into logs and exemplars', async () => {
  const { backend, worker } = await playAll({});
  const trace = '0123456789abcdef0123456789abcdef';
  const headers = { ...(await login(backend)), traceparent: `00-${trace}-00f067aa0ba902b7-01` };
  await backend.call('POST', '/api/tasks', { headers, body: { task: 'notification' } });
  await eventually(async () => (await backend.value('tasks_completed_total')) === 1);
  const traced = async ({ samples }: Playing): Promise<readonly string[]> =>
    (await samples(openMetrics)).filter(({ exemplar }) => exemplar?.['trace_id'] === trace).map(({ name }) => name);
  expect(await traced(backend)).toEqual(
    expect.arrayContaining(['http_requests_total', 'http_request_duration_seconds_bucket', 'tasks_completed_total']),
  );
  expect(await traced(worker)).toEqual(
    expect.arrayContaining(['celery_tasks_total', 'celery_task_duration_seconds_bucket']),
  );
  const messages = ({ lines }: Playing): readonly unknown[] =>
    lines.filter((line) => line['trace_id'] === trace).map((line) => line['message']);
  expect(messages(backend)).toContain('task created');
  expect(messages(worker)).toContain('task succeeded');
});

test('every log line has the fields of the catalog and no other', async () => {
  const { backend, worker, mlController } = await playAll({ LOAD_REQUESTS_PER_SECOND: '120' });
  await eventually(async () => (await backend.value('tasks_completed_total')) > 5);
  for (const { lines } of [backend, worker, mlController]) {
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      for (const [name, value] of Object.entries(line)) {
        const field = new Map(Object.entries(logFields)).get(name);
        expect([name, field?.type]).toEqual([name, typeof value]);
        if (field && field.bound !== 'unbounded' && field.bound.values.length === field.bound.limit)
          expect(field.bound.values).toContain(value);
      }
      for (const [name, { required }] of Object.entries(logFields)) if (required) expect(line).toHaveProperty(name);
    }
  }
});

describe('while its peers are away', () => {
  test('the backend answers 502 for tasks, and goes on', async () => {
    const backend = await play('backend');
    const headers = await login(backend);
    const answer = await backend.call('POST', '/api/tasks', { headers, body: { task: 'notification' } });
    expect(answer.status).toBe(502);
    expect(await backend.value('http_requests_total', { status: '502' })).toBe(1);
    expect(await backend.call('GET', '/api/tasks', { headers })).toMatchObject({ status: 200 });
  });

  test('the worker works, and warns that nobody takes its reports', async () => {
    const worker = await play('worker');
    await worker.call('POST', '/tasks', { body: { id: 'a', task: 'notification' } });
    await eventually(async () => (await worker.value('celery_tasks_total', { state: 'SUCCESS' })) === 1);
    await eventually(() => worker.lines.some(({ level, module }) => level === 'WARN' && module === 'results'));
  });

  test('the worker reports again when the backend is back', async () => {
    const PORT = await freePort();
    const worker = await play('worker', { BACKEND_URL: `http://127.0.0.1:${PORT}` });
    await worker.call('POST', '/tasks', { body: { id: 'a', task: 'notification' } });
    await eventually(() => worker.lines.some(({ module }) => module === 'results'));
    const backend = await play('backend', { PORT });
    await eventually(async () => (await backend.value('tasks_completed_total')) === 1);
  });

  test('the ml-controller warns, decides nothing, and decides again when they are back', async () => {
    const { worker, mlController } = await playAll({});
    await worker.stop();
    await eventually(() => mlController.lines.some(({ level, module }) => level === 'WARN' && module === 'scaling'));
    const before = await mlController.value('scaling_decisions_total', { service: 'worker' });
    const backend = await mlController.value('scaling_decisions_total', { service: 'backend' });
    await eventually(
      async () => (await mlController.value('scaling_decisions_total', { service: 'backend' })) > backend + 2,
    );
    expect(await mlController.value('scaling_decisions_total', { service: 'worker' })).toBe(before);
    await play('worker', { PORT: new URL(worker.url).port });
    await eventually(async () => (await mlController.value('scaling_decisions_total', { service: 'worker' })) > before);
  });
});

test('who is not logged in is turned away', async () => {
  const backend = await play('backend');
  expect(await backend.call('GET', '/api/tasks')).toMatchObject({ status: 401 });
  const wrong = { user: 'user1', password: 'wrong' };
  expect(await backend.call('POST', '/api/auth/login', { body: wrong })).toMatchObject({ status: 401 });
  expect(backend.lines).toContainEqual(expect.objectContaining({ module: 'auth', message: 'authentication failed' }));
});

test('a service is ready until it stops', async () => {
  const worker = await play('worker', { TASK_DURATION_FACTOR: '10' });
  expect(await worker.call('GET', '/readyz')).toMatchObject({ status: 200 });
  // A task keeps it busy, so that it can be asked while it stops.
  await worker.call('POST', '/tasks', { body: { id: 'a', task: 'model_training' } });
  const stopped = worker.stop();
  expect(await worker.call('GET', '/readyz')).toMatchObject({ status: 503 });
  expect(await worker.call('GET', '/healthz')).toMatchObject({ status: 200 });
  expect(await worker.call('POST', '/tasks', { body: { id: 'b', task: 'notification' } })).toMatchObject({
    status: 503,
  });
  await stopped;
  await expect(worker.call('GET', '/healthz')).rejects.toThrow();
});

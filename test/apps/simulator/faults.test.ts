import { services, type Service } from '../../../lib/catalog/components';
import { faults, type FaultName } from '../../../apps/simulator/faults';
import { eventually, freePort, login, play, playAll, stopAll, type Playing } from './play';

afterEach(stopAll);

const switchOn = async ({ call }: Playing, name: FaultName, body?: unknown): Promise<void> => {
  expect(await call('PUT', `/faults/${name}`, { body })).toMatchObject({ status: 200 });
};
const switchOff = async ({ call }: Playing, name: FaultName): Promise<void> => {
  expect(await call('DELETE', `/faults/${name}`)).toMatchObject({ status: 200 });
};
const list = async ({ call }: Playing): Promise<readonly { readonly name: string; readonly on: boolean }[]> =>
  JSON.parse((await call('GET', '/faults')).text) as { name: string; on: boolean }[];

const enqueue = async ({ call }: Playing): Promise<number> =>
  (await call('POST', '/tasks', { body: { id: 'a', task: 'notification' } })).status;

describe('errors', () => {
  test('fails requests of the backend', async () => {
    const backend = await play('backend');
    const headers = await login(backend);
    const status = async (): Promise<number> => (await backend.call('GET', '/api/tasks', { headers })).status;
    await switchOn(backend, 'errors', { ratio: 1 });
    expect(await status()).toBe(500);
    expect(await backend.value('http_requests_total', { status: '500' })).toBe(1);
    await switchOff(backend, 'errors');
    expect(await status()).toBe(200);
  });

  test('fails tasks of the worker', async () => {
    const worker = await play('worker');
    const ended = (state: string): Promise<number> => worker.value('celery_tasks_total', { state });
    await switchOn(worker, 'errors', { ratio: 1 });
    await enqueue(worker);
    await eventually(async () => (await ended('FAILURE')) === 1);
    await switchOff(worker, 'errors');
    await enqueue(worker);
    await eventually(async () => (await ended('SUCCESS')) === 1);
  });

  test('makes the model of the ml-controller unavailable', async () => {
    const { mlController } = await playAll({});
    const available = (): Promise<number> => mlController.value('model_available');
    expect(await available()).toBe(1);
    await switchOn(mlController, 'errors', { ratio: 1 });
    await eventually(async () => (await available()) === 0);
    await switchOff(mlController, 'errors');
    await eventually(async () => (await available()) === 1);
  });
});

describe('latency', () => {
  const slow = { seconds: 0.6 };

  test.each<[Service, string]>([
    ['backend', 'http_request_duration_seconds'],
    ['worker', 'celery_task_duration_seconds'],
    ['ml-controller', 'model_inference_duration_seconds'],
  ])('slows the %s', async (service, metric) => {
    const { backend, worker, mlController } = await playAll({});
    const subject = { backend, worker, 'ml-controller': mlController }[service];
    const act = async (): Promise<void> => {
      if (service === 'backend') await subject.call('GET', '/nowhere');
      if (service === 'worker') await enqueue(subject);
    };
    const slower = async (): Promise<number> =>
      (await subject.value(`${metric}_count`)) - (await subject.value(`${metric}_bucket`, { le: '0.5' }));
    await switchOn(subject, 'latency', slow);
    await act();
    await eventually(async () => (await slower()) > 0);
    await switchOff(subject, 'latency');
    const quicker = await subject.value(`${metric}_bucket`, { le: '0.5' });
    await eventually(async () => {
      await act();
      return (await subject.value(`${metric}_bucket`, { le: '0.5' })) > quicker;
    });
  });
});

test('exhausted-connections leaves the backend without a database', async () => {
  const backend = await play('backend', { DATABASE_CONNECTIONS_MAX: '7' });
  const headers = await login(backend);
  const status = async (): Promise<number> => (await backend.call('GET', '/api/tasks', { headers })).status;
  await switchOn(backend, 'exhausted-connections');
  expect(await status()).toBe(503);
  expect(await backend.value('db_connections_active')).toBe(7);
  expect(await backend.value('db_connections_idle')).toBe(0);
  expect(await backend.value('http_requests_total', { status: '503' })).toBe(1);
  await switchOff(backend, 'exhausted-connections');
  expect(await status()).toBe(200);
  expect(await backend.value('db_connections_active')).toBe(0);
});

test('stuck-queue lets tasks pile up', async () => {
  const worker = await play('worker');
  const depth = (): Promise<number> => worker.value('celery_queue_depth', { queue: 'priority' });
  await switchOn(worker, 'stuck-queue');
  for (let task = 0; task < 5; task += 1) expect(await enqueue(worker)).toBe(202);
  expect(await depth()).toBe(5);
  expect(await worker.value('celery_workers_active')).toBe(0);
  await switchOff(worker, 'stuck-queue');
  await eventually(async () => (await depth()) === 0);
  await eventually(async () => (await worker.value('celery_tasks_total', { state: 'SUCCESS' })) === 5);
});

test('crash ends the process with an error, after the answer', async () => {
  const worker = await play('worker');
  await switchOn(worker, 'crash');
  await eventually(() => worker.exits.length > 0);
  expect(worker.exits).toEqual([1]);
  expect(worker.lines).toContainEqual(expect.objectContaining({ level: 'FATAL' }));
});

describe('silence', () => {
  const metrics = ({ url }: Playing): Promise<string> =>
    fetch(`${url}/metrics`, { signal: AbortSignal.timeout(300) }).then(
      ({ status }) => String(status),
      (error: unknown) => (error as Error).name,
    );

  test.each([
    ['hang', 'TimeoutError'],
    ['close', 'TypeError'],
  ])('in mode %s leaves /metrics without an answer', async (mode, expected) => {
    const worker = await play('worker');
    await switchOn(worker, 'silence', { mode });
    expect(await metrics(worker)).toBe(expected);
    expect(await worker.call('GET', '/healthz')).toMatchObject({ status: 200 });
    expect(await enqueue(worker)).toBe(202);
    await switchOff(worker, 'silence');
    await eventually(async () => (await metrics(worker)) === '200');
  });
});

describe('the switches', () => {
  test.each(services)('of the %s list its faults, all off', async (service) => {
    const ours = Object.entries(faults).filter(([, fault]) => fault.services.some((each) => each === service));
    expect(await list(await play(service))).toEqual(
      ours.map(([name]) => expect.objectContaining({ name, on: false }) as unknown),
    );
  });

  test('show what is on, and with which value', async () => {
    const worker = await play('worker');
    await switchOn(worker, 'latency', { seconds: 0.5 });
    await switchOn(worker, 'errors');
    expect((await list(worker)).filter(({ on }) => on)).toMatchObject([
      { name: 'errors', parameter: { name: 'ratio', value: 0.5 } },
      { name: 'latency', parameter: { name: 'seconds', value: 0.5 } },
    ]);
  });

  test.each<[string, unknown, number, string]>([
    [
      'gremlins',
      undefined,
      404,
      '"gremlins" is no fault of worker: use one of errors, latency, stuck-queue, memory, crash, silence',
    ],
    ['exhausted-connections', undefined, 404, '"exhausted-connections" is no fault of worker'],
    ['errors', { ratio: 2 }, 400, 'ratio is 2: set it to a number from 0 to 1, or leave it out for 0.5'],
    ['errors', { ratio: '0.1' }, 400, 'ratio is "0.1": set it to a number from 0 to 1'],
    ['silence', { mode: 'slow' }, 400, 'mode is "slow": set it to one of hang, close'],
    ['latency', { second: 1 }, 400, '"second" is no parameter of latency: use "seconds", a number from 0 to 60'],
    ['crash', { when: 'now' }, 400, '"when" is no parameter of crash: send no body'],
    ['errors', '{"ratio":', 400, 'the body is {"ratio":: send a JSON object or nothing'],
    ['errors', [1], 400, 'the body is [1]: send a JSON object or nothing'],
  ])('refuse %s with %j', async (name, body, status, message) => {
    const worker = await play('worker');
    const answer = await worker.call('PUT', `/faults/${name}`, { body });
    expect(answer.status).toBe(status);
    expect((JSON.parse(answer.text) as { error: string }).error).toContain(message);
    expect((await list(worker)).filter(({ on }) => on)).toEqual([]);
  });
});

test('a port that is taken is an error, not a silent second choice', async () => {
  const PORT = await freePort();
  await play('worker', { PORT });
  await expect(play('worker', { PORT })).rejects.toThrow('EADDRINUSE');
});

test('memory is held until the fault is over', async () => {
  const worker = await play('worker');
  const resident = (): number => process.memoryUsage.rss();
  const before = resident();
  await switchOn(worker, 'memory', { mebibytes: 512 });
  expect(resident()).toBeGreaterThan(before + 400 * 1024 ** 2);
  await switchOff(worker, 'memory');
  expect(resident()).toBeLessThan(before + 300 * 1024 ** 2);
});

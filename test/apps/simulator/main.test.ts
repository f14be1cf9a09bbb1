import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundling } from '../../../apps/simulator/bundling';
import { runBundle } from '../run-bundle';
import { eventually, freePort } from './play';
import { receive } from './receive';

const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
const bundle = join(folder, 'simulator.js');

beforeAll(() => {
  buildSync({ ...bundling, outfile: bundle });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (environment: Readonly<Record<string, string>>) => runBundle(bundle, environment);

const started = async (service: string, environment: Readonly<Record<string, string>> = {}) => {
  const running = run({ SERVICE_NAME: service, LISTEN_ADDRESS: '127.0.0.1', PORT: '0', ...environment });
  await eventually(() => running.output.stdout.includes('listens on'));
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.output.stdout)?.[0] ?? '';
  return { ...running, url };
};

test('the bundle is small enough for a ConfigMap with room to grow', () => {
  expect(statSync(bundle).size).toBeLessThan(235 * 1024);
});

test.each(['backend', 'worker', 'ml-controller'])(
  '%s runs as a bundle and stops with 0 on SIGTERM',
  async (service) => {
    const { child, output, exited, url } = await started(service);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(output.stderr).toBe('');
  },
);

test('the crash fault ends the process with an error', async () => {
  const { exited, url } = await started('worker');
  expect((await fetch(`${url}/faults/crash`, { method: 'PUT' })).status).toBe(200);
  expect(await exited).toBe(1);
});

test('bad settings end it with all that is wrong', async () => {
  const { output, exited } = run({ SERVICE_NAME: 'frontend', PORT: 'eighty' });
  expect(await exited).toBe(2);
  expect(output.stderr).toContain('SERVICE_NAME is "frontend"');
  expect(output.stderr).toContain('PORT is "eighty"');
});

describe('spans', () => {
  /** A worker that exports there; it answers one request. */
  const exportingTo = async (collector: string, environment: Readonly<Record<string, string>> = {}) => {
    const worker = await started('worker', { OTEL_EXPORTER_OTLP_ENDPOINT: collector, ...environment });
    const start = Date.now();
    expect((await fetch(`${worker.url}/load`)).status).toBe(200);
    expect(Date.now() - start).toBeLessThan(1000);
    return worker;
  };
  const stop = async ({ child, exited }: ReturnType<typeof run>): Promise<void> => {
    const start = Date.now();
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(Date.now() - start).toBeLessThan(4000);
  };

  test('that ended are exported before the process does, under the names of the standard variables', async () => {
    const collector = await receive(200);
    const environment = { OTEL_SERVICE_NAME: 'night-worker', OTEL_RESOURCE_ATTRIBUTES: 'k8s.pod.name=worker-7f' };
    await stop(await exportingTo(collector.url, environment));
    expect(collector.requests.map(({ path, headers }) => [path, headers['content-type']])).toEqual([
      ['/v1/traces', 'application/x-protobuf'],
    ]);
    for (const name of ['GET /load', 'night-worker', 'worker-7f']) expect(collector.requests[0]?.body).toContain(name);
    await collector.close();
  });

  test('for a collector that never answers hold up neither requests nor the stop', async () => {
    const collector = await receive('never');
    await stop(await exportingTo(collector.url));
    expect(collector.requests.length).toBeGreaterThan(0);
    await collector.close();
  });

  test('for a collector that is away hold up neither requests nor the stop, and their loss is told', async () => {
    const environment = { OTEL_BSP_SCHEDULE_DELAY: '10', OTEL_EXPORTER_OTLP_TIMEOUT: '100' };
    const worker = await exportingTo(`http://127.0.0.1:${await freePort()}`, environment);
    await eventually(() => worker.output.stdout.includes('"module":"tracing"'));
    const lines = worker.output.stdout.trim().split('\n');
    const told = lines.find((line) => line.includes('"module":"tracing"')) ?? '';
    expect(JSON.parse(told)).toEqual({
      level: 'WARN',
      timestamp: expect.any(String) as string,
      service: 'worker',
      module: 'tracing',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    await stop(worker);
  });

  test('are not made where Jaeger wants none of an operation, and of the rest they are', async () => {
    const strategy = (operation: string, samplingRate: number) => ({
      operation,
      probabilisticSampling: { samplingRate },
    });
    const sampling = await receive(
      200,
      JSON.stringify({
        operationSampling: { defaultSamplingProbability: 1, perOperationStrategies: [strategy('GET /load', 0)] },
      }),
    );
    const collector = await receive(200);
    const worker = await started('worker', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: `endpoint=${sampling.url},pollingIntervalMs=20,initialSamplingRate=1`,
    });
    // The answer to the first question is in use once the second comes.
    await eventually(() => sampling.requests.length > 1);
    expect(sampling.requests[0]?.path).toBe('/sampling?service=worker');
    await fetch(`${worker.url}/load`);
    await fetch(`${worker.url}/scale`, { method: 'PUT', body: '{"replicas":2}' });
    await stop(worker);
    const exported = collector.requests.map(({ body }) => body).join('');
    expect(exported).toContain('PUT /scale');
    expect(exported).not.toContain('GET /load');
    await Promise.all([sampling.close(), collector.close()]);
  });
});

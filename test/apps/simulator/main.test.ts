import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { eventually } from './play';

const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
const bundle = join(folder, 'simulator.js');

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, '../../../apps/simulator/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the bundle as a pod would: nothing but Node and its environment. */
const run = (environment: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [bundle], { env: environment });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, exited };
};

const started = async (service: string) => {
  const running = run({ SERVICE_NAME: service, LISTEN_ADDRESS: '127.0.0.1', PORT: '0' });
  await eventually(() => running.output.stdout.includes('listens on'));
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.output.stdout)?.[0] ?? '';
  return { ...running, url };
};

test('the bundle is small enough for a ConfigMap with room to grow', () => {
  expect(statSync(bundle).size).toBeLessThan(200 * 1024);
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

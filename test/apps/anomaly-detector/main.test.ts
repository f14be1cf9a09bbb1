import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundling } from '../../../apps/anomaly-detector/bundling';
import { eventually } from '../../harness/eventually';
import { temporaryDirectory } from '../../harness/temporary-directory';
import { runBundle } from '../run-bundle';

const bundle = join(temporaryDirectory('anomaly-detector'), 'main.js');

beforeAll(() => {
  buildSync({ ...bundling, outfile: bundle });
});

const run = (environment: Readonly<Record<string, string>>) => runBundle(bundle, environment);

test('the bundle is small enough for a ConfigMap with room to grow', () => {
  expect(JSON.stringify(readFileSync(bundle, 'utf8')).length).toBeLessThan(256 * 1024);
});

test('without a Prometheus it runs and keeps trying, and stops with 0 on SIGTERM', async () => {
  const { child, output, exited } = run({
    LISTEN_ADDRESS: '127.0.0.1',
    PORT: '0',
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    EVALUATION_INTERVAL: '1s',
  });
  await eventually('it has tried twice', () => {
    expect(output.stdout.match(/did not answer/g)?.length).toBeGreaterThan(8);
  });
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(output.stderr).toBe('');
});

test('bad settings end it with all that is wrong', async () => {
  const { output, exited } = run({ METHOD: 'magic', STEP: 'often' });
  expect(await exited).toBe(2);
  expect(output.stderr).toContain('METHOD is "magic"');
  expect(output.stderr).toContain('STEP is "often"');
});

import { join } from 'node:path';
import { run } from '../tools/run';
import { anomalies } from './anomalies';
import { dashboardQueries } from './dashboards';
import { logAgent } from './log-agent';
import { inTemporaryFolder, measure, root, type Cost } from './measure';
import { ruleEvaluation } from './rules';
import type { ServicesCost } from './services';
import { median, spread, table } from './table';

const node = process.execPath;
const typescript = ['--require', 'ts-node/register'];

const reference = 'Node with cdk8s and cdk8s-plus-28, no more';

/** Commands that write to a folder if they write at all. */
const commands: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  [reference]: () => [node, '--eval', "require('cdk8s'); require('cdk8s-plus-28')"],
  'main.ts': () => [node, ...typescript, 'main.ts'],
  'the same through the cdk8s CLI': (folder) => [
    node,
    'node_modules/cdk8s-cli/bin/cdk8s',
    'synth',
    '--no-check-upgrade',
    '--output',
    join(folder, 'dist'),
  ],
};

/** `helm template` of the chart that BENCH_HELM_CHART names, or why it is not measured. */
const helm = async (): Promise<typeof commands | string> => {
  const { code } = await run('sh', ['-c', 'command -v helm']);
  if (code !== 0) return 'helm is not on PATH';
  const chart = process.env['BENCH_HELM_CHART'];
  if (chart === undefined) return 'BENCH_HELM_CHART names no chart';
  return { [`helm template ${chart}`]: () => ['helm', 'template', chart] };
};

const wholeProcesses = async (runs: number): Promise<number> => {
  const costs = new Map<string, Cost[]>();
  const comparison = await helm();
  const all = Object.entries({ ...commands, ...(typeof comparison === 'object' && comparison) });
  // In turns, so that whatever else the machine does falls on all of them.
  for (let turn = 0; turn < runs; turn += 1)
    for (const [name, command] of all) {
      const cost = await inTemporaryFolder((folder) =>
        measure(command(folder), { CDK8S_OUTDIR: join(folder, 'dist') }),
      );
      costs.set(name, [...(costs.get(name) ?? []), cost]);
    }
  const cpuOf = (name: string): number => median((costs.get(name) ?? []).map(({ cpuSeconds }) => cpuSeconds));
  const rows = [...costs].map(([name, all]) => [
    name,
    spread(
      all.map(({ cpuSeconds }) => cpuSeconds),
      2,
    ),
    (cpuOf(name) / cpuOf(reference)).toFixed(1),
    spread(
      all.map(({ wallSeconds }) => wallSeconds),
      2,
    ),
    spread(
      all.map(({ peakMebibytes }) => peakMebibytes),
      0,
    ),
  ]);
  console.log(`Synthesis of all profiles as whole processes; median (lowest to highest) of ${runs} cold runs.
Aim: one profile in less than 1.0 s of CPU.\n`);
  console.log(table([['', 'CPU s', 'of the first', 'wall s', 'peak MiB'], ...rows]));
  if (typeof comparison === 'string') console.log(`\nNot measured: helm template, since ${comparison}.`);
  return cpuOf(reference);
};

const costOfServices = async (count: number, runs: number): Promise<readonly ServicesCost[]> => {
  const costs: ServicesCost[] = [];
  for (let turn = 0; turn < runs; turn += 1) {
    const { stdout, stderr } = await run(node, [...typescript, 'bench/services.ts', `${count}`], { cwd: root });
    if (stdout === '') throw new Error(stderr);
    costs.push(JSON.parse(stdout) as ServicesCost);
  }
  return costs;
};

const manyServices = async (counts: readonly number[], runs: number, referenceCpuSeconds: number): Promise<void> => {
  const rows: string[][] = [];
  let previous = { count: 0, cpu: 0 };
  for (const count of counts) {
    const costs = await costOfServices(count, runs);
    const milliseconds = costs.map(({ cpuMilliseconds }) => cpuMilliseconds);
    const cpu = median(milliseconds);
    rows.push([
      `${count}`,
      spread(milliseconds, 0),
      (cpu / 1000 / referenceCpuSeconds).toFixed(2),
      ((cpu - previous.cpu) / (count - previous.count)).toFixed(1),
      spread(
        costs.map(({ peakMebibytes }) => peakMebibytes),
        0,
      ),
      `${costs[0]?.objects ?? ''}`,
      (costs[0]?.configKibibytes ?? NaN).toFixed(0),
    ]);
    previous = { count, cpu };
  }
  console.log(`
Rendering many services: AutoServeCharts in one App, checked and written as main.ts does it, and one Prometheus
configuration with a scrape job each; without network policies, which list the services of the catalog. Each in a
process of its own, from an empty App to the files; median (lowest to highest) of ${runs} runs.
Aim: less than 3 ms for each further service; the first ones pay for code that is not compiled yet.\n`);
  console.log(
    table([
      [
        'services',
        'CPU ms',
        'of Node with cdk8s',
        'ms for each further one',
        'peak MiB',
        'objects',
        'prometheus.yml KiB',
      ],
      ...rows,
    ]),
  );
};

const main = async (): Promise<void> => {
  const referenceCpuSeconds = await wholeProcesses(5);
  await manyServices([1, 10, 100, 1000], 3, referenceCpuSeconds);
  await logAgent(3);
  await ruleEvaluation([50, 500]);
  await dashboardQueries([50, 500]);
  anomalies();
};

main().catch((failure: unknown) => {
  console.error(failure instanceof Error ? failure.message : failure);
  process.exitCode = 1;
});

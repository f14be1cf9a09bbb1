import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fluentBitConfigOf } from '../charts/program-configs';
import { toYaml } from '../lib/config/to-yaml';
import { inCluster } from '../lib/platform/platform';
import { production } from '../lib/profile/production';
import { optionalProgram, skippedWithout } from '../tools/optional-programs';
import { inTemporaryFolder, measure } from './measure';
import { median, spread, table } from './table';

const millions = 0.3;
const lines = millions * 1_000_000;

const applicationLine = (index: number, time: string): string =>
  JSON.stringify({
    timestamp: time,
    level: 'INFO',
    service: 'backend',
    module: 'tasks',
    message: `task created ${index}`,
    correlation_id: 'abc123',
    user_id: `user${index % 300}`,
    duration_ms: index % 1000,
    trace_id: (index + 1).toString(16).padStart(32, '0'),
    span_id: (index + 1).toString(16).padStart(16, '0'),
  });

/** What the two kinds of container runtime make of a line. */
const formats = {
  cri: (line: string, time: string) => `${time} stdout F ${line}\n`,
  docker: (line: string, time: string) => `${JSON.stringify({ log: `${line}\n`, stream: 'stdout', time })}\n`,
};

const writeLog = (file: string, format: (line: string, time: string) => string): void => {
  mkdirSync(join(file, '..'), { recursive: true });
  const descriptor = openSync(file, 'w');
  const start = Date.now();
  for (let index = 0; index < lines; index += 1) {
    const time = new Date(start + index).toISOString().replace('Z', '000000Z');
    writeSync(descriptor, format(applicationLine(index, time), time));
  }
  closeSync(descriptor);
};

/** The guide's configuration in today's format; metadata comes from no API server, which costs it nothing. */
const guide = (folder: string, port: number): object => ({
  service: { flush: 1, log_level: 'error' },
  parsers: [
    { name: 'docker', format: 'json', time_key: 'time', time_format: '%Y-%m-%dT%H:%M:%S.%L%z', time_keep: 'on' },
  ],
  pipeline: {
    inputs: [
      {
        name: 'tail',
        path: `${folder}/containers/*.log`,
        parser: 'docker',
        tag: 'kube.*',
        refresh_interval: 5,
        mem_buf_limit: '50MB',
        read_from_head: true,
        exit_on_eof: true,
      },
    ],
    filters: [{ name: 'kubernetes', match: 'kube.*', dummy_meta: true }],
    outputs: [
      {
        name: 'loki',
        match: '*',
        host: '127.0.0.1',
        port,
        labels: 'job=fluent-bit',
        auto_kubernetes_labels: true,
        retry_limit: 'no_limits',
      },
    ],
  },
});

/** Production's, which reads one group of pods here and ends at the end of its file. */
const ours = (folder: string, port: number): object => {
  const { service, parsers, pipeline } = fluentBitConfigOf(production, inCluster(production.namespaces));
  const [input] = pipeline.inputs;
  const [output] = pipeline.outputs;
  const text = JSON.stringify({
    service: { ...service, log_level: 'error', http_server: false },
    parsers,
    pipeline: {
      inputs: [{ ...input, exit_on_eof: true }],
      filters: pipeline.filters,
      outputs: [{ ...output, host: '127.0.0.1', port }],
    },
  });
  return JSON.parse(
    text.replaceAll('/var/log/pods', `${folder}/pods`).replaceAll('/var/lib/autoserve-fluent-bit', `${folder}/state`),
  ) as object;
};

/** Takes whatever is pushed, as a Loki without a bound would. */
const sink = async (): Promise<{ readonly port: number; readonly close: () => void }> => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
};

/** CPU of Fluent Bit for each million lines, of the rendered configuration beside the guide's. */
export const logAgent = async (runs: number): Promise<void> => {
  const fluentBit = optionalProgram('fluent-bit');
  if (fluentBit === undefined) {
    console.log(`\n${skippedWithout('fluent-bit')}`);
    return;
  }
  const seconds = new Map<string, number[]>();
  const { port, close } = await sink();
  await inTemporaryFolder(async (folder) => {
    const { application } = production.namespaces;
    writeLog(join(folder, 'containers', `backend-1_${application}_backend-${'0'.repeat(64)}.log`), formats.docker);
    writeLog(join(folder, 'pods', `${application}_backend-1_uid`, 'backend', '0.log'), formats.cri);
    const configs = { "the guide's configuration": guide(folder, port), "production's": ours(folder, port) };
    for (let turn = 0; turn < runs; turn += 1)
      for (const [name, config] of Object.entries(configs)) {
        const file = join(folder, `${turn}-${name.slice(0, 3)}.yaml`);
        writeFileSync(file, toYaml(config).replaceAll(`${folder}/state`, `${folder}/state-${turn}`));
        mkdirSync(`${folder}/state-${turn}`, { recursive: true });
        const { cpuSeconds } = await measure([fluentBit, `--config=${file}`]);
        seconds.set(name, [...(seconds.get(name) ?? []), cpuSeconds / millions]);
      }
  });
  close();
  const [reference = NaN] = [...seconds.values()].map(median);
  const rows = [...seconds].map(([name, values]) => [name, spread(values, 1), (median(values) / reference).toFixed(2)]);
  console.log(`
Fluent Bit over ${lines} lines of a service; median (lowest to highest) of ${runs} runs.
The guide's keeps what waits in memory and loses it; production's writes it to disk first.\n`);
  console.log(table([['', 'CPU s for a million lines', 'of the first'], ...rows]));
};

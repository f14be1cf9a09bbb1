import { Duration } from 'cdk8s';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleFile } from '../../lib/config/rule-file';
import { toYaml } from '../../lib/config/to-yaml';
import { recordingGroups } from '../../rules/rule-groups';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { temporaryDirectory } from '../harness/temporary-directory';

type Samples = Readonly<Record<string, number>>;

/** What promtool says after ten minutes of these series, of which it takes a sample each 15 s. */
const outcomeOf = async (series: Readonly<Record<string, string>>, recorded: string, expected: Samples) => {
  const directory = temporaryDirectory('rules');
  writeFileSync(join(directory, 'rules.yaml'), toYaml(ruleFile(recordingGroups(Duration.seconds(15)))));
  const scenario = {
    rule_files: ['rules.yaml'],
    evaluation_interval: '15s',
    tests: [
      {
        interval: '15s',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: recorded,
            eval_time: '10m',
            exp_samples: Object.entries(expected).map(([labels, value]) => ({ labels: `${recorded}${labels}`, value })),
          },
        ],
      },
    ],
  };
  writeFileSync(join(directory, 'test.yaml'), toYaml(scenario));
  const { code, stdout, stderr } = await run(await program('promtool'), ['test', 'rules', 'test.yaml'], {
    cwd: directory,
  });
  return { code, text: stdout + stderr };
};

const node = 'instance="node-1", node="node-1"';
const onDisk = `{device="/dev/sda1", fstype="ext4", ${node}, mountpoint="/"}`;
const inMemory = `{device="tmpfs", fstype="tmpfs", ${node}, mountpoint="/run"}`;

test.each<readonly [string, Readonly<Record<string, string>>, string, Samples]>([
  [
    'a processor that idles a quarter and one that idles three quarters of the time are half busy',
    {
      [`node_cpu_seconds_total{cpu="0", mode="idle", ${node}}`]: '0+3.75x40',
      [`node_cpu_seconds_total{cpu="1", mode="idle", ${node}}`]: '0+11.25x40',
      [`node_cpu_seconds_total{cpu="0", mode="user", ${node}}`]: '0+11.25x40',
    },
    'instance:node_cpu_utilisation:ratio_rate5m',
    { [`{${node}}`]: 0.5 },
  ],
  [
    'memory that is not available is in use',
    { [`node_memory_MemTotal_bytes{${node}}`]: '1000x40', [`node_memory_MemAvailable_bytes{${node}}`]: '300x40' },
    'instance:node_memory_usage:bytes',
    { [`{${node}}`]: 700 },
  ],
  [
    'a file system in memory is no disk',
    {
      [`node_filesystem_size_bytes${onDisk}`]: '1000x40',
      [`node_filesystem_avail_bytes${onDisk}`]: '400x40',
      [`node_filesystem_size_bytes${inMemory}`]: '1000x40',
      [`node_filesystem_avail_bytes${inMemory}`]: '1000x40',
    },
    'instance:node_filesystem_usage:bytes',
    { [onDisk]: 600 },
  ],
])('%s', async (_, series, recorded, expected) => {
  const { code, text } = await outcomeOf(series, recorded, expected);
  expect({ code, text }).toMatchObject({ code: 0 });
  const wrong = Object.fromEntries(Object.entries(expected).map(([labels, value]) => [labels, value + 1]));
  expect(await outcomeOf(series, recorded, wrong)).not.toMatchObject({ code: 0 });
});

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
    // A rate is a division.
    fuzzy_compare: true,
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
  [
    'requests of all pods and methods are summed, by endpoint and status',
    {
      'http_requests_total{pod="a", method="GET", endpoint="/api/tasks", status="200"}': '0+15x40',
      'http_requests_total{pod="a", method="POST", endpoint="/api/tasks", status="200"}': '0+30x40',
      'http_requests_total{pod="b", method="GET", endpoint="/api/tasks", status="200"}': '0+45x40',
      'http_requests_total{pod="b", method="GET", endpoint="/api/tasks", status="500"}': '0+60x40',
      'http_requests_total{pod="b", method="GET", endpoint="/api/users", status="200"}': '0+75x40',
    },
    'backend:http_requests:rate5m',
    {
      '{endpoint="/api/tasks", status="200"}': 6,
      '{endpoint="/api/tasks", status="500"}': 4,
      '{endpoint="/api/users", status="200"}': 5,
    },
  ],
  [
    'tasks of all pods are summed, by task and by how they ended',
    {
      'celery_tasks_total{pod="a", task="notification", state="SUCCESS"}': '0+15x40',
      'celery_tasks_total{pod="b", task="notification", state="SUCCESS"}': '0+30x40',
      'celery_tasks_total{pod="b", task="notification", state="FAILURE"}': '0+45x40',
      'celery_tasks_total{pod="b", task="model_training", state="SUCCESS"}': '0+60x40',
    },
    'worker:celery_tasks:rate5m',
    {
      '{state="SUCCESS", task="notification"}': 3,
      '{state="FAILURE", task="notification"}': 3,
      '{state="SUCCESS", task="model_training"}': 4,
    },
  ],
  [
    'buckets of all pods and methods are summed, by endpoint and bound',
    {
      'http_request_duration_seconds_bucket{pod="a", method="GET", endpoint="/api/tasks", le="0.5"}': '0+15x40',
      'http_request_duration_seconds_bucket{pod="a", method="GET", endpoint="/api/tasks", le="+Inf"}': '0+30x40',
      'http_request_duration_seconds_bucket{pod="b", method="POST", endpoint="/api/tasks", le="0.5"}': '0+30x40',
      'http_request_duration_seconds_bucket{pod="b", method="POST", endpoint="/api/tasks", le="+Inf"}': '0+45x40',
      'http_request_duration_seconds_bucket{pod="b", method="GET", endpoint="/api/users", le="+Inf"}': '0+60x40',
    },
    'backend:http_request_duration_seconds_bucket:rate5m',
    {
      '{endpoint="/api/tasks", le="0.5"}': 3,
      '{endpoint="/api/tasks", le="+Inf"}': 5,
      '{endpoint="/api/users", le="+Inf"}': 4,
    },
  ],
  [
    'buckets of queries are summed over all pods, by operation and bound',
    {
      'db_query_duration_seconds_bucket{pod="a", operation="select", le="0.1"}': '0+15x40',
      'db_query_duration_seconds_bucket{pod="b", operation="select", le="0.1"}': '0+30x40',
      'db_query_duration_seconds_bucket{pod="b", operation="insert", le="0.1"}': '0+60x40',
    },
    'backend:db_query_duration_seconds_bucket:rate5m',
    { '{le="0.1", operation="select"}': 3, '{le="0.1", operation="insert"}': 4 },
  ],
  [
    'buckets of tasks are summed over all pods, by task and bound',
    {
      'celery_task_duration_seconds_bucket{pod="a", task="notification", le="1.0"}': '0+15x40',
      'celery_task_duration_seconds_bucket{pod="b", task="notification", le="1.0"}': '0+30x40',
      'celery_task_duration_seconds_bucket{pod="b", task="model_training", le="1.0"}': '0+60x40',
    },
    'worker:celery_task_duration_seconds_bucket:rate5m',
    { '{le="1.0", task="notification"}': 3, '{le="1.0", task="model_training"}': 4 },
  ],
  [
    'the backend is as slow as its pods are together',
    {
      'http_request_duration_seconds_bucket{pod="a", method="GET", endpoint="/api/tasks", le="0.5"}': '0+15x40',
      'http_request_duration_seconds_bucket{pod="a", method="GET", endpoint="/api/tasks", le="1.0"}': '0+15x40',
      'http_request_duration_seconds_bucket{pod="a", method="GET", endpoint="/api/tasks", le="+Inf"}': '0+15x40',
      'http_request_duration_seconds_bucket{pod="b", method="GET", endpoint="/api/users", le="0.5"}': '0x40',
      'http_request_duration_seconds_bucket{pod="b", method="GET", endpoint="/api/users", le="1.0"}': '0+15x40',
      'http_request_duration_seconds_bucket{pod="b", method="GET", endpoint="/api/users", le="+Inf"}': '0+15x40',
    },
    'service:request_duration_seconds:p95_rate5m',
    { '{service="backend"}': 0.95 },
  ],
  [
    'a service that failed nothing fails none of its requests',
    {
      'http_requests_total{pod="a", method="GET", endpoint="/api/tasks", status="200"}': '0+45x40',
      'http_requests_total{pod="b", method="GET", endpoint="/api/tasks", status="500"}': '0+15x40',
      'celery_tasks_total{pod="a", task="notification", state="SUCCESS"}': '0+15x40',
    },
    'service:request_errors:ratio_rate5m',
    { '{service="backend"}': 0.25, '{service="worker"}': 0 },
  ],
  [
    'a service that is asked for nothing fails nothing',
    {
      'http_requests_total{pod="a", method="GET", endpoint="/api/tasks", status="200"}': '45x40',
      'http_requests_total{pod="b", method="GET", endpoint="/api/tasks", status="500"}': '15x40',
    },
    'service:request_errors:ratio_rate5m',
    { '{service="backend"}': 0 },
  ],
])('%s', async (_, series, recorded, expected) => {
  const { code, text } = await outcomeOf(series, recorded, expected);
  expect({ code, text }).toMatchObject({ code: 0 });
  const wrong = Object.fromEntries(Object.entries(expected).map(([labels, value]) => [labels, value + 1]));
  expect(await outcomeOf(series, recorded, wrong)).not.toMatchObject({ code: 0 });
});

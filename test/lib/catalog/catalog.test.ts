import { catalog } from '../../../lib/catalog/catalog';
import { backend } from '../../../lib/catalog/backend';
import { labelsOf, seriesNames } from '../../../lib/catalog/metric';
import { mlController } from '../../../lib/catalog/ml-controller';
import { guideNames } from '../../../lib/catalog/recorded';
import { worker } from '../../../lib/catalog/worker';

/** The sections of the monitoring guide on service and infrastructure metrics, name by name. */
const guide = {
  backend: {
    http_requests_total: ['method', 'endpoint', 'status'],
    http_request_duration_seconds: ['method', 'endpoint'],
    http_requests_in_flight: ['endpoint'],
    db_connections_active: [],
    db_connections_idle: [],
    db_query_duration_seconds: ['operation'],
    tasks_created_total: [],
    tasks_completed_total: [],
    tasks_failed_total: [],
    user_registrations_total: [],
  },
  worker: {
    celery_tasks_total: ['task', 'state'],
    celery_task_duration_seconds: ['task'],
    celery_workers_active: [],
    celery_queue_depth: ['queue'],
    data_records_processed_total: [],
    data_processing_errors_total: [],
    worker_memory_usage_bytes: [],
  },
  'ml-controller': {
    scaling_decisions_total: ['action', 'service'],
    scaling_prediction_accuracy: [],
    model_inference_duration_seconds: [],
    model_last_training_timestamp: [],
    kubernetes_pods_running: ['service'],
    kubernetes_pods_pending: ['service'],
    kubernetes_resource_requests: ['resource', 'service'],
  },
} as const;

const ofTheMachinery = [
  'node_cpu_usage_percentage',
  'node_memory_usage_bytes',
  'node_disk_usage_bytes',
  'node_network_receive_bytes_total',
  'container_cpu_usage_seconds_total',
  'container_memory_usage_bytes',
  'container_network_receive_bytes_total',
];

/** Metrics that only the guide's alerts name. */
const ofTheAlerts = [
  'up',
  'container_spec_memory_limit_bytes',
  'node_filesystem_avail_bytes',
  'node_filesystem_size_bytes',
];

const find = (name: string) => catalog.find((metric) => metric.name === name);

test.each(
  Object.entries(guide).flatMap(([service, metrics]) =>
    Object.entries(metrics).map(([name, labels]) => [name, service, labels] as const),
  ),
)("the guide's %s is exposed by %s, under the guide's labels", (name, service, labels) => {
  expect(find(name)).toMatchObject({ exposedBy: service, origin: 'guide' });
  expect(Object.keys(find(name)?.labels ?? {})).toEqual(labels);
});

test.each([...ofTheMachinery, ...ofTheAlerts])(
  "the guide's %s is in the catalog, or a series stands for it",
  (name) => {
    const metric = find(name) ?? new Map(Object.entries(guideNames)).get(name);
    expect(metric).toMatchObject({ origin: 'guide' });
  },
);

test("a metric that says it is the guide's is one of these", () => {
  const named = new Set([
    ...Object.values(guide).flatMap((metrics) => Object.keys(metrics)),
    ...ofTheMachinery,
    ...ofTheAlerts,
    ...Object.values(guideNames).map(({ name }) => name),
    'db_connections_max',
  ]);
  expect(catalog.filter(({ origin, name }) => origin === 'guide' && !named.has(name))).toEqual([]);
});

test.each([
  ['latency of the backend', backend.http_request_duration_seconds, 0.5],
  ['processing time of the worker', worker.celery_task_duration_seconds, 60],
  ['queue delay of the worker', worker.celery_task_queue_delay_seconds, 30],
  ['decision latency of the ml-controller', mlController.scaling_decision_duration_seconds, 10],
])('the objective for the %s is a bucket bound, so that it is counted and not guessed', (_, { buckets }, bound) => {
  expect(buckets).toContain(bound);
});

test('every series is stored under one name only', () => {
  const names = catalog.flatMap(seriesNames);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every metric says in a sentence what it is', () => {
  expect(catalog.filter(({ help }) => !/^[A-Z0-9].*\.$/.test(help))).toEqual([]);
});

test("a target's labels come before the metric's own", () => {
  expect(labelsOf(backend.http_requests_in_flight)).toEqual([
    'job',
    'instance',
    'namespace',
    'pod',
    'node',
    'endpoint',
  ]);
});

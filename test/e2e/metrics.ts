import { backend } from '../../lib/catalog/backend';
import { cadvisor } from '../../lib/catalog/cadvisor';
import { catalog, metricsOf } from '../../lib/catalog/catalog';
import { services } from '../../lib/catalog/components';
import { labelsOf, seriesNames, type Metric } from '../../lib/catalog/metric';
import { objectives } from '../../lib/catalog/objectives';
import type { recorded } from '../../lib/catalog/recorded';
import { annotatedPodsJob, scrapeJobs, targetLabels, type Exposer, type JobName } from '../../lib/catalog/scrape-jobs';
import { worker } from '../../lib/catalog/worker';
import { eventually } from '../harness/eventually';
import { isOldGrafana } from '../harness/grafana';
import { testOf } from './missing-programs';
import { backdatedSeconds } from './kubelet-stand-in';
import type { Labels } from './prometheus-api';
import { rareEvents } from './rare-events';
import { stack } from './running-stack';

/** Labels that some series lack, since a label is absent where its value is empty; and why. */
const emptyLabels: Readonly<Record<string, { readonly labels: readonly string[]; readonly reason: string }>> = {
  ...Object.fromEntries(
    ['pg_stat_activity_count', 'pg_stat_activity_max_tx_duration'].map((name) => [
      name,
      {
        labels: ['application_name', 'backend_type', 'usename', 'wait_event', 'wait_event_type'],
        reason: 'of a state that no connection is in, the exporter says 0 without them',
      },
    ]),
  ),
  ...(isOldGrafana && {
    grafana_http_request_duration_seconds: {
      labels: ['slo_group', 'status_source'],
      reason: 'Grafana tells this apart since its release 11, and this one is older',
    },
    grafana_plugin_request_total: {
      labels: ['status_source', 'target'],
      reason: 'Grafana tells this apart since its release 11, and this one is older',
    },
  }),
  ...Object.fromEntries(
    ['ALERTS', 'ALERTS_FOR_STATE'].map((name) => [
      name,
      { labels: ['slo'], reason: 'of all alerts, only those about an objective name one' },
    ]),
  ),
  kube_pod_info: {
    labels: ['created_by_kind', 'created_by_name'],
    reason: 'a pod that no controller made, as one of ours, has no maker',
  },
};

/** Metrics that these programs do not show here, and why. */
const notShown: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'otelcol_processor_tail_sampling_global_count_traces_sampled_total',
    'otelcol_processor_tail_sampling_sampling_traces_on_memory',
    'otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total',
  ].map((name) => [name, 'the profile keeps every trace']),
);

const isStandIn = (exposer: Exposer): boolean => exposer === 'kubelet' || exposer === 'cadvisor';

const exposers = [...new Set(catalog.map(({ exposedBy }) => exposedBy))];

/** All that is stored, but for what strangers brought. */
const ours = `{__name__=~".+",job!="${annotatedPodsJob}"}`;

const byName = async (): Promise<ReadonlyMap<string, readonly Labels[]>> => {
  const found = new Map<string, Labels[]>();
  for (const { __name__: name = '', ...labels } of await stack().prometheus.series(ours))
    found.set(name, [...(found.get(name) ?? []), labels]);
  return found;
};

const isJob = (name: string): name is JobName => Object.hasOwn(scrapeJobs, name);

/** The labels that a series of a metric has; what Prometheus says about a scrape has those of the job's targets. */
const declaredLabels = (metric: Metric, seriesName: string, { job = '' }: Labels): readonly string[] => [
  ...targetLabels(metric.exposedBy === 'scrape' && isJob(job) ? job : metric.exposedBy),
  ...Object.keys(metric.labels),
  ...(seriesName.endsWith('_bucket') && metric.type === 'histogram' ? ['le'] : []),
];

/** Whether a label is one of those that an alert has of what it is about. */
const isAlertedOn = ({ exposedBy }: Metric, label: string): boolean =>
  exposedBy === 'alerts' && catalog.some((metric) => labelsOf(metric).includes(label));

/** What is wrong with the stored series of a metric. */
const problemsOf = (metric: Metric, stored: ReadonlyMap<string, readonly Labels[]>): readonly string[] => {
  const problems = new Set<string>();
  const mayBeEmpty = new Map<string, boolean>(emptyLabels[metric.name]?.labels.map((label) => [label, false]));
  for (const name of seriesNames(metric)) {
    const series = stored.get(name) ?? [];
    const isException = metric.name in notShown;
    if (series.length === 0 && !isException) problems.add(`${name}: not stored`);
    if (series.length > 0 && isException) problems.add(`${name}: stored, drop the exception`);
    for (const labels of series) {
      const declared = declaredLabels(metric, name, labels);
      for (const label of Object.keys(labels))
        if (!declared.includes(label) && !isAlertedOn(metric, label)) problems.add(`${name}: has ${label}`);
      for (const label of declared.filter((each) => !(each in labels))) {
        if (mayBeEmpty.has(label)) mayBeEmpty.set(label, true);
        else problems.add(`${name}: lacks ${label}`);
      }
    }
  }
  for (const [label, wasEmpty] of mayBeEmpty)
    if (!wasEmpty) problems.add(`${metric.name}: never lacks ${label}, drop the exception`);
  return [...problems];
};

/** Between the age of a sample that is dated by its scrape and of one that cAdvisor dated. */
const oldSeconds = backdatedSeconds / 2;

describe('metrics', () => {
  beforeAll(async () => {
    for (const happens of Object.values(rareEvents)) await happens();
  });

  for (const exposer of exposers) {
    const name = isStandIn(exposer) ? `${exposer} (stand-in for the kubelet)` : exposer;
    testOf(exposer)(`${name}: all that is catalogued is stored, under exactly the declared labels`, () =>
      eventually(name, async () => {
        const stored = await byName();
        expect(metricsOf(exposer).flatMap((metric) => problemsOf(metric, stored))).toEqual([]);
      }),
    );
  }

  test('nothing is stored that is not catalogued', async () => {
    const known = new Set(catalog.flatMap(seriesNames));
    expect([...(await byName()).keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  test('the exceptions speak of metrics that are catalogued', () => {
    const names = catalog.map(({ name }) => name);
    const exceptions = [...Object.keys(emptyLabels), ...Object.keys(notShown)];
    expect(exceptions.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('a container counts once, though cAdvisor (stand-in for the kubelet) counts pods and slices too', async () => {
    const { pods, prometheus } = stack();
    const containers = pods.reduce((count, pod) => count + pod.containers.length, 0);
    const total = `count(${cadvisor.container_memory_working_set_bytes.name})`;
    await prometheus.until(total, (count) => count === containers);
  });

  test('a sample bears the time of its scrape, though cAdvisor (stand-in for the kubelet) dates it back', async () => {
    const { name } = cadvisor.container_memory_working_set_bytes;
    await stack().prometheus.until(`time() - timestamp(${name})`, (age) => age < oldSeconds);
  });

  test('latency has exemplars with the id of the trace', () =>
    eventually('exemplars', async () => {
      const found = await stack().prometheus.exemplars('http_request_duration_seconds_bucket');
      const traces = found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
      expect(traces.length).toBeGreaterThan(0);
      for (const labels of traces)
        expect(labels).toEqual({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    }));
});

const share = '(series < 0) or (series > 1)';
const negative = 'series < 0';
/** No bucket holds more than the one that holds all. */
const beyondAll = (label: string): string =>
  `(series < 0) or (series > on (${label}) group_left () series{le="+Inf"} + 1e-9)`;

/** For each recorded series, what is true of it whatever the machine: the query finds what is wrong. */
const impossible: Readonly<Record<keyof typeof recorded, string>> = {
  'instance:node_cpu_utilisation:ratio_rate5m': share,
  'instance:node_memory_usage:bytes': '(series <= 0) or (series > on (instance) node_memory_MemTotal_bytes)',
  'instance:node_filesystem_usage:bytes':
    '(series <= 0) or (series > on (instance, device, mountpoint) node_filesystem_size_bytes)',
  'backend:http_requests:rate5m': negative,
  'backend:http_request_duration_seconds_bucket:rate5m': beyondAll('endpoint'),
  'backend:db_query_duration_seconds_bucket:rate5m': beyondAll('operation'),
  'worker:celery_tasks:rate5m': negative,
  'worker:celery_task_duration_seconds_bucket:rate5m': beyondAll('task'),
  'service:requests:rate5m': 'series <= 0',
  'service:request_errors:ratio_rate5m': share,
  'service:request_duration_seconds:p95_rate5m': 'series <= 0',
  'service:queue_depth:sum': negative,
  'slo:sli_errors:rate2m': '(series < 0) or (series > on (slo) slo:sli_events:rate2m + 1e-9)',
  'slo:sli_events:rate2m': 'series <= 0',
  'slo:sli_error:ratio_rate5m': share,
  'slo:sli_error:ratio_rate30m': share,
  'slo:sli_error:ratio_rate1h': share,
  'slo:sli_error:ratio_rate2h': share,
  'slo:sli_error:ratio_rate6h': share,
  'slo:sli_error:ratio_rate1d': share,
  'slo:sli_error:ratio_rate3d': share,
  'slo:sli_error:ratio_rate30d': share,
  'slo:error_budget:ratio': '(series <= 0) or (series >= 1)',
  'slo:error_budget:remaining_ratio': 'series > 1',
};

const endpoints = backend.http_requests_total.labels.endpoint.values;
const tasks = worker.celery_tasks_total.labels.task.values;

/** What is summed over all pods, by the label that it keeps. */
const ofAllPods: Readonly<Record<string, readonly [label: string, values: readonly string[]]>> = {
  'backend:http_requests:rate5m': ['endpoint', endpoints],
  'backend:http_request_duration_seconds_bucket:rate5m': ['endpoint', endpoints],
  'backend:db_query_duration_seconds_bucket:rate5m': [
    'operation',
    backend.db_query_duration_seconds.labels.operation.values,
  ],
  'worker:celery_tasks:rate5m': ['task', tasks],
  'worker:celery_task_duration_seconds_bucket:rate5m': ['task', tasks],
};

/** What tells the series of one name apart, and the values that it has to have. */
const expectedValues = (name: string): readonly [label: string, values: readonly string[]] => {
  const kept = ofAllPods[name];
  if (kept !== undefined) return kept;
  if (name.startsWith('instance:')) return ['node', stack().cluster.nodes.map((node) => node.name)];
  if (name.startsWith('slo:')) return ['slo', Object.keys(objectives)];
  if (name === 'service:queue_depth:sum') return ['service', ['worker']];
  return ['service', name === 'service:request_errors:ratio_rate5m' ? ['backend', 'worker'] : services];
};

describe('recorded series', () => {
  test.each(Object.entries(impossible))('%s is there for all that it is about, and plausible', (name, query) =>
    eventually(name, async () => {
      const { prometheus } = stack();
      const [label, values] = expectedValues(name);
      const found = new Set((await prometheus.query(name)).map(({ labels }) => labels[label]));
      expect([...found].sort()).toEqual([...values].sort());
      expect(await prometheus.query(query.replaceAll('series', name))).toEqual([]);
    }),
  );
});

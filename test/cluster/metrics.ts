import { metricsOf } from '../../lib/catalog/catalog';
import { portOf, services } from '../../lib/catalog/components';
import { labelsOf, seriesNames, type Metric } from '../../lib/catalog/metric';
import { scrapeJobs, type JobName, type ScrapeJob } from '../../lib/catalog/scrape-jobs';
import { newTraceId } from '../e2e/otlp';
import { eventually } from '../harness/eventually';
import { core, deployed, namespaces, podsOf, profile } from './cluster';
import { isRunning, needs } from './deployment';
import { sendSpansOf } from './jaeger';
import { forwardPrometheus, type PrometheusApi, type Series, type Target } from './prometheus';
import { skip } from './skip';

/** Metrics that a healthy cluster need not have, each with the reason. */
const mayBeAbsent: Readonly<Record<string, string>> = {
  container_cpu_cfs_periods_total: 'no container has a CPU limit',
  container_cpu_cfs_throttled_periods_total: 'no container has a CPU limit',
  container_fs_reads_bytes_total: 'no container read from a disk, or the kernel does not count it',
  container_fs_writes_bytes_total: 'no container wrote to a disk, or the kernel does not count it',
  kube_pod_container_status_waiting_reason: 'no container waits',
  kube_pod_container_status_last_terminated_reason: 'no container ended',
  kubelet_volume_stats_available_bytes: 'the storage driver reports no statistics',
  kubelet_volume_stats_capacity_bytes: 'the storage driver reports no statistics',
  kubelet_volume_stats_inodes: 'the storage driver reports no statistics',
  kubelet_volume_stats_inodes_free: 'the storage driver reports no statistics',
  loki_discarded_samples_total: 'Loki refused no line',
  fluentbit_input_long_line_truncated_total: 'no line was cut',
  grafana_plugin_request_total: 'nobody looked at a dashboard',
  otelcol_exporter_send_failed_spans_total: 'every span was stored',
  jaeger_storage_requests_total: 'nobody asked for a trace',
  jaeger_storage_latency_seconds: 'nobody asked for a trace',
  ...Object.fromEntries(
    ['score', 'detected', 'observed_value', 'expected_lower', 'expected_upper'].map((part) => [
      `anomaly_${part}`,
      'there is too little history to judge by',
    ]),
  ),
  ...(profile.alertmanager.replicas === 1 && { alertmanager_cluster_members: 'one alone is no cluster' }),
  ...(profile.alertmanager.network === 'none' && {
    alertmanager_notifications_total: 'nobody is told',
    alertmanager_notifications_failed_total: 'nobody is told',
  }),
  ...(profile.traces.tailSampling === 'keep-all' && {
    otelcol_processor_tail_sampling_global_count_traces_sampled_total: 'no trace waits for a decision',
    otelcol_processor_tail_sampling_sampling_traces_on_memory: 'no trace waits for a decision',
    otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total: 'no trace waits for a decision',
  }),
};

const jobs = (Object.entries(scrapeJobs) as [JobName, ScrapeJob][]).filter(
  ([, { discovery }]) => discovery === 'kubelet' || deployed.includes(discovery.pods),
);

const hostAndPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** Where each job finds something to scrape: running pods, or the kubelet of each node. */
const expectedTargets = async (): Promise<readonly (readonly [job: string, url: string])[]> => {
  const { items: nodes } = await core.listNode();
  const kubelets = nodes.flatMap(({ status }) =>
    (status?.addresses ?? []).flatMap(({ type, address }) => (type === 'InternalIP' ? address : [])),
  );
  const found: [string, string][] = [];
  for (const [job, { discovery, path }] of jobs)
    if (discovery === 'kubelet')
      found.push(...kubelets.map((ip): [string, string] => [job, `https://${hostAndPort(ip, 10250)}${path}`]));
    else
      for (const { status } of await podsOf(discovery.pods))
        if (status?.phase === 'Running' && status.podIP)
          found.push([job, `http://${hostAndPort(status.podIP, portOf(discovery.pods, discovery.port))}${path}`]);
  return found.sort();
};

const found = (targets: readonly Target[]): readonly (readonly [string, string])[] =>
  targets.map(({ labels, scrapeUrl }): [string, string] => [labels['job'] ?? '', scrapeUrl]).sort();

/** Waits until Prometheus scrapes exactly what runs, all of it with success. */
export const expectTargetsUp = (prometheus: PrometheusApi): Promise<void> =>
  eventually(
    'every target is up, once',
    async () => {
      const targets = await prometheus.targets();
      expect(found(targets)).toEqual(await expectedTargets());
      expect(
        targets.flatMap(({ scrapeUrl, health, lastError }) => (health === 'up' ? [] : [scrapeUrl, lastError])),
      ).toEqual([]);
    },
    { withinSeconds: 90, everySeconds: 2 },
  );

const seriesOf = (all: readonly Series[], metric: Metric): readonly Series[] =>
  all.filter(({ metric: { __name__: name = '' } }) => seriesNames(metric).includes(name));

/** Labels that the catalog does not know, and those that no series has. */
const labelFaults = (metric: Metric, series: readonly Series[]): readonly string[] => {
  const declared = [...labelsOf(metric), ...(metric.type === 'histogram' ? ['le'] : [])];
  const seen = new Set(series.flatMap(({ metric: labels }) => Object.keys(labels)));
  seen.delete('__name__');
  return [
    ...[...seen].filter((label) => !declared.includes(label)).map((label) => `${metric.name} has ${label}`),
    ...declared.filter((label) => !seen.has(label)).map((label) => `${metric.name} lacks ${label}`),
  ];
};

export const metrics = (): void => {
  let prometheus: PrometheusApi;

  beforeAll(async () => {
    prometheus = await forwardPrometheus();
    // What Jaeger counts is there from the first span on.
    if (isRunning('jaeger') && !services.some(isRunning))
      await sendSpansOf('backend', { traceId: newTraceId(), name: 'POST /api/tasks' });
  });
  afterAll(() => prometheus.stop());

  test('every target is scraped once, by its own job, and is up', () => expectTargetsUp(prometheus));

  describe.each(jobs)('of %s', (job, { discovery }) => {
    let all: readonly Series[];

    beforeEach(() => {
      if (discovery !== 'kubelet') needs(discovery.pods);
    });

    const isMissing = (metric: Metric): boolean => !(metric.name in mayBeAbsent) && seriesOf(all, metric).length === 0;

    test('every metric of the catalog answers', async () => {
      if (job === 'postgres-exporter') {
        const [up] = await prometheus.query('pg_up');
        if (up?.value?.[1] === '0') skip('no database answers');
      }
      await eventually(
        'all are there',
        async () => {
          all = await prometheus.query(`{job="${job}"}`);
          expect(
            metricsOf(job)
              .filter(isMissing)
              .map(({ name }) => name),
          ).toEqual([]);
        },
        { withinSeconds: 60, everySeconds: 3 },
      );
    });

    test('series have the labels of the catalog and no others', async () => {
      all = await prometheus.query(`{job="${job}"}`);
      const faults = metricsOf(job).flatMap((metric) => {
        const series = seriesOf(all, metric);
        return series.length > 0 ? labelFaults(metric, series) : [];
      });
      expect(faults).toEqual([]);
    });
  });

  test('cAdvisor counts every container of the profile once', async () => {
    const counted = await prometheus.query('count by (namespace, pod, container) (container_memory_working_set_bytes)');
    const once = counted.map(({ metric, value }) =>
      [metric['namespace'], metric['pod'], metric['container'], value?.[1]].join(' '),
    );
    const running = (await Promise.all(deployed.filter(isRunning).map(podsOf))).flat();
    expect(running.length).toBeGreaterThan(0);
    expect(once).toEqual(
      expect.arrayContaining(
        running.flatMap(({ metadata, spec }) =>
          (spec?.containers ?? []).map(({ name }) => [metadata?.namespace, metadata?.name, name, '1'].join(' ')),
        ),
      ),
    );
    expect(once.filter((line) => !line.endsWith(' 1'))).toEqual([]);
  });

  test('cAdvisor counts no pod, slice or node beside its containers', async () => {
    const names = metricsOf('cadvisor')
      .filter(({ labels }) => 'container' in labels)
      .flatMap(seriesNames)
      .join('|');
    expect(await prometheus.query(`{__name__=~"${names}", container=~"|POD"}`)).toEqual([]);
    expect(await prometheus.query('{__name__=~"container_network_.*", pod=""}')).toEqual([]);
  });

  test('no two samples of a scrape fall on one series', () =>
    eventually(
      'as many series as samples',
      async () => {
        const byTarget = async (expr: string): Promise<object> =>
          Object.fromEntries(
            (await prometheus.query(expr)).flatMap(({ metric, value: [, count] = [0, '0'] }) =>
              count === '0' ? [] : [[`${metric['job']} ${metric['instance']}`, count] as const],
            ),
          );
        // An alert about a target bears its labels.
        const series = await byTarget('count by (job, instance) ({job!="", __name__!~"up|scrape_.+|ALERTS.*"})');
        expect(series).toEqual(await byTarget('scrape_samples_post_metric_relabeling'));
      },
      { withinSeconds: 30, everySeconds: 2 },
    ));

  test('kube-state-metrics tells of every pod of the profile', async () => {
    const pods = (await Promise.all(deployed.map(podsOf))).flat().map(({ metadata }) => metadata?.name ?? '');
    const told = (await prometheus.query(`kube_pod_info{namespace=~"${namespaces.join('|')}"}`)).map(
      ({ metric }) => metric['pod'],
    );
    expect(pods.length).toBeGreaterThan(0);
    expect(told.sort()).toEqual(pods.sort());
  });

  test.each(metricsOf('rules').map(({ name }) => name))('the recorded series %s answers', (name) =>
    eventually(
      name,
      async () => {
        expect((await prometheus.query(`{__name__="${name}"}`)).length).toBeGreaterThan(0);
      },
      { withinSeconds: 90, everySeconds: 3 },
    ),
  );
};

import { Duration, Size } from 'cdk8s';
import { catalog, metricsOf } from '../../../lib/catalog/catalog';
import { components, kubeletPort, portOf, type Component, type ComponentName } from '../../../lib/catalog/components';
import { labelsOf, maxSeries, seriesNames } from '../../../lib/catalog/metric';
import { annotatedPodsJob, scrapeJobs, type JobName, type ScrapeJob } from '../../../lib/catalog/scrape-jobs';
import { prometheusConfig, type PrometheusSettings } from '../../../lib/config/prometheus';
import type { ScrapeConfig } from '../../../lib/config/scrape-config';
import { inCluster, type Platform } from '../../../lib/platform/platform';
import { relabelled, type Labels } from './relabelling';

const namespaces = { application: 'autoserve', monitoring: 'monitoring', agents: 'node-agents' };
const jobs = Object.keys(scrapeJobs) as JobName[];

const config = (overrides: Partial<PrometheusSettings> = {}, platform: Platform = inCluster(namespaces)) =>
  prometheusConfig(
    {
      cluster: 'test',
      scrapeInterval: Duration.seconds(15),
      scrapeTimeout: Duration.seconds(10),
      evaluationInterval: Duration.seconds(20),
      jobIntervals: { backend: Duration.seconds(10) },
      retention: Duration.days(30),
      retentionSize: Size.gibibytes(80),
      pathPrefixes: {},
      kubeletCertificates: 'cluster-ca',
      jobs,
      annotatedPodNamespaces: [namespaces.application, 'shop'],
      ruleDirectory: '/rules',
      alertmanagers: 2,
      ...overrides,
    },
    platform,
  );

const scrapeConfigs = (overrides: Partial<PrometheusSettings> = {}, platform?: Platform) =>
  config(overrides, platform).scrape_configs;
const jobNamed = (name: string, overrides: Partial<PrometheusSettings> = {}): ScrapeConfig => {
  const found = scrapeConfigs(overrides).find(({ job_name }) => job_name === name);
  if (found === undefined) throw new Error(`no job ${name}`);
  return found;
};

describe('the whole file', () => {
  test('keeps intervals, retention and rules where Prometheus looks for them', () => {
    expect(config()).toMatchObject({
      global: { scrape_interval: '15s', scrape_timeout: '10s', evaluation_interval: '20s' },
      storage: { tsdb: { retention: { time: '30d', size: '80GB' } } },
      rule_files: ['/rules/*.yaml'],
    });
  });

  test('gives exemplars room, without which the feature stores none', () => {
    expect(config().storage.exemplars.max_exemplars).toBeGreaterThan(0);
  });

  test('says which cluster and which replica a series comes from', () => {
    expect(config().global.external_labels).toEqual({ cluster: 'test', replica: '${POD_NAME}' });
  });

  test('sends alerts to every replica of Alertmanager, without what tells the replicas of Prometheus apart', () => {
    const { alerting, global } = config();
    const targets = alerting.alertmanagers.flatMap(({ static_configs }) =>
      static_configs.flatMap((each) => each.targets),
    );
    expect(targets).toEqual([
      'alertmanager-0.alertmanager-replicas.monitoring.svc:9093',
      'alertmanager-1.alertmanager-replicas.monitoring.svc:9093',
    ]);
    const [dropped] = alerting.alert_relabel_configs;
    expect(dropped).toEqual({ regex: 'replica', action: 'labeldrop' });
    expect(global.external_labels).toHaveProperty('replica');
  });

  test('scrapes the backend at an interval of its own and the others at the common one', () => {
    const intervals = scrapeConfigs().map(({ job_name, scrape_interval }) => [job_name, scrape_interval]);
    expect(intervals.filter(([, interval]) => interval !== undefined)).toEqual([['backend', '10s']]);
  });

  test('has one job of each name, those that were asked for and the one of annotated pods', () => {
    expect(scrapeConfigs({ jobs: ['worker'] }).map(({ job_name }) => job_name)).toEqual(['worker', annotatedPodsJob]);
    expect(scrapeConfigs().map(({ job_name }) => job_name)).toEqual([...jobs, annotatedPodsJob]);
  });
});

describe.each(scrapeConfigs())('a target of $job_name', (job) => {
  test('cannot choose its labels, date its samples or send Prometheus elsewhere', () => {
    expect(job).toMatchObject({ honor_labels: false, honor_timestamps: false, follow_redirects: false });
  });

  test('is cut off at every limit that Prometheus has', () => {
    const { sample_limit, label_limit, label_name_length_limit, label_value_length_limit, target_limit } = job;
    for (const limit of [sample_limit, label_limit, label_name_length_limit, label_value_length_limit, target_limit])
      expect(limit).toBeGreaterThan(0);
    expect(job.body_size_limit).toMatch(/^[1-9]\d*MB$/);
  });
});

test.each(['backend', 'worker', 'ml-controller'] as const)(
  'a pod of %s may send what its catalog amounts to, and no multiple of it',
  (job) => {
    const most = metricsOf(job).reduce((sum, metric) => sum + maxSeries(metric), 0);
    expect(jobNamed(job).sample_limit).toBeGreaterThanOrEqual(most);
    expect(jobNamed(job).sample_limit).toBeLessThan(5 * most);
  },
);

test('the label limit leaves room for every series of the catalog', () => {
  const most = Math.max(...catalog.map((metric) => labelsOf(metric).length));
  for (const { label_limit } of scrapeConfigs()) expect(label_limit).toBeGreaterThan(most + 2); // __name__ and le
});

describe('the kubelet and cAdvisor', () => {
  const platform = inCluster(namespaces);

  test.each(['kubelet', 'cadvisor'])('%s is asked over TLS with the token of the ServiceAccount', (name) => {
    expect(jobNamed(name)).toMatchObject({
      scheme: 'https',
      authorization: { credentials_file: platform.apiServer.tokenFile },
      tls_config: { ca_file: platform.apiServer.caFile },
    });
    expect(jobNamed(name, { kubeletCertificates: 'self-signed' }).tls_config).toEqual({ insecure_skip_verify: true });
  });

  test('no other job sends the token', () => {
    const authorized = scrapeConfigs().filter(({ authorization }) => authorization !== undefined);
    expect(authorized.map(({ job_name }) => job_name)).toEqual(['kubelet', 'cadvisor']);
  });

  test('cAdvisor is found on its own path', () => {
    expect(jobNamed('cadvisor').metrics_path).toBe('/metrics/cadvisor');
    expect(jobNamed('kubelet').metrics_path).toBeUndefined();
  });
});

test('outside the cluster every discovery names the API server, its CA and a token', () => {
  const apiServer = { url: 'https://10.0.0.1:6443', caFile: '/ca', tokenFile: '/token' };
  for (const { kubernetes_sd_configs } of scrapeConfigs({}, { ...inCluster(namespaces), apiServer }))
    expect(kubernetes_sd_configs).toMatchObject([
      { api_server: apiServer.url, authorization: { credentials_file: '/token' }, tls_config: { ca_file: '/ca' } },
    ]);
});

describe('what is kept of a scrape', () => {
  const sample = (name: string, labels: Labels = {}) => ({ __name__: name, ...labels });
  const strangers = ['go_goroutines', 'http_requests_created', 'xhttp_requests_total', 'http_requests_totalx'];

  test.each(jobs)('of %s: the series that the catalog declares, exactly', (job) => {
    const steps = jobNamed(job).metric_relabel_configs ?? [];
    const offered = [...catalog.flatMap(seriesNames), ...strangers];
    const kept = offered.filter((name) => relabelled(sample(name, { container: 'c', pod: 'p' }), steps) !== undefined);
    expect(kept.sort()).toEqual(metricsOf(job).flatMap(seriesNames).sort());
  });

  test.each(jobs)('of the labels of %s: those that the catalog declares, and le', (job) => {
    const steps = jobNamed(job).metric_relabel_configs ?? [];
    for (const metric of metricsOf(job)) {
      const declared = Object.fromEntries([...labelsOf(metric), 'le'].map((label) => [label, 'x']));
      for (const name of seriesNames(metric))
        expect(relabelled(sample(name, { ...declared, user_id: '1', exported_job: 'x' }), steps)).toEqual(
          sample(name, declared),
        );
    }
  });

  test.each<readonly [string, string, Labels, boolean]>([
    ['the sum over a pod', 'container_memory_usage_bytes', { pod: 'p', container: '' }, false],
    ['the sum over a slice', 'container_memory_usage_bytes', { pod: '', container: '' }, false],
    ['one container', 'container_memory_usage_bytes', { pod: 'p', container: 'c' }, true],
    ['the network of a pod, which no container has', 'container_network_receive_bytes_total', { pod: 'p' }, true],
    ['the network of the node', 'container_network_receive_bytes_total', {}, false],
  ])('of cAdvisor, %s', (_, name, labels, expected) => {
    const steps = jobNamed('cadvisor').metric_relabel_configs ?? [];
    expect(relabelled(sample(name, labels), steps) !== undefined).toBe(expected);
  });
});

interface Pod {
  readonly namespace: string;
  readonly ip?: string;
  readonly phase?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ports?: readonly number[];
  readonly initContainer?: boolean;
}

const metaKey = (text: string) => text.replace(/[^a-zA-Z0-9_]/g, '_');

/** A pod as service discovery of a job sees it: one target for each of its ports. */
const discovered = (
  { metrics_path = '/metrics' }: ScrapeConfig,
  { namespace, ip = '10.1.2.3', phase = 'Running', ports = [80], ...pod }: Pod,
): readonly Labels[] =>
  ports.map((port) => ({
    __address__: `${ip}:${port}`,
    __metrics_path__: metrics_path,
    __meta_kubernetes_namespace: namespace,
    __meta_kubernetes_pod_name: 'pod-1',
    __meta_kubernetes_pod_ip: ip,
    __meta_kubernetes_pod_phase: phase,
    __meta_kubernetes_pod_node_name: 'node-1',
    __meta_kubernetes_pod_container_init: `${pod.initContainer ?? false}`,
    __meta_kubernetes_pod_container_port_number: `${port}`,
    ...prefixed('__meta_kubernetes_pod_label_', pod.labels),
    ...prefixed('__meta_kubernetes_pod_annotation_', pod.annotations),
  }));

const prefixed = (prefix: string, labels: Labels = {}): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${prefix}${metaKey(name)}`, value]));

interface Target {
  readonly url: string;
  readonly labels: Labels;
}

/** The targets of a pod in all jobs; Prometheus keeps one of those that are equal. */
const targetsOf = (pod: Pod, overrides: Partial<PrometheusSettings> = {}): readonly Target[] => {
  const found = scrapeConfigs(overrides).flatMap((job) => {
    const [sd] = job.kubernetes_sd_configs;
    if (sd?.role !== 'pod' || sd.namespaces?.names.includes(pod.namespace) === false) return [];
    return discovered(job, pod).flatMap((labels) => {
      const kept = relabelled({ job: job.job_name, ...labels }, job.relabel_configs);
      return kept === undefined ? [] : [target(kept)];
    });
  });
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
};

const target = ({ __address__: address = '', __metrics_path__: path = '', ...labels }: Labels): Target => ({
  url: `http://${address}${path}`,
  labels: Object.fromEntries(
    Object.entries({ instance: address, ...labels }).filter(([label]) => !label.startsWith('__')),
  ),
});

const annotations = (port: number, path = '/metrics') => ({
  'prometheus.io/scrape': 'true',
  'prometheus.io/port': `${port}`,
  'prometheus.io/path': path,
});

const podOf = (name: string, more: Partial<Pod> = {}): Pod => {
  const component = new Map<string, Component>(Object.entries(components)).get(name);
  if (component === undefined) throw new Error(`no component ${name}`);
  const { namespace, ports } = component;
  return {
    namespace: namespaces[namespace],
    labels: { 'app.kubernetes.io/name': name },
    annotations: namespace === 'application' ? annotations(ports['http'] ?? 0) : {},
    ports: Object.values(ports),
    ...more,
  };
};

describe('discovery', () => {
  const jobsOfPods = (name: string) =>
    Object.entries<ScrapeJob>(scrapeJobs).filter(
      ([, { discovery }]) => discovery !== 'kubelet' && discovery.pods === name,
    );

  test.each(Object.keys(components) as ComponentName[])(
    'takes a pod of %s in the jobs that name it and in no other, each on its port and path, under its labels',
    (name) => {
      const found = targetsOf(podOf(name)).map(({ url, labels }) => ({ url, job: labels['job'], labels }));
      const expected = jobsOfPods(name).map(([job, { discovery, path, targetLabels }]) => ({
        url: `http://10.1.2.3:${discovery === 'kubelet' ? 0 : portOf(name, discovery.port)}${path}`,
        job,
        labels: Object.fromEntries(targetLabels.map((label) => [label, expect.any(String) as string])),
      }));
      expect(expected.length).toBeGreaterThan(0);
      expect(found).toEqual(expected);
    },
  );

  const shop: Pod = { namespace: 'shop', annotations: annotations(9000, '/stats') };

  test.each<readonly [string, Pod, string[]]>([
    ['an annotated stranger, where it says', shop, [`${annotatedPodsJob} http://10.1.2.3:9000/stats`]],
    ['an IPv6 stranger in brackets', { ...shop, ip: 'fd00::1' }, [`${annotatedPodsJob} http://[fd00::1]:9000/stats`]],
    [
      'a stranger with several ports once',
      { ...shop, ports: [1, 2, 3] },
      [`${annotatedPodsJob} http://10.1.2.3:9000/stats`],
    ],
    ['an IPv6 backend in brackets', podOf('backend', { ip: 'fd00::1' }), ['backend http://[fd00::1]:8000/metrics']],
    [
      'a stranger that bears the name of a component of another namespace',
      { ...shop, labels: { 'app.kubernetes.io/name': 'prometheus' } },
      [`${annotatedPodsJob} http://10.1.2.3:9000/stats`],
    ],
    ['no stranger without the annotation', { ...shop, annotations: {} }, []],
    ['no stranger whose annotation says false', { ...shop, annotations: { 'prometheus.io/scrape': 'false' } }, []],
    ['no stranger of a namespace that was not named', { ...shop, namespace: 'elsewhere' }, []],
    ['no backend that asks not to be scraped', podOf('backend', { annotations: {} }), []],
    ['no backend outside its namespace', podOf('backend', { namespace: 'elsewhere' }), []],
    ['no pod that is not up yet', podOf('backend', { phase: 'Pending' }), []],
    ['no pod that has ended', podOf('worker', { phase: 'Succeeded' }), []],
    ['no pod that has failed', podOf('worker', { phase: 'Failed' }), []],
    ['no port of an init container', podOf('worker', { initContainer: true }), []],
    [
      'an exporter without annotations',
      podOf('kube-state-metrics'),
      ['kube-state-metrics http://10.1.2.3:8080/metrics'],
    ],
  ])('takes %s', (_, pod, expected) => {
    expect(targetsOf(pod).map(({ url, labels }) => `${labels['job'] ?? ''} ${url}`)).toEqual(expected);
  });

  test('takes the kubelet of a node under the name of the node', () => {
    const node = { __meta_kubernetes_node_name: 'node-1', __meta_kubernetes_node_address_InternalIP: '10.0.0.7' };
    for (const name of ['kubelet', 'cadvisor'])
      expect(relabelled({ job: name, ...node }, jobNamed(name).relabel_configs)).toMatchObject({
        __address__: `10.0.0.7:${kubeletPort}`,
        instance: 'node-1',
        node: 'node-1',
      });
  });
});

test('a job whose targets serve below a path is scraped there, and no other is', () => {
  const paths = (pathPrefixes: PrometheusSettings['pathPrefixes']) =>
    config({ pathPrefixes }).scrape_configs.map(({ job_name, metrics_path }) => [job_name, metrics_path]);
  const before = paths({});
  expect(before).toContainEqual(['grafana', undefined]);
  expect(paths({ grafana: '/grafana' })).toEqual(
    before.map(([job, path]) => [job, job === 'grafana' ? '/grafana/metrics' : path]),
  );
});

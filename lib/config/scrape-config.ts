import { metricsOf } from '../catalog/catalog';
import { components, kubeletPort, services } from '../catalog/components';
import { maxSeries, seriesNames, type Metric } from '../catalog/metric';
import { annotatedPodsJob, scrapeJobs, targetLabels, type JobName, type ScrapeJob } from '../catalog/scrape-jobs';
import type { Platform } from '../platform/platform';
import { prometheusDuration } from '../units/duration';
import type { PrometheusSettings } from './prometheus';
import { alternatives, copy, drop, keep, type Relabel } from './relabel';

interface KubernetesDiscovery {
  readonly role: 'pod' | 'node';
  readonly namespaces?: { readonly names: readonly string[] };
  readonly api_server?: string;
  readonly authorization?: { readonly credentials_file: string };
  readonly tls_config?: { readonly ca_file: string };
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
export interface ScrapeConfig {
  readonly job_name: string;
  readonly scrape_interval?: string;
  readonly metrics_path?: string;
  readonly scheme?: 'https';
  readonly authorization?: { readonly credentials_file: string };
  readonly tls_config?: { readonly ca_file?: string; readonly insecure_skip_verify?: boolean };
  readonly honor_labels: false;
  readonly honor_timestamps: false;
  readonly follow_redirects: false;
  readonly sample_limit: number;
  readonly label_limit: number;
  readonly label_name_length_limit: number;
  readonly label_value_length_limit: number;
  readonly target_limit: number;
  readonly body_size_limit: string;
  readonly kubernetes_sd_configs: readonly KubernetesDiscovery[];
  readonly relabel_configs: readonly Relabel[];
  readonly metric_relabel_configs?: readonly Relabel[];
}

/** A target cannot choose its labels, date its samples or send Prometheus elsewhere. */
const distrust = { honor_labels: false, honor_timestamps: false, follow_redirects: false } as const;

// A scrape beyond one of these limits fails as a whole and leaves the other targets alone.
const limits = {
  label_limit: 30,
  label_name_length_limit: 100,
  label_value_length_limit: 500,
  target_limit: 500,
  body_size_limit: '50MB',
} as const;

const isService = (name: string): boolean => services.some((service) => service === name);

/** Twice what the catalog says that one pod of a service can amount to; exporters speak of the whole cluster. */
const sampleLimit = (job: JobName): number =>
  isService(job) ? 2 * metricsOf(job).reduce((sum, metric) => sum + maxSeries(metric), 0) : 200_000;
const strangerSampleLimit = 5_000;

const meta = {
  namespace: '__meta_kubernetes_namespace',
  pod: '__meta_kubernetes_pod_name',
  podIp: '__meta_kubernetes_pod_ip',
  podNode: '__meta_kubernetes_pod_node_name',
  podPhase: '__meta_kubernetes_pod_phase',
  initContainer: '__meta_kubernetes_pod_container_init',
  name: '__meta_kubernetes_pod_label_app_kubernetes_io_name',
  scrape: '__meta_kubernetes_pod_annotation_prometheus_io_scrape',
  port: '__meta_kubernetes_pod_annotation_prometheus_io_port',
  path: '__meta_kubernetes_pod_annotation_prometheus_io_path',
  node: '__meta_kubernetes_node_name',
  nodeIp: '__meta_kubernetes_node_address_InternalIP',
} as const;

/** `ip:port`, with the brackets that IPv6 needs. */
const address = (ip: string, port: number): readonly Relabel[] => [
  { source_labels: [ip], regex: '(.+)', target_label: '__address__', replacement: `$1:${port}` },
  { source_labels: [ip], regex: '(.+:.+)', target_label: '__address__', replacement: `[$1]:${port}` },
];

const annotatedAddress: readonly Relabel[] = [
  {
    source_labels: [meta.podIp, meta.port],
    regex: String.raw`([^:;]+);(\d+)`,
    target_label: '__address__',
    replacement: '$1:$2',
  },
  {
    source_labels: [meta.podIp, meta.port],
    regex: String.raw`(.+:.+);(\d+)`,
    target_label: '__address__',
    replacement: '[$1]:$2',
  },
];

const serves: readonly Relabel[] = [drop(meta.podPhase, 'Pending|Succeeded|Failed'), drop(meta.initContainer, 'true')];

const podLabels: readonly Relabel[] = [
  copy(meta.namespace, 'namespace'),
  copy(meta.pod, 'pod'),
  copy(meta.podNode, 'node'),
];

const nodeLabels = (node: string): readonly Relabel[] => [copy(node, 'instance'), copy(node, 'node')];

const discovery = (platform: Platform, role: 'pod' | 'node', namespaces?: readonly string[]): KubernetesDiscovery => {
  const { url, caFile, tokenFile } = platform.apiServer;
  return {
    role,
    ...(namespaces && { namespaces: { names: namespaces } }),
    ...(url !== undefined && {
      api_server: url,
      authorization: { credentials_file: tokenFile },
      tls_config: { ca_file: caFile },
    }),
  };
};

/** Finds the targets of a job and labels them with exactly the job's target labels. */
const targets = (
  job: ScrapeJob,
  platform: Platform,
): Pick<ScrapeConfig, 'kubernetes_sd_configs' | 'relabel_configs'> => {
  if (job.discovery === 'kubelet')
    return {
      kubernetes_sd_configs: [discovery(platform, 'node')],
      relabel_configs: [...address(meta.nodeIp, kubeletPort), ...nodeLabels(meta.node)],
    };
  const name = job.discovery.pods;
  const { namespace, ports } = components[name];
  return {
    kubernetes_sd_configs: [discovery(platform, 'pod', [platform.namespaces[namespace]])],
    relabel_configs: [
      keep(meta.name, name),
      ...(isService(name) ? [keep(meta.scrape, 'true')] : []),
      ...serves,
      ...address(meta.podIp, ports.http),
      ...(job.targetLabels.includes('pod') ? podLabels : []),
      ...(!job.targetLabels.includes('pod') && job.targetLabels.includes('node') ? nodeLabels(meta.podNode) : []),
    ],
  };
};

/** Keeps the series that the catalog declares, and of their labels those that it declares. */
const keepCatalogued = (metrics: readonly Metric[], ownLabels: readonly string[]): readonly Relabel[] => {
  const labels = new Set(['__name__', 'le', ...ownLabels, ...metrics.flatMap((metric) => Object.keys(metric.labels))]);
  return [
    keep('__name__', alternatives(metrics.flatMap(seriesNames))),
    { regex: alternatives([...labels]), action: 'labelkeep' },
  ];
};

/** cAdvisor also counts whole pods, slices and the node under empty labels: sums would count everything twice. */
const dropAggregates = (metrics: readonly Metric[]): readonly Relabel[] =>
  ['container', 'pod'].map((label) => {
    const names = metrics.filter((metric) => label in metric.labels).flatMap(seriesNames);
    return { source_labels: ['__name__', label], regex: `(${alternatives(names)});`, action: 'drop' };
  });

const jobConfig = (
  name: JobName,
  { jobIntervals, kubeletCertificates }: PrometheusSettings,
  platform: Platform,
): ScrapeConfig => {
  const job: ScrapeJob = scrapeJobs[name];
  const interval = jobIntervals[name];
  const metrics = metricsOf(name);
  const { caFile, tokenFile } = platform.apiServer;
  return {
    job_name: name,
    ...(interval && { scrape_interval: prometheusDuration(interval) }),
    ...(job.path !== '/metrics' && { metrics_path: job.path }),
    ...(job.discovery === 'kubelet' && {
      scheme: 'https',
      authorization: { credentials_file: tokenFile },
      tls_config: kubeletCertificates === 'cluster-ca' ? { ca_file: caFile } : { insecure_skip_verify: true },
    }),
    ...distrust,
    sample_limit: sampleLimit(name),
    ...limits,
    ...targets(job, platform),
    metric_relabel_configs: [
      ...(name === 'cadvisor' ? dropAggregates(metrics) : []),
      ...keepCatalogued(metrics, targetLabels(name)),
    ],
  };
};

/** Pods that say themselves that they want to be scraped, and that no other job takes. */
const annotatedPods = (namespaces: readonly string[], platform: Platform): ScrapeConfig => {
  const taken = Object.entries(components).map(([name, { namespace }]) => `${platform.namespaces[namespace]};${name}`);
  return {
    job_name: annotatedPodsJob,
    ...distrust,
    sample_limit: strangerSampleLimit,
    ...limits,
    kubernetes_sd_configs: [discovery(platform, 'pod', namespaces)],
    relabel_configs: [
      keep(meta.scrape, 'true'),
      { source_labels: [meta.namespace, meta.name], regex: alternatives(taken), action: 'drop' },
      ...serves,
      ...annotatedAddress,
      { source_labels: [meta.path], regex: '(/.*)', target_label: '__metrics_path__' },
      ...podLabels,
    ],
  };
};

export const scrapeConfigs = (settings: PrometheusSettings, platform: Platform): readonly ScrapeConfig[] => [
  ...settings.jobs.map((name) => jobConfig(name, settings, platform)),
  annotatedPods(settings.annotatedPodNamespaces, platform),
];

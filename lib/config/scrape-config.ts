import type { Duration } from 'cdk8s';
import { catalog, metricsOf } from '../catalog/catalog';
import { isService } from '../catalog/components';
import { maxSeries, seriesNames, type Metric } from '../catalog/metric';
import { annotatedPodsJob, scrapeJobs, targetLabels, type JobName, type ScrapeJob } from '../catalog/scrape-jobs';
import type { Platform } from '../platform/platform';
import { prometheusDuration } from '../units/duration';
import { alternatives } from '../units/regex';
import { drop, keep, type Relabel } from './relabel';
import { annotatedTargets, jobTargets, type Targets } from './scrape-targets';

export interface ScrapeSettings {
  readonly jobs: readonly JobName[];
  /** Jobs that are scraped at another interval than the global one. */
  readonly jobIntervals: Partial<Readonly<Record<JobName, Duration>>>;
  /** What stands before the path of a job whose targets serve below it. */
  readonly pathPrefixes: Partial<Readonly<Record<JobName, string>>>;
  readonly kubeletCertificates: 'cluster-ca' | 'self-signed';
  /** Namespaces whose annotated pods are scraped. */
  readonly annotatedPodNamespaces: readonly string[];
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
export interface ScrapeConfig extends Targets {
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

/** Twice what the catalog says that one pod of a service can amount to; exporters speak of the whole cluster. */
const sampleLimit = (job: JobName): number =>
  isService(job) ? 2 * metricsOf(job).reduce((sum, metric) => sum + maxSeries(metric), 0) : 200_000;
const strangerSampleLimit = 5_000;

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
  { jobIntervals, pathPrefixes, kubeletCertificates }: ScrapeSettings,
  platform: Platform,
): ScrapeConfig => {
  const job: ScrapeJob = scrapeJobs[name];
  const interval = jobIntervals[name];
  const path = `${pathPrefixes[name] ?? ''}${job.path}`;
  const metrics = metricsOf(name);
  const { caFile, tokenFile } = platform.apiServer;
  return {
    job_name: name,
    ...(interval && { scrape_interval: prometheusDuration(interval) }),
    ...(path !== '/metrics' && { metrics_path: path }),
    ...(job.discovery === 'kubelet' && {
      scheme: 'https',
      authorization: { credentials_file: tokenFile },
      tls_config: kubeletCertificates === 'self-signed' ? { insecure_skip_verify: true } : { ca_file: caFile },
    }),
    ...distrust,
    sample_limit: sampleLimit(name),
    ...limits,
    ...jobTargets(job, platform),
    metric_relabel_configs: [
      ...(name === 'cadvisor' ? dropAggregates(metrics) : []),
      ...keepCatalogued(metrics, targetLabels(name)),
    ],
  };
};

/** Names under which a stranger would speak for a service or an exporter; every client library has `process_…`. */
const catalogued = [...new Set(catalog.flatMap(seriesNames))].filter((name) => !name.startsWith('process_'));

const annotatedPods = (namespaces: readonly string[], platform: Platform): ScrapeConfig => ({
  job_name: annotatedPodsJob,
  ...distrust,
  sample_limit: strangerSampleLimit,
  ...limits,
  ...annotatedTargets(namespaces, platform),
  metric_relabel_configs: [drop('__name__', alternatives(catalogued))],
});

export const scrapeConfigs = (settings: ScrapeSettings, platform: Platform): readonly ScrapeConfig[] => [
  ...settings.jobs.map((name) => jobConfig(name, settings, platform)),
  annotatedPods(settings.annotatedPodNamespaces, platform),
];

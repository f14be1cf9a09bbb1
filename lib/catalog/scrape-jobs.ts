import type { ComponentName } from './components';
import { oneOf, type LabelBound } from './label-bound';

/** How Prometheus finds the targets of a job: a named port of a component's pods, or the kubelet of each node. */
export type Discovery = { readonly pods: ComponentName; readonly port: string } | 'kubelet';

export interface ScrapeJob {
  readonly discovery: Discovery;
  readonly path: string;
  /** The labels that relabelling attaches to each target; `job` and `instance` among them. */
  readonly targetLabels: readonly string[];
}

const podLabels = ['job', 'instance', 'namespace', 'pod', 'node'] as const;
const nodeLabels = ['job', 'instance', 'node'] as const;

const define = <const J extends Record<string, ScrapeJob>>(jobs: J): J => jobs;

/**
 * The scrape jobs. What an exporter says about other objects carries its own `namespace`, `pod` and `node`, so its
 * targets get none of these: with `honor_labels: false` they would push the exporter's aside as `exported_…`.
 */
export const scrapeJobs = define({
  backend: { discovery: { pods: 'backend', port: 'http' }, path: '/metrics', targetLabels: podLabels },
  worker: { discovery: { pods: 'worker', port: 'http' }, path: '/metrics', targetLabels: podLabels },
  'ml-controller': { discovery: { pods: 'ml-controller', port: 'http' }, path: '/metrics', targetLabels: podLabels },
  prometheus: { discovery: { pods: 'prometheus', port: 'http' }, path: '/metrics', targetLabels: podLabels },
  'kube-state-metrics': {
    discovery: { pods: 'kube-state-metrics', port: 'http' },
    path: '/metrics',
    targetLabels: ['job', 'instance'],
  },
  'postgres-exporter': {
    discovery: { pods: 'postgres-exporter', port: 'http' },
    path: '/metrics',
    targetLabels: ['job', 'instance'],
  },
  loki: { discovery: { pods: 'loki', port: 'http' }, path: '/metrics', targetLabels: podLabels },
  jaeger: { discovery: { pods: 'jaeger', port: 'metrics' }, path: '/metrics', targetLabels: podLabels },
  // Rates, errors and durations that Jaeger counts off the spans of the services.
  'span-metrics': {
    discovery: { pods: 'jaeger', port: 'span-metrics' },
    path: '/metrics',
    targetLabels: ['job', 'instance'],
  },
  'fluent-bit': {
    discovery: { pods: 'fluent-bit', port: 'http' },
    path: '/api/v2/metrics/prometheus',
    targetLabels: podLabels,
  },
  alertmanager: { discovery: { pods: 'alertmanager', port: 'http' }, path: '/metrics', targetLabels: podLabels },
  'anomaly-detector': {
    discovery: { pods: 'anomaly-detector', port: 'http' },
    path: '/metrics',
    targetLabels: podLabels,
  },
  grafana: { discovery: { pods: 'grafana', port: 'http' }, path: '/metrics', targetLabels: podLabels },
  'node-exporter': { discovery: { pods: 'node-exporter', port: 'http' }, path: '/metrics', targetLabels: nodeLabels },
  kubelet: { discovery: 'kubelet', path: '/metrics', targetLabels: nodeLabels },
  cadvisor: { discovery: 'kubelet', path: '/metrics/cadvisor', targetLabels: nodeLabels },
});

export type JobName = keyof typeof scrapeJobs;

/** Where a series comes from: a scrape job, Prometheus' own account of each scrape and each alert, or a recording rule. */
export type Exposer = JobName | 'scrape' | 'alerts' | 'rules';

export type TargetLabel<E extends Exposer> = E extends JobName
  ? (typeof scrapeJobs)[E]['targetLabels'][number]
  : E extends 'scrape'
    ? (typeof podLabels)[number]
    : never;

export const targetLabels = (exposer: Exposer): readonly string[] => {
  if (exposer === 'rules' || exposer === 'alerts') return [];
  return exposer === 'scrape' ? podLabels : scrapeJobs[exposer].targetLabels;
};

/** The job of every annotated pod that no other job takes. */
export const annotatedPodsJob = 'kubernetes-pods';

/** What the target label `job` holds for the series of an exposer. */
export type JobOf<E extends Exposer> = E extends 'scrape' ? JobName | typeof annotatedPodsJob : E;

/** The same, as a bound. */
export const jobsOf = (exposer: Exclude<Exposer, 'rules' | 'alerts'>): LabelBound =>
  exposer === 'scrape' ? oneOf(...Object.keys(scrapeJobs), annotatedPodsJob) : oneOf(exposer);

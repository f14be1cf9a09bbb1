import { backend } from './backend';
import { cadvisor } from './cadvisor';
import { kubelet, kubeStateMetrics } from './kubernetes';
import type { Metric } from './metric';
import { mlController } from './ml-controller';
import { nodeExporter } from './node-exporter';
import { postgresExporter } from './postgres-exporter';
import { prometheus } from './prometheus';
import { recorded } from './recorded';
import { scrape } from './scrape';
import type { Exposer } from './scrape-jobs';
import { worker } from './worker';

/** Every metric that the project knows; what is not here is neither kept nor asked for. */
export const catalog: readonly Metric[] = [
  backend,
  worker,
  mlController,
  kubeStateMetrics,
  kubelet,
  cadvisor,
  nodeExporter,
  postgresExporter,
  prometheus,
  scrape,
  recorded,
].flatMap((metrics: Readonly<Record<string, Metric>>) => Object.values(metrics));

export const metricsOf = (exposer: Exposer): readonly Metric[] =>
  catalog.filter((metric) => metric.exposedBy === exposer);

import { alertState } from './alert-state';
import { alertmanager } from './alertmanager';
import { anomalyDetector } from './anomaly-detector';
import { backend } from './backend';
import { cadvisor } from './cadvisor';
import { fluentBit } from './fluent-bit';
import { grafana } from './grafana';
import { jaeger } from './jaeger';
import { kubelet, kubeStateMetrics } from './kubernetes';
import { loki } from './loki';
import type { Metric } from './metric';
import { mlController } from './ml-controller';
import { nodeExporter } from './node-exporter';
import { postgresExporter } from './postgres-exporter';
import { prometheus } from './prometheus';
import { recorded } from './recorded';
import { scrape } from './scrape';
import type { Exposer } from './scrape-jobs';
import { spanMetrics } from './span-metrics';
import { worker } from './worker';

/** The metrics of each exposer; one without an entry does not compile. */
const byExposer: Readonly<Record<Exposer, Readonly<Record<string, Metric>>>> = {
  backend,
  worker,
  'ml-controller': mlController,
  'kube-state-metrics': kubeStateMetrics,
  kubelet,
  cadvisor,
  'node-exporter': nodeExporter,
  'postgres-exporter': postgresExporter,
  prometheus,
  loki,
  jaeger,
  'span-metrics': spanMetrics,
  'fluent-bit': fluentBit,
  alertmanager,
  'anomaly-detector': anomalyDetector,
  grafana,
  scrape,
  alerts: alertState,
  rules: recorded,
};

export const metricsOf = (exposer: Exposer): readonly Metric[] => Object.values(byExposer[exposer]);

/** Every metric that the project knows; what is not here is neither kept nor asked for. */
export const catalog: readonly Metric[] = Object.values(byExposer).flatMap((metrics) => Object.values(metrics));

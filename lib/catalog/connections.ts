import { services, type ComponentName } from './components';
import { dataSourceUids } from './data-sources';
import { scrapeJobs, type ScrapeJob } from './scrape-jobs';

/** One component calls another. No other traffic between components passes the NetworkPolicies. */
export interface Connection {
  readonly from: ComponentName;
  readonly to: ComponentName;
  /** Name of the port of `to`. */
  readonly port: string;
}

const scrapes: readonly Connection[] = Object.values(scrapeJobs).flatMap(({ discovery }: ScrapeJob) =>
  discovery === 'kubelet' ? [] : [{ from: 'prometheus', to: discovery.pods, port: discovery.port }],
);

const traces: readonly Connection[] = services.flatMap((service) =>
  ['otlp-grpc', 'otlp-http', 'sampling', 'sampling-grpc'].map((port): Connection => ({
    from: service,
    to: 'jaeger',
    port,
  })),
);

export const connections: readonly Connection[] = [
  ...scrapes,
  ...traces,
  // Tasks go to the worker, their results come back; the controller reads the load of both.
  { from: 'backend', to: 'worker', port: 'http' },
  { from: 'worker', to: 'backend', port: 'http' },
  { from: 'ml-controller', to: 'backend', port: 'http' },
  { from: 'ml-controller', to: 'worker', port: 'http' },
  { from: 'fluent-bit', to: 'loki', port: 'http' },
  // The replicas of Loki find each other, and ask each other for what they hold.
  { from: 'loki', to: 'loki', port: 'gossip' },
  { from: 'loki', to: 'loki', port: 'grpc' },
  { from: 'prometheus', to: 'alertmanager', port: 'http' },
  { from: 'alertmanager', to: 'alertmanager', port: 'gossip' },
  { from: 'anomaly-detector', to: 'prometheus', port: 'http' },
  // The Monitor tab shows the span metrics that Prometheus keeps.
  { from: 'jaeger', to: 'prometheus', port: 'http' },
  ...dataSourceUids.map((to): Connection => ({ from: 'grafana', to, port: 'http' })),
];

/** Something outside the deployment that components call. */
export type External =
  'api-server' | 'kubelets' | 'database' | 'broker' | 'object-store' | 'trace-store' | 'receivers' | 'grafana-database';

/** Which components call what lies outside. All of them may ask DNS. */
export const externalConnections: Readonly<Record<External, readonly ComponentName[]>> = {
  'api-server': ['prometheus', 'kube-state-metrics', 'ml-controller'],
  kubelets: ['prometheus'],
  database: ['backend', 'worker', 'postgres-exporter'],
  broker: ['backend', 'worker'],
  'object-store': ['loki'],
  'trace-store': ['jaeger'],
  receivers: ['alertmanager'],
  'grafana-database': ['grafana'],
};

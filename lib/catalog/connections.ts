import { components, type ComponentName } from './components';
import { scrapeJobs, type ScrapeJob } from './scrape-jobs';

/** One component calls another. No other traffic between components passes the NetworkPolicies. */
export interface Connection {
  readonly from: ComponentName;
  readonly to: ComponentName;
  /** Name of the port of `to`. */
  readonly port: string;
}

const scrapes: readonly Connection[] = Object.values(scrapeJobs).flatMap(({ discovery }: ScrapeJob) =>
  discovery === 'kubelet' ? [] : [{ from: 'prometheus', to: discovery.pods, port: 'http' }],
);

export const connections: readonly Connection[] = [
  ...scrapes,
  // Tasks go to the worker, their results come back; the controller reads the load of both.
  { from: 'backend', to: 'worker', port: 'http' },
  { from: 'worker', to: 'backend', port: 'http' },
  { from: 'ml-controller', to: 'backend', port: 'http' },
  { from: 'ml-controller', to: 'worker', port: 'http' },
];

/** Something outside the deployment that components call. */
export type External = 'api-server' | 'kubelets' | 'database' | 'broker';

/** Which components call what lies outside. All of them may ask DNS. */
export const externalConnections: Readonly<Record<External, readonly ComponentName[]>> = {
  'api-server': ['prometheus', 'kube-state-metrics', 'ml-controller'],
  kubelets: ['prometheus'],
  database: ['backend', 'worker', 'postgres-exporter'],
  broker: ['backend', 'worker'],
};

export const portOf = ({ to, port }: Connection): number => {
  const number = new Map(Object.entries(components[to].ports)).get(port);
  if (number === undefined) throw new RangeError(`connections: ${to} has no port ${port}: declare it in components.ts`);
  return number;
};

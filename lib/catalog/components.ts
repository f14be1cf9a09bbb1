/** Which of the deployment's namespaces a component lives in; the profile gives each its name. */
export type NamespaceRole = 'application' | 'monitoring' | 'agents';

export interface Component {
  readonly namespace: NamespaceRole;
  readonly ports: Readonly<Record<string, number>>;
  /** Ports of its Service that are others than those of its pods. */
  readonly servicePorts?: Readonly<Record<string, number>>;
  /** Uses the node's own network: it has the node's address and no NetworkPolicy covers it. */
  readonly hostNetwork?: true;
  /** Ports on which it talks over UDP as well as TCP. */
  readonly datagramPorts?: readonly string[];
}

const define = <const C extends Record<string, Component>>(components: C): C => components;

/** Everything that runs, under the name that its Service, `app.kubernetes.io/name` and scrape job bear. */
export const components = define({
  backend: { namespace: 'application', ports: { http: 8000 } },
  worker: { namespace: 'application', ports: { http: 8001 } },
  'ml-controller': { namespace: 'application', ports: { http: 8002 } },
  prometheus: { namespace: 'monitoring', ports: { http: 9090 } },
  'kube-state-metrics': { namespace: 'monitoring', ports: { http: 8080, telemetry: 8081 } },
  'postgres-exporter': { namespace: 'monitoring', ports: { http: 9187 } },
  loki: { namespace: 'monitoring', ports: { http: 3100, grpc: 9095, gossip: 7946 } },
  jaeger: {
    namespace: 'monitoring',
    ports: {
      http: 16686,
      grpc: 16685,
      'otlp-grpc': 4317,
      'otlp-http': 4318,
      sampling: 5778,
      'sampling-grpc': 5779,
      health: 13133,
      metrics: 8888,
      'span-metrics': 8889,
    },
  },
  // Members of its cluster tell each other what they sent: short words as datagrams, whole states over TCP.
  alertmanager: { namespace: 'monitoring', ports: { http: 9093, gossip: 9094 }, datagramPorts: ['gossip'] },
  'anomaly-detector': { namespace: 'monitoring', ports: { http: 8003 } },
  grafana: { namespace: 'monitoring', ports: { http: 3000 }, servicePorts: { http: 80 } },
  'node-exporter': { namespace: 'agents', ports: { http: 9100 }, hostNetwork: true },
  'fluent-bit': { namespace: 'agents', ports: { http: 2020 } },
});

export type ComponentName = keyof typeof components;

/** @throws RangeError when the component has no port of that name. */
export const portOf = (name: ComponentName, port: string): number => {
  const number = new Map(Object.entries(components[name].ports)).get(port);
  if (number === undefined) throw new RangeError(`${name} has no port ${port}: declare it in components.ts`);
  return number;
};

/** Name of the headless Service through which each replica of a component has an address of its own. */
export const replicasServiceOf = (name: ComponentName): string => `${name}-replicas`;

/** The services of AutoServe itself. */
export const services = ['backend', 'worker', 'ml-controller'] as const satisfies readonly ComponentName[];
export type Service = (typeof services)[number];

export const isService = (name: string): name is Service => services.some((service) => service === name);

/** Where the kubelet of every node serves its own metrics and cAdvisor's. */
export const kubeletPort = 10250;

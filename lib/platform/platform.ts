import { components, portOf, replicasServiceOf, type ComponentName, type NamespaceRole } from '../catalog/components';
import { connections } from '../catalog/connections';

/** How a program reaches the API server and proves who it is. */
export interface ApiServerAccess {
  /** Left out, it is that of the cluster in which the program runs. */
  readonly url?: string;
  readonly caFile: string;
  readonly tokenFile: string;
}

/** Where the components run: how each is reached, and how Prometheus finds its targets. */
export interface Platform {
  readonly namespaces: Readonly<Record<NamespaceRole, string>>;
  readonly apiServer: ApiServerAccess;
  /** Name or address at which others reach a component. */
  readonly hostOf: (component: ComponentName) => string;
  /** Where others reach each of so many replicas of a component, past whatever spreads calls over them. */
  readonly replicaHostsOf: (component: ComponentName, replicas: number) => readonly string[];
  /** Address that the programs of a component listen on. */
  readonly listenAddressOf: (component: ComponentName) => string;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Pods of the cluster itself, each with its ServiceAccount's token, behind Services. */
export const inCluster = (namespaces: Platform['namespaces']): Platform => ({
  namespaces,
  apiServer: { caFile: `${serviceAccount}/ca.crt`, tokenFile: `${serviceAccount}/token` },
  hostOf: (component) => `${component}.${namespaces[components[component].namespace]}.svc`,
  replicaHostsOf: (component, replicas) =>
    Array.from({ length: replicas }, (_, index) => {
      const namespace = namespaces[components[component].namespace];
      return `${component}-${index}.${replicasServiceOf(component)}.${namespace}.svc`;
    }),
  listenAddressOf: () => '0.0.0.0',
});

/**
 * The URL at which one component calls another.
 *
 * @throws RangeError when no such connection is declared: a NetworkPolicy would refuse it.
 */
export const urlOf = (platform: Platform, from: ComponentName, to: ComponentName, port: string = 'http'): string => {
  if (!connections.some((each) => each.from === from && each.to === to && each.port === port))
    throw new RangeError(`${from} calls ${to} on its port ${port}: declare the connection in connections.ts`);
  return `http://${platform.hostOf(to)}:${portOf(to, port)}`;
};

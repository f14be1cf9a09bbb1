import { components, type ComponentName, type NamespaceRole } from '../catalog/components';
import { connections, portOf } from '../catalog/connections';

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
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Pods of the cluster itself, each with its ServiceAccount's token. */
export const inCluster = (namespaces: Platform['namespaces']): Platform => ({
  namespaces,
  apiServer: { caFile: `${serviceAccount}/ca.crt`, tokenFile: `${serviceAccount}/token` },
});

/**
 * The URL at which one component calls another.
 *
 * @throws RangeError when no such connection is declared: a NetworkPolicy would refuse it.
 */
export const urlOf = ({ namespaces }: Platform, from: ComponentName, to: ComponentName): string => {
  const connection = connections.find((candidate) => candidate.from === from && candidate.to === to);
  if (connection === undefined) throw new RangeError(`${from} calls ${to}: declare the connection in connections.ts`);
  return `http://${to}.${namespaces[components[to].namespace]}.svc:${portOf(connection)}`;
};

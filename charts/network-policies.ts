import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components, portOf, type Component, type ComponentName, type NamespaceRole } from '../lib/catalog/components';
import { connections, externalConnections, type Connection, type External } from '../lib/catalog/connections';
import { selectorLabels } from '../lib/constructs/labels';

/** Addresses outside the cluster's pods, and the TCP ports that are called there. */
export interface Addresses {
  readonly cidrs: readonly string[];
  readonly ports: readonly number[];
}

export interface NetworkPoliciesChartProps extends ChartProps {
  readonly instance: string;
  readonly namespaces: Readonly<Record<NamespaceRole, string>>;
  /** The components that this deployment has. */
  readonly deployed: readonly ComponentName[];
  /** Addresses of the nodes, where components on the host's network are reached. */
  readonly nodeCidrs: readonly string[];
  readonly external: Readonly<Partial<Record<External, Addresses>>>;
  /** Namespaces whose pods may call a component on its port `http`. */
  readonly clientNamespaces: Readonly<Partial<Record<ComponentName, readonly string[]>>>;
  /** Namespaces in which Prometheus scrapes whatever pod asks for it, on the port that the pod names. */
  readonly annotatedPodNamespaces: readonly string[];
}

const over = (protocol: 'TCP' | 'UDP', port: number): k8s.NetworkPolicyPort => ({
  port: k8s.IntOrString.fromNumber(port),
  protocol,
});

const tcp = (port: number): k8s.NetworkPolicyPort => over('TCP', port);

/** The port that is called, with all that it talks over. */
const calledPort = ({ to, port }: Connection): k8s.NetworkPolicyPort[] => {
  const { datagramPorts }: Component = components[to];
  const number = portOf(to, port);
  return [tcp(number), ...(datagramPorts?.includes(port) === true ? [over('UDP', number)] : [])];
};

const namespaceNamed = (name: string): k8s.LabelSelector => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

const blocks = (cidrs: readonly string[]): k8s.NetworkPolicyPeer[] => cidrs.map((cidr) => ({ ipBlock: { cidr } }));

/** The cluster's DNS, as kubeadm and kind run it. */
const dns: k8s.NetworkPolicyEgressRule = {
  to: [{ namespaceSelector: namespaceNamed('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
  ports: [over('UDP', 53), over('TCP', 53)],
};

/**
 * Nothing passes between pods but what the catalog declares as a connection.
 *
 * Components on the host's network are beyond every NetworkPolicy: only calls to them can be narrowed.
 */
export class NetworkPoliciesChart extends Chart {
  constructor(scope: Construct, id: string, props: NetworkPoliciesChartProps) {
    super(scope, id, props);
    const { instance, namespaces, deployed, nodeCidrs, external, clientNamespaces, annotatedPodNamespaces } = props;

    const podsOf = (name: ComponentName): k8s.NetworkPolicyPeer => ({
      namespaceSelector: namespaceNamed(namespaces[components[name].namespace]),
      podSelector: { matchLabels: { ...selectorLabels({ name, instance }) } },
    });
    const usesHostNetwork = (name: ComponentName): boolean => {
      const { hostNetwork }: Component = components[name];
      return hostNetwork === true;
    };

    const egressTo = (connection: Connection): k8s.NetworkPolicyEgressRule => ({
      to: usesHostNetwork(connection.to) ? blocks(nodeCidrs) : [podsOf(connection.to)],
      ports: calledPort(connection),
    });
    const ingressFrom = (connection: Connection): k8s.NetworkPolicyIngressRule => ({
      from: [podsOf(connection.from)],
      ports: calledPort(connection),
    });
    const egressOutside = (name: ComponentName): k8s.NetworkPolicyEgressRule[] =>
      Object.entries(external)
        .filter(([target]) => externalConnections[target as External].includes(name))
        .map(([, { cidrs, ports }]) => ({ to: blocks(cidrs), ports: ports.map(tcp) }));

    for (const namespace of Object.values(namespaces)) {
      new k8s.KubeNetworkPolicy(this, `${namespace}-default-deny`, {
        metadata: { name: 'default-deny', namespace },
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      });
      new k8s.KubeNetworkPolicy(this, `${namespace}-allow-dns`, {
        metadata: { name: 'allow-dns', namespace },
        spec: { podSelector: {}, policyTypes: ['Egress'], egress: [dns] },
      });
    }

    const declared = connections.filter(({ from, to }) => deployed.includes(from) && deployed.includes(to));
    for (const name of deployed.filter((component) => !usesHostNetwork(component))) {
      const ingress = declared.filter(({ to }) => to === name).map(ingressFrom);
      const clients = clientNamespaces[name] ?? [];
      if (clients.length > 0)
        ingress.push({
          from: clients.map((client) => ({ namespaceSelector: namespaceNamed(client) })),
          ports: [tcp(portOf(name, 'http'))],
        });
      const egress = [...declared.filter(({ from }) => from === name).map(egressTo), ...egressOutside(name)];
      if (name === 'prometheus')
        egress.push({ to: annotatedPodNamespaces.map((target) => ({ namespaceSelector: namespaceNamed(target) })) });
      new k8s.KubeNetworkPolicy(this, name, {
        metadata: { name, namespace: namespaces[components[name].namespace] },
        spec: {
          podSelector: { matchLabels: { ...selectorLabels({ name, instance }) } },
          policyTypes: ['Ingress', 'Egress'],
          // The API server drops an empty list, and the next apply would see a difference.
          ...(ingress.length > 0 && { ingress }),
          ...(egress.length > 0 && { egress }),
        },
      });
    }
    // Of all namespaces with annotated pods, only AutoServe's is ours to open.
    new k8s.KubeNetworkPolicy(this, 'annotated-pods', {
      metadata: { name: 'annotated-pods', namespace: namespaces.application },
      spec: {
        // Components have policies of their own, which name their ports.
        podSelector: {
          matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'NotIn', values: [...deployed] }],
        },
        policyTypes: ['Ingress'],
        ingress: [{ from: [podsOf('prometheus')] }],
      },
    });
  }
}

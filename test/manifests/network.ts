import { BlockList, isIPv6 } from 'node:net';
import type { Labels } from './output';

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'NotIn';
    readonly values: readonly string[];
  }[];
}
interface Peer {
  readonly ipBlock?: { readonly cidr: string };
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}
interface Port {
  readonly port: number;
  readonly protocol: string;
}
type Direction = 'Ingress' | 'Egress';

/** As much of the API as this project uses. */
export interface NetworkPolicy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly Direction[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  };
}

/** One end of a connection: a pod, or an address that belongs to no pod. A pod on the host's network is the latter. */
export type End = { readonly namespace: string; readonly labels: Labels } | { readonly address: string };

const finds = ({ matchLabels = {}, matchExpressions = [], ...more }: Selector, labels: Labels): boolean => {
  if (Object.keys(more).length > 0) throw new Error(`teach this evaluator to read ${Object.keys(more).join(', ')}`);
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, values }) => !values.includes(labels[key] ?? ''))
  );
};

const isWithin = (cidr: string, address: string): boolean => {
  const [network = '', prefix = ''] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
};

const isPeer = ({ ipBlock, namespaceSelector, podSelector = {} }: Peer, end: End, home: string): boolean => {
  if ('address' in end) return ipBlock !== undefined && isWithin(ipBlock.cidr, end.address);
  if (ipBlock !== undefined) return false;
  const isInNamespace =
    namespaceSelector === undefined
      ? end.namespace === home
      : finds(namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace });
  return isInNamespace && finds(podSelector, end.labels);
};

/** The policies that hold for an end in one direction; where none does, all is open. */
export const policiesFor = (policies: readonly NetworkPolicy[], end: End, direction: Direction) =>
  'address' in end
    ? []
    : policies.filter(
        ({ metadata, spec }) =>
          metadata.namespace === end.namespace &&
          spec.policyTypes.includes(direction) &&
          finds(spec.podSelector, end.labels),
      );

/**
 * Whether the policies let one end open a connection to the other. A rule without peers or ports means all of them.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export const allowed = (
  policies: readonly NetworkPolicy[],
  from: End,
  to: End,
  port: number,
  protocol: 'TCP' | 'UDP' = 'TCP',
): boolean => {
  const passes = (end: End, direction: Direction, other: End): boolean => {
    const held = policiesFor(policies, end, direction);
    return (
      held.length === 0 ||
      held.some(({ metadata, spec }) => {
        const rules =
          direction === 'Egress'
            ? (spec.egress ?? []).map(({ to: peers, ports }) => ({ peers, ports }))
            : (spec.ingress ?? []).map(({ from: peers, ports }) => ({ peers, ports }));
        return rules.some(
          ({ peers, ports }) =>
            (peers?.some((peer) => isPeer(peer, other, metadata.namespace)) ?? true) &&
            (ports?.some((one) => one.port === port && one.protocol === protocol) ?? true),
        );
      })
    );
  };
  return passes(from, 'Egress', to) && passes(to, 'Ingress', from);
};

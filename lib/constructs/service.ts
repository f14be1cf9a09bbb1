import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { selectorLabels, type Identity } from './labels';

export interface StableServiceProps {
  readonly identity: Identity;
  /** Port name to number; the pods' ports bear the same names. */
  readonly ports: Readonly<Record<string, number>>;
  /** Those of its own address that are others than the pods'. */
  readonly servicePorts?: Readonly<Record<string, number>>;
  /** Name of a second, headless Service, through which each replica has an address of its own. */
  readonly governs?: string;
}

const toServicePorts = (ports: Readonly<Record<string, number>>): k8s.ServicePort[] =>
  Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: k8s.IntOrString.fromString(name) }));

/** A cluster address that bears the component's name, and a promise that a drain takes its pods one at a time. */
export class StableService extends Construct {
  constructor(scope: Construct, id: string, { identity, ports, servicePorts, governs }: StableServiceProps) {
    super(scope, id);
    const selector = { ...selectorLabels(identity) };
    new k8s.KubeService(this, 'Service', {
      metadata: { name: identity.name },
      spec: { selector, ports: toServicePorts({ ...ports, ...servicePorts }) },
    });
    if (governs !== undefined)
      new k8s.KubeService(this, 'Replicas', {
        metadata: { name: governs },
        // A replica that is not ready yet still has to be found by name.
        spec: { selector, ports: toServicePorts(ports), clusterIp: 'None', publishNotReadyAddresses: true },
      });
    new k8s.KubePodDisruptionBudget(this, 'DisruptionBudget', {
      metadata: { name: identity.name },
      spec: {
        // A count of those that may go: `minAvailable` of a single replica would block every drain.
        maxUnavailable: k8s.IntOrString.fromNumber(1),
        selector: { matchLabels: selector },
        // A pod that is broken anyway must not hold up the drain of its node.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    });
  }
}

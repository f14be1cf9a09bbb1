import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { NamespaceRole } from '../lib/catalog/components';

export interface NamespacesChartProps extends ChartProps {
  readonly namespaces: Readonly<Record<NamespaceRole, string>>;
}

/** The Kubernetes release whose reading of the standards is meant, so that an upgrade of the cluster changes nothing. */
const podSecurityVersion = 'v1.36';

type Level = 'privileged' | 'restricted';

/** The agents need the host; everything else is held to the strictest level. */
const enforced: Readonly<Record<NamespaceRole, Level>> = {
  application: 'restricted',
  monitoring: 'restricted',
  agents: 'privileged',
};

/**
 * The namespaces, each with its Pod Security level.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export class NamespacesChart extends Chart {
  constructor(scope: Construct, id: string, { namespaces, ...props }: NamespacesChartProps) {
    super(scope, id, props);
    for (const role of ['application', 'monitoring', 'agents'] as const) {
      const levels = { enforce: enforced[role], audit: 'restricted', warn: 'restricted' };
      new k8s.KubeNamespace(this, role, {
        metadata: {
          name: namespaces[role],
          labels: Object.fromEntries(
            Object.entries(levels).flatMap(([mode, level]) => [
              [`pod-security.kubernetes.io/${mode}`, level],
              [`pod-security.kubernetes.io/${mode}-version`, podSecurityVersion],
            ]),
          ),
        },
      });
    }
  }
}

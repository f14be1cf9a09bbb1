import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';

export interface ServiceIdentityProps {
  readonly name: string;
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
  /** What it may do everywhere. */
  readonly clusterRules?: readonly k8s.PolicyRule[];
  /** What it may do in single namespaces. */
  readonly namespaceRules?: Readonly<Record<string, readonly k8s.PolicyRule[]>>;
}

/** Who a pod is to the API server, and exactly what it may do there: nothing, unless rules say so. */
export class ServiceIdentity extends Construct {
  readonly serviceAccountName: string;

  constructor(scope: Construct, id: string, props: ServiceIdentityProps) {
    super(scope, id);
    const { name, namespace, clusterRules = [], namespaceRules = {} } = props;
    new k8s.KubeServiceAccount(this, 'Account', { metadata: { name }, automountServiceAccountToken: false });
    const subjects = [{ kind: 'ServiceAccount', name, namespace }];
    const apiGroup = 'rbac.authorization.k8s.io';

    if (clusterRules.length > 0) {
      // Cluster-wide names are shared by all: the namespace keeps two deployments apart.
      // It has no namespace, but would be given that of the chart.
      const metadata = { name: `${namespace}:${name}`, namespace: undefined };
      new k8s.KubeClusterRole(this, 'ClusterRole', { metadata, rules: [...clusterRules] });
      new k8s.KubeClusterRoleBinding(this, 'ClusterRoleBinding', {
        metadata,
        roleRef: { apiGroup, kind: 'ClusterRole', name: metadata.name },
        subjects,
      });
    }
    for (const [target, rules] of Object.entries(namespaceRules)) {
      const metadata = { name, namespace: target };
      new k8s.KubeRole(this, `Role-${target}`, { metadata, rules: [...rules] });
      new k8s.KubeRoleBinding(this, `RoleBinding-${target}`, {
        metadata,
        roleRef: { apiGroup, kind: 'Role', name },
        subjects,
      });
    }
    this.serviceAccountName = name;
  }
}

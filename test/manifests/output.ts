import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1Container,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Namespace,
  V1PersistentVolumeClaim,
  V1PodDisruptionBudget,
  V1PodSpec,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import type { Manifest } from '../../charts/manifest';
import type { NetworkPolicy } from './network';

interface Kinds {
  readonly ClusterRole: V1ClusterRole;
  readonly ClusterRoleBinding: V1ClusterRoleBinding;
  readonly ConfigMap: V1ConfigMap;
  readonly DaemonSet: V1DaemonSet;
  readonly Deployment: V1Deployment;
  readonly Ingress: V1Ingress;
  readonly Namespace: V1Namespace;
  readonly NetworkPolicy: NetworkPolicy;
  readonly PersistentVolumeClaim: V1PersistentVolumeClaim;
  readonly PodDisruptionBudget: V1PodDisruptionBudget;
  readonly Role: V1Role;
  readonly RoleBinding: V1RoleBinding;
  readonly Secret: V1Secret;
  readonly Service: V1Service;
  readonly ServiceAccount: V1ServiceAccount;
  readonly StatefulSet: V1StatefulSet;
  readonly ValidatingAdmissionPolicy: V1ValidatingAdmissionPolicy;
  readonly ValidatingAdmissionPolicyBinding: V1ValidatingAdmissionPolicyBinding;
}

/** The objects of one kind, as the API types them. */
export const ofKind = <K extends keyof Kinds>(manifests: readonly Manifest[], kind: K): readonly Kinds[K][] =>
  manifests.filter((manifest) => manifest.kind === kind) as unknown as readonly Kinds[K][];

export type Labels = Readonly<Record<string, string>>;

/** What runs pods, and what each of its pods is. */
export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly name: string;
  readonly namespace: string;
  readonly selector: Labels;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: V1PodSpec;
  /** Container by container, those that run before the others too. */
  readonly containers: readonly V1Container[];
}

export const workloadsOf = (manifests: readonly Manifest[]): readonly Workload[] =>
  (['Deployment', 'StatefulSet', 'DaemonSet'] as const).flatMap((kind) =>
    ofKind(manifests, kind).map(({ metadata, spec }): Workload => {
      const pod = spec?.template.spec ?? { containers: [] };
      return {
        kind,
        name: metadata?.name ?? '',
        namespace: metadata?.namespace ?? '',
        selector: spec?.selector.matchLabels ?? {},
        labels: spec?.template.metadata?.labels ?? {},
        annotations: spec?.template.metadata?.annotations ?? {},
        spec: pod,
        containers: [...(pod.initContainers ?? []), ...pod.containers],
      };
    }),
  );

/** Whether a selector of labels finds something that has these. */
export const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

import type { k8s } from 'cdk8s-plus-28';
import { labels, selectorLabels, type Identity } from './labels';

export interface PodProps {
  readonly identity: Identity;
  readonly serviceAccountName: string;
  /** The pod calls the API server. */
  readonly callsApiServer: boolean;
  readonly containers: readonly k8s.Container[];
  /** Numeric user, group of its files; 0 only where Pod Security lets it. */
  readonly user: number;
  readonly volumes?: readonly k8s.Volume[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly terminationGracePeriodSeconds?: number;
  /** Fields of the pod that only this component needs. */
  readonly more?: Partial<k8s.PodSpec>;
}

/** A pod that the `restricted` Pod Security level admits; its replicas keep to different zones and nodes where they can. */
export const podTemplate = ({ identity, user, more, ...props }: PodProps): k8s.PodTemplateSpec => ({
  metadata: { labels: { ...labels(identity) }, ...(props.annotations && { annotations: { ...props.annotations } }) },
  spec: {
    serviceAccountName: props.serviceAccountName,
    automountServiceAccountToken: props.callsApiServer,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: user !== 0,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { ...selectorLabels(identity) } },
    })),
    ...(props.terminationGracePeriodSeconds && {
      terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
    }),
    containers: [...props.containers],
    ...(props.volumes && { volumes: [...props.volumes] }),
    ...more,
  },
});

import type { V1ContainerPort, V1Pod } from '@kubernetes/client-node';

export interface PlainPodProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: readonly V1ContainerPort[];
}

/** A pod that none of our workloads made, and that restricted Pod Security admits. */
export const plainPod = ({ name, namespace, labels, annotations, ports }: PlainPodProps): V1Pod => ({
  metadata: { name, namespace, labels: { ...labels }, annotations: { ...annotations } },
  spec: {
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'main',
        image: 'example.com/image:1.0.0',
        ports: [...(ports ?? [])],
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    ],
  },
});

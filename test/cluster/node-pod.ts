import type { V1Pod } from '@kubernetes/client-node';
import { imageReference } from '../../lib/catalog/image';
import { eventually } from '../harness/eventually';
import { core, output, profile } from './cluster';
import { skip } from './skip';

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** A pod of the tests that runs a script in Node, and that restricted Pod Security admits. */
export interface NodePod extends PodName {
  readonly script: string;
  readonly args?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Without it no Service sends it requests. */
  readonly becomesReady?: boolean;
  /** The component whose place it takes, where admission or a controller looks closer. */
  readonly as?: {
    readonly serviceAccountName: string;
    readonly user: number;
    /** Names an object of the same namespace: no controller adopts the pod of another one. */
    readonly configMap: { readonly name: string; readonly uid: string };
  };
}

const bodyOf = ({ name, script, args = [], labels = {}, becomesReady = false, as }: NodePod): V1Pod => ({
  metadata: {
    name,
    labels: { ...labels },
    ...(as && { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', ...as.configMap, controller: true }] }),
  },
  spec: {
    ...(!becomesReady && { readinessGates: [{ conditionType: 'autoserve.test/never' }] }),
    ...(as && { serviceAccountName: as.serviceAccountName }),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: as?.user !== 0,
      runAsUser: as?.user ?? profile.images.node.user,
      runAsGroup: as?.user ?? profile.images.node.user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name,
        image: imageReference(profile.images.node),
        command: ['/usr/local/bin/node', '-e', script, ...args],
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  },
});

export const removePod = async ({ namespace, name }: PodName): Promise<void> => {
  await output(['delete', 'pod', name, '-n', namespace, '--ignore-not-found', '--wait']);
};

/** Starts a pod and tells its address once it runs, or has ended; what an earlier run left under its name goes first. */
export const startPod = async (pod: NodePod): Promise<string> => {
  const { namespace, name } = pod;
  await removePod(pod);
  await eventually(`${namespace}/${name} is admitted`, () =>
    core.createNamespacedPod({ namespace, body: bodyOf(pod) }),
  );
  const ip = await eventually(
    `${namespace}/${name} runs`,
    async () => {
      const { status } = await core.readNamespacedPod({ namespace, name });
      const waiting = status?.containerStatuses?.[0]?.state?.waiting?.reason;
      if (waiting === 'ImagePullBackOff' || waiting === 'InvalidImageName') return undefined;
      const hasStarted = status?.phase === 'Running' || status?.phase === 'Succeeded';
      if (!hasStarted || !status.podIP) throw new Error(`${status?.phase} ${waiting}`);
      return status.podIP;
    },
    { withinSeconds: 120, everySeconds: 0.5 },
  );
  return ip ?? skip('cannot pull the Node image that pods of the tests run');
};

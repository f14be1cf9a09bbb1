import type {
  V1Container,
  V1ContainerStatus,
  V1LabelSelector,
  V1OwnerReference,
  V1Pod,
  V1PodTemplateSpec,
} from '@kubernetes/client-node';
import { AppsV1Api, CoreV1Api } from '@kubernetes/client-node';
import { randomUUID } from 'node:crypto';
import type { Manifest } from '../../charts/manifest';
import { components, type ComponentName } from '../../lib/catalog/components';
import type { ApiServer } from '../harness/api-server';
import { startApiServer } from '../harness/api-server';
import { kubectl } from '../harness/kubectl';
import { loopbackNetwork } from './loopback-network';

export interface ClusterNode {
  readonly name: string;
  readonly address: string;
}

export type Phase = 'Running' | 'Pending' | 'Succeeded' | 'Failed';

export interface ClusterPod {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly address: string;
  readonly containers: readonly V1Container[];
  /** Names of its PersistentVolumeClaims. */
  readonly claims: readonly string[];
}

/** A pod of a workload that was rendered. */
export interface ComponentPod extends ClusterPod {
  readonly component: ComponentName;
  /** `address:port` of its port `http`. */
  readonly host: string;
}

export interface NewPod {
  readonly pod: V1Pod;
  readonly phase?: Phase;
  /** What its containers went through, beyond what the phase says. */
  readonly containerStatus?: Partial<V1ContainerStatus>;
}

/** A real API server with the rendered objects, and nodes and pods that nobody but us makes, at loopback addresses. */
export interface Cluster {
  readonly server: ApiServer;
  readonly core: CoreV1Api;
  readonly nodes: readonly [ClusterNode, ClusterNode];
  readonly addPod: (pod: NewPod) => Promise<ClusterPod>;
  /** Pods of a component as its controller would make them: one a node of a DaemonSet, else as many as are asked for. */
  readonly addComponent: (component: ComponentName, replicas?: number) => Promise<readonly ComponentPod[]>;
  readonly deletePod: (pod: ClusterPod) => Promise<void>;
}

interface Workload extends Manifest {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly selector: V1LabelSelector;
    readonly template: V1PodTemplateSpec;
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string }; readonly spec: object }[];
  };
}

const isWorkload = (manifest: Manifest): manifest is Workload =>
  ['Deployment', 'StatefulSet', 'DaemonSet'].includes(manifest.kind);

const apply = async ({ kubeconfig }: ApiServer, items: readonly Manifest[]): Promise<void> => {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const { code, stderr } = await kubectl(kubeconfig, ['apply', '--server-side', '--filename=-'], list);
  if (code !== 0) throw new Error(`kubectl apply ended with ${code}:\n${stderr}`);
};

const capacity = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '100Gi', pods: '110' };
const conditions = { Ready: 'True', MemoryPressure: 'False', DiskPressure: 'False', PIDPressure: 'False' };

const addNode = async (core: CoreV1Api, { name, address }: ClusterNode): Promise<void> => {
  const node = await core.createNode({ body: { metadata: { name } } });
  const status = {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    capacity,
    allocatable: capacity,
    conditions: Object.entries(conditions).map(([type, value]) => ({ type, status: value })),
  };
  await core.replaceNodeStatus({ name, body: { ...node, status } });
};

const containerStates: Readonly<Record<Phase, V1ContainerStatus['state']>> = {
  Running: { running: {} },
  Pending: { waiting: { reason: 'ContainerCreating' } },
  Succeeded: { terminated: { reason: 'Completed', exitCode: 0 } },
  Failed: { terminated: { reason: 'Error', exitCode: 1 } },
};

const replicaSetOf = ({ metadata: { name } }: Workload): string => `${name}-66b6c48dd5`;

/** What made a pod: a workload itself, or the ReplicaSet that a Deployment makes. */
const ownerOf = (workload: Workload): V1OwnerReference => ({
  apiVersion: workload.apiVersion,
  ...(workload.kind === 'Deployment'
    ? { kind: 'ReplicaSet', name: replicaSetOf(workload) }
    : { kind: workload.kind, name: workload.metadata.name }),
  uid: randomUUID(),
  controller: true,
});

/** A pod from the template of a workload, with the volumes that a StatefulSet's controller adds. */
const podOf = (workload: Workload, name: string): V1Pod => {
  const { metadata, spec } = workload;
  const { template, volumeClaimTemplates = [] } = spec;
  return {
    metadata: { ...template.metadata, name, namespace: metadata.namespace, ownerReferences: [ownerOf(workload)] },
    spec: {
      ...template.spec,
      containers: template.spec?.containers ?? [],
      volumes: [
        ...(template.spec?.volumes ?? []),
        ...volumeClaimTemplates.map((claim) => ({
          name: claim.metadata.name,
          persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}` },
        })),
      ],
    },
  };
};

export const startCluster = async (manifests: readonly Manifest[]): Promise<Cluster> => {
  const nextAddress = loopbackNetwork();
  const nodes = [
    { name: 'node-1', address: nextAddress() },
    { name: 'node-2', address: nextAddress() },
  ] as const;
  // Its certificate is valid for both nodes: as in a cluster whose CA signed the kubelets' certificates too.
  const server = await startApiServer({ address: nodes[0].address, advertisedAddress: nodes[1].address });
  const core = server.config.makeApiClient(CoreV1Api);
  await apply(
    server,
    manifests.filter(({ kind }) => kind === 'Namespace'),
  );
  await server.addDefaultServiceAccounts();
  await apply(
    server,
    manifests.filter(({ kind }) => kind !== 'Namespace'),
  );
  for (const node of nodes) await addNode(core, node);
  let scheduled = 0;

  const place = async (
    pod: V1Pod,
    node: ClusterNode,
    { phase = 'Running', containerStatus }: Omit<NewPod, 'pod'>,
  ): Promise<ClusterPod> => {
    const { name = '', namespace = '' } = pod.metadata ?? {};
    const containers = pod.spec?.containers ?? [];
    const body = await core.createNamespacedPod({
      namespace,
      body: { ...pod, spec: { ...pod.spec, containers, nodeName: node.name } },
    });
    const address = pod.spec?.hostNetwork ? node.address : nextAddress();
    const isRunning = phase === 'Running';
    await core.replaceNamespacedPodStatus({
      name,
      namespace,
      body: {
        ...body,
        status: {
          phase,
          hostIP: node.address,
          podIP: address,
          podIPs: [{ ip: address }],
          conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, status: isRunning ? 'True' : 'False' })),
          containerStatuses: containers.map((container) => ({
            name: container.name,
            image: container.image ?? '',
            imageID: '',
            ready: isRunning,
            restartCount: 0,
            state: containerStates[phase],
            ...containerStatus,
          })),
        },
      },
    });
    const claims = (pod.spec?.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
    return { name, namespace, node: node.name, address, containers, claims };
  };

  /** As the controller of Deployments would make it; its pods are ours. */
  const addReplicaSet = async (workload: Workload): Promise<void> => {
    const { namespace } = workload.metadata;
    const { selector, template } = workload.spec;
    const body = { metadata: { name: replicaSetOf(workload) }, spec: { selector, template } };
    await server.config.makeApiClient(AppsV1Api).createNamespacedReplicaSet({ namespace, body });
  };

  const addClaims = async ({ metadata: { namespace }, spec }: Workload, podName: string): Promise<void> => {
    for (const claim of spec.volumeClaimTemplates ?? []) {
      const metadata = { name: `${claim.metadata.name}-${podName}` };
      await core.createNamespacedPersistentVolumeClaim({ namespace, body: { ...claim, metadata } });
    }
  };

  return {
    server,
    core,
    nodes,
    addPod: ({ pod, ...status }) => {
      scheduled += 1;
      return place(pod, nodes[scheduled % 2 === 0 ? 0 : 1], status);
    },
    addComponent: async (component, replicas = 1) => {
      const workload = manifests.filter(isWorkload).find(({ metadata }) => metadata.name === component);
      if (workload === undefined) throw new Error(`no workload ${component} is rendered`);
      if (workload.kind === 'Deployment') await addReplicaSet(workload);
      const isAgent = workload.kind === 'DaemonSet';
      const pods: ComponentPod[] = [];
      for (let index = 0; index < (isAgent ? nodes.length : replicas); index += 1) {
        const name = `${component}-${index}`;
        await addClaims(workload, name);
        const pod = await place(podOf(workload, name), nodes[index % 2 === 0 ? 0 : 1], {});
        pods.push({ ...pod, component, host: `${pod.address}:${components[component].ports.http}` });
      }
      return pods;
    },
    // No kubelet would confirm that it ended.
    deletePod: async ({ name, namespace }) => {
      await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
    },
  };
};

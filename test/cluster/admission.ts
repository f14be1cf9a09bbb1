import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { eventually } from '../harness/eventually';
import { agents, apps, core, monitoring, podsOf, refusalOf } from './cluster';

const create = (namespace: string, body: V1Pod) => core.createNamespacedPod({ namespace, body, dryRun: 'All' });

interface Trespass {
  /** Makes of node-exporter's pod one that goes further. */
  readonly by: (spec: V1PodSpec, container: V1Container) => void;
  readonly message: RegExp;
}

const unprivileged = /containers are unprivileged/;

const trespasses: Readonly<Record<string, Trespass>> = {
  'mounts another path of the host': {
    by: (spec) => spec.volumes?.push({ name: 'etc', hostPath: { path: '/etc' } }),
    message: /node-exporter mounts no host path but \/, \/sys/,
  },
  'runs under another ServiceAccount': {
    by: (spec) => {
      spec.serviceAccountName = 'default';
    },
    message: /only these agents run in this namespace/,
  },
  'mounts the host writable': {
    by: (_, container) => {
      for (const mount of container.volumeMounts ?? []) mount.readOnly = false;
    },
    message: /host paths are mounted read-only/,
  },
  'mounts the host writable in an init container': {
    by: (spec, { image, securityContext }) => {
      const volumeMounts = [{ name: 'root', mountPath: '/host' }];
      spec.initContainers = [{ name: 'init', image, securityContext, volumeMounts }];
    },
    message: /host paths are mounted read-only/,
  },
  'is privileged': {
    by: (_, container) => {
      container.securityContext = { privileged: true };
    },
    message: unprivileged,
  },
  'may gain privileges': {
    by: (_, container) => {
      container.securityContext = { capabilities: { drop: ['ALL'] } };
    },
    message: unprivileged,
  },
  'keeps the default capabilities': {
    by: (_, container) => {
      container.securityContext = { allowPrivilegeEscalation: false };
    },
    message: unprivileged,
  },
  'adds a capability': {
    by: (_, container) => {
      const capabilities = { drop: ['ALL'], add: ['SYS_ADMIN'] };
      container.securityContext = { allowPrivilegeEscalation: false, capabilities };
    },
    message: unprivileged,
  },
};

export const admission = (): void => {
  let agent: V1PodSpec;

  beforeAll(async () => {
    const daemonSet = await apps.readNamespacedDaemonSet({ namespace: agents, name: 'node-exporter' });
    const spec = daemonSet.spec?.template.spec;
    if (!spec) throw new Error('node-exporter has no pod template');
    agent = spec;
  });

  const pod = (by: Trespass['by'] = () => undefined): V1Pod => {
    const spec = structuredClone(agent);
    for (const container of spec.containers) by(spec, container);
    return { metadata: { name: 'trespasser' }, spec };
  };

  test('a privileged pod in the namespace of the monitoring is refused', async () => {
    const body = {
      metadata: { name: 'trespasser' },
      spec: { containers: [{ name: 'main', image: 'example.com/none:1', securityContext: { privileged: true } }] },
    };
    const refusal = await refusalOf(create(monitoring, body));
    expect(refusal).toMatchObject({
      code: 403,
      message: expect.stringContaining('violates PodSecurity') as string,
    });
  });

  test("node-exporter's own pod is admitted among the agents", async () => {
    await eventually('it is admitted', () => create(agents, pod()));
  });

  test.each(Object.entries(trespasses))('a pod among the agents that %s is refused', async (_, { by, message }) => {
    const refusal = await refusalOf(create(agents, pod(by)));
    expect(refusal.code).toBe(422);
    expect(refusal.message).toMatch(message);
  });

  test('a debug container in an agent is refused', async () => {
    const [agentPod] = await podsOf('node-exporter');
    if (!agentPod?.spec) throw new Error('node-exporter has no pod');
    const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
    agentPod.spec.ephemeralContainers = [{ name: 'debug', image: 'example.com/none:1', securityContext }];
    const refusal = await refusalOf(
      core.replaceNamespacedPodEphemeralcontainers({
        namespace: agents,
        name: agentPod.metadata?.name ?? '',
        body: agentPod,
        dryRun: 'All',
      }),
    );
    expect(refusal).toMatchObject({ code: 422, message: expect.stringContaining('no debug containers') as string });
  });
};

import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { eventually } from '../harness/eventually';
import { agents, apps, core, monitoring, podsOf, refusalOf } from './cluster';

const create = (namespace: string, body: V1Pod) => core.createNamespacedPod({ namespace, body, dryRun: 'All' });

type Agent = 'node-exporter' | 'fluent-bit';

interface Trespass {
  /** Makes of an agent's pod one that goes further. */
  readonly by: (spec: V1PodSpec, container: V1Container) => void;
  readonly message: RegExp;
}

const unprivileged = /containers are unprivileged/;

const mountWritable: Trespass['by'] = (_, container) => {
  for (const mount of container.volumeMounts ?? []) mount.readOnly = false;
};

const mountAnother: Trespass['by'] = (spec) => spec.volumes?.push({ name: 'etc', hostPath: { path: '/etc' } });

const ofNodeExporter: Readonly<Record<string, Trespass>> = {
  'mounts another path of the host': {
    by: mountAnother,
    message: /node-exporter mounts no host path but \/, \/sys/,
  },
  'runs under another ServiceAccount': {
    by: (spec) => {
      spec.serviceAccountName = 'default';
    },
    message: /only these agents run in this namespace/,
  },
  'mounts the host writable': {
    by: mountWritable,
    message: /node-exporter writes to no host path/,
  },
  'mounts the host writable in an init container': {
    by: (spec, { image, securityContext }) => {
      const volumeMounts = [{ name: 'root', mountPath: '/host' }];
      spec.initContainers = [{ name: 'init', image, securityContext, volumeMounts }];
    },
    message: /node-exporter writes to no host path/,
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

/** What node-exporter shows for both is not shown again. */
const ofFluentBit: Readonly<Record<string, Trespass>> = {
  'mounts another path of the host': { by: mountAnother, message: /fluent-bit mounts no host path but \/var\/log, / },
  'mounts the logs writable': { by: mountWritable, message: /fluent-bit writes to no host path but \/var\/lib\// },
  'uses the network of the node': {
    by: (spec) => {
      spec.hostNetwork = true;
    },
    message: /fluent-bit keeps to its own network/,
  },
};

const trespasses = Object.entries({ 'node-exporter': ofNodeExporter, 'fluent-bit': ofFluentBit }).flatMap(
  ([agent, table]) => Object.entries(table).map(([title, trespass]) => ({ agent: agent as Agent, title, ...trespass })),
);

export const admission = (): void => {
  const pod = async (agent: Agent, by: Trespass['by'] = () => undefined): Promise<V1Pod> => {
    const daemonSet = await apps.readNamespacedDaemonSet({ namespace: agents, name: agent });
    const spec = daemonSet.spec?.template.spec;
    if (!spec) throw new Error(`${agent} has no pod template`);
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

  test.each(['node-exporter', 'fluent-bit'] as const)("%s's own pod is admitted among the agents", async (agent) => {
    const own = await pod(agent);
    await eventually('it is admitted', () => create(agents, own));
  });

  test.each(trespasses)('a pod of $agent that $title is refused', async ({ agent, by, message }) => {
    const refusal = await refusalOf(create(agents, await pod(agent, by)));
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

import { join } from 'node:path';
import type { Manifest } from '../../charts/manifest';
import { kustomizationOf } from '../../charts/stack';
import { startApiServer, type ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { flawless, kubectl } from '../harness/kubectl';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { synthesised } from '../harness/synthesised';
import type { Outcome } from '../../tools/run';

/** The warnings that are meant to be read, each once: the agents have to see the host, and Pod Security says so. */
const expectedWarnings = [
  /would violate PodSecurity "restricted:v1.36": restricted volume types .*, runAsNonRoot != true .*, runAsUser=0 \([^,]*\)$/,
  /would violate PodSecurity "restricted:v1.36": host namespaces .*"hostPath"\)$/,
];
const agents = ['daemonset-node-exporter', 'daemonset-fluent-bit'];

let dist: string;

beforeAll(async () => {
  dist = await synthesised();
});

const warnings = ({ stderr }: Outcome): readonly string[] => stderr.match(/^Warning: .*$/gm) ?? [];

const apply = (server: ApiServer, profile: string, ...more: readonly string[]): Promise<Outcome> =>
  kubectl(server.kubeconfig, ['apply', '-k', join(dist, profile), ...more]);

interface Versioned {
  readonly kind: string;
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly generation?: number;
    readonly resourceVersion: string;
  };
}

/** Every applied object with the version that the API server gave it. */
const versions = async (server: ApiServer, profile: string): Promise<Readonly<Record<string, string>>> => {
  const list = flawless(await kubectl(server.kubeconfig, ['get', '-k', join(dist, profile), '-o', 'json']));
  const { items } = JSON.parse(list) as { readonly items: readonly Versioned[] };
  return Object.fromEntries(
    items.map(({ kind, metadata }) => [
      `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
      metadata.resourceVersion,
    ]),
  );
};

interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Volume {
  readonly name: string;
  readonly hostPath?: { readonly path: string };
}

interface Container {
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

interface Workload {
  readonly template?: { readonly metadata: object; readonly spec: PodSpec };
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
}

/** The pods that the workloads of a profile would make. */
const podsOf = (manifests: readonly Manifest[]): readonly Manifest[] =>
  manifests.flatMap(({ kind, metadata, spec }) => {
    const { template, volumeClaimTemplates = [] } = (spec ?? {}) as Workload;
    if (template === undefined) return [];
    const claims = volumeClaimTemplates.map(({ metadata: { name } }) => ({
      name,
      persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` },
    }));
    return [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...template.metadata,
          name: `${kind.toLowerCase()}-${metadata.name}`,
          namespace: metadata.namespace,
        },
        spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claims] },
      },
    ];
  });

describe.each(profileNames)('an empty cluster, given profile %s', (name) => {
  let server: ApiServer;
  let applied: Outcome;
  beforeAll(async () => {
    server = await startApiServer();
    applied = await apply(server, name);
    await server.addDefaultServiceAccounts();
  });

  const create = (object: object): Promise<Outcome> =>
    kubectl(server.kubeconfig, ['create', '-f', '-'], JSON.stringify(object));

  test('takes every object at the first `kubectl apply -k`, and warns of nothing unexpected', () => {
    expect(applied).toMatchObject({ code: 0 });
    expect(warnings(applied)).toEqual(expectedWarnings.map((pattern) => expect.stringMatching(pattern) as string));
    const generated = kustomizationOf(profiles[name], []).secretGenerator ?? [];
    const objects = rendered(profiles[name]).length + generated.length;
    expect(applied.stdout.trim().split('\n')).toHaveLength(objects);
  });

  test('changes nothing when the same is applied again, client-side or server-side', async () => {
    const before = await versions(server, name);
    expect(await apply(server, name)).toMatchObject({ code: 0 });
    expect(await versions(server, name)).toEqual(before);
    // The first server-side apply takes note of its field manager; what it manages must be the same.
    const serverSide = ['--server-side', '--force-conflicts'];
    expect(await apply(server, name, ...serverSide)).toMatchObject({ code: 0 });
    const managed = await versions(server, name);
    expect(await apply(server, name, ...serverSide)).toMatchObject({ code: 0 });
    expect(await versions(server, name)).toEqual(managed);
  });

  test('admits the pods of every workload', async () => {
    const pods = podsOf(rendered(profiles[name]));
    expect(pods.length).toBeGreaterThanOrEqual(6);
    for (const pod of pods) {
      const outcome = await create(pod);
      expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('created') as string });
      expect(warnings(outcome)).toHaveLength(agents.includes(pod.metadata.name) ? 1 : 0);
    }
  });

  const restricted = podsOf(rendered(profiles[name])).find(
    ({ metadata }) => metadata.name === 'deployment-kube-state-metrics',
  );
  const agentNamed = (agent: string): Manifest | undefined =>
    podsOf(rendered(profiles[name])).find(({ metadata }) => metadata.name === `daemonset-${agent}`);
  const nodeExporter = agentNamed('node-exporter');
  const fluentBit = agentNamed('fluent-bit');

  /** A copy of a pod under another name, with some fields of its first container or of its spec changed. */
  const changed = (pod: Manifest | undefined, spec: object, container: object = {}): object => {
    const { containers, ...rest } = pod?.['spec'] as PodSpec;
    return {
      ...pod,
      metadata: { ...pod?.metadata, name: 'changed' },
      spec: { ...rest, containers: [{ ...containers[0], ...container }], ...spec },
    };
  };

  test('refuses a privileged pod in the namespace of the monitoring', async () => {
    const privileged = { securityContext: { privileged: true } };
    expect(await create(changed(restricted, {}, privileged))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('violates PodSecurity "restricted') as string,
    });
  });

  const remove = () =>
    kubectl(server.kubeconfig, ['delete', 'pod', 'changed', '-n', profiles[name].namespaces.agents, '--force']);

  const refuses = async (pod: object, message: string): Promise<void> => {
    // The API server takes a moment to put a new policy into force.
    await eventually('the policy is in force', async () => {
      const outcome = await create(pod);
      if (outcome.code === 0) await remove();
      expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining(message) as string });
    });
  };

  const hostPath = (path: string) => ({
    volumes: ['root', 'sys'].map((volume) => ({ name: volume, hostPath: { path } })),
  });
  const hardened = {
    runAsNonRoot: true,
    runAsUser: 65534,
    runAsGroup: 65534,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const confined = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const writable = { volumeMounts: [{ name: 'root', mountPath: '/host' }] };

  test.each([
    ['another host path', hostPath('/etc'), {}, 'mounts no host path but /, /sys'],
    ['a host path that it may write to', {}, writable, 'node-exporter writes to no host path'],
    ['privileges', {}, { securityContext: { privileged: true } }, 'containers are unprivileged'],
    ['a capability', {}, { securityContext: { allowPrivilegeEscalation: false } }, 'drop all capabilities'],
    [
      'another identity',
      { serviceAccountName: 'default' },
      {},
      'only these agents run in this namespace: node-exporter, fluent-bit',
    ],
    [
      'an init container that has privileges',
      { initContainers: [{ name: 'init', image: 'example.com/image:1.0.0' }] },
      {},
      'containers are unprivileged',
    ],
    [
      'the root user',
      { securityContext: { ...hardened, runAsUser: 0, runAsNonRoot: false } },
      {},
      'runs as user and group',
    ],
    ['the root group', { securityContext: { ...hardened, runAsGroup: 0 } }, {}, 'runs as user and group'],
    ['a further group', { securityContext: { ...hardened, supplementalGroups: [0] } }, {}, 'runs as user and group'],
    [
      'root in a container',
      {},
      { securityContext: { ...confined, runAsUser: 0, runAsNonRoot: false } },
      'runs as user and group',
    ],
    ["the host's memory", { hostIPC: true }, {}, "no agent shares the host's memory"],
    ['no seccomp profile', { securityContext: { ...hardened, seccompProfile: undefined } }, {}, 'seccomp profile'],
    [
      'another capability',
      {},
      { securityContext: { ...confined, capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } } },
      'drop all capabilities',
    ],
  ])('refuses a node-exporter that asks for %s', async (_, spec, container, message) => {
    await refuses(changed(nodeExporter, spec, container), message);
  });

  const { containers: [collector = {}] = [], volumes = [] } = (fluentBit?.['spec'] ?? {}) as Partial<PodSpec>;
  /** The pod's volumes, with that of a path of the host on another one. */
  const moved = (from: string, to: string) => ({
    volumes: volumes.map((volume) =>
      volume.hostPath?.path === from ? { name: volume.name, hostPath: { path: to } } : volume,
    ),
  });
  const asRoot = { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } };
  const stateDirectory = '/var/lib/autoserve-fluent-bit';

  test.each([
    [
      'another host path',
      moved(stateDirectory, '/var/lib/kubelet'),
      {},
      'fluent-bit mounts no host path but /var/log, ',
    ],
    ['all that lies around its host paths', moved('/var/log', '/var'), {}, 'fluent-bit mounts no host path but'],
    ['a part of its host path', moved('/var/log', '/var/log/pods'), {}, 'fluent-bit mounts no host path but'],
    [
      'the logs of the node to write to',
      {},
      { volumeMounts: collector.volumeMounts?.map((mount) => ({ ...mount, readOnly: false })) },
      `fluent-bit writes to no host path but ${stateDirectory}`,
    ],
    [
      'the logs of the node to write to, at another place',
      moved(stateDirectory, '/var/log'),
      {},
      `fluent-bit writes to no host path but ${stateDirectory}`,
    ],
    ['the network of the node', { hostNetwork: true }, {}, 'fluent-bit keeps to its own network and processes'],
    ['the processes of the node', { hostPID: true }, {}, 'fluent-bit keeps to its own network and processes'],
    ["the node's memory", { hostIPC: true }, {}, "no agent shares the host's memory"],
    ['another user', { securityContext: { ...asRoot, runAsUser: 65534 } }, {}, 'fluent-bit runs as user and group 0'],
    [
      'a further group',
      { securityContext: { ...asRoot, supplementalGroups: [6] } },
      {},
      'fluent-bit runs as user and group 0',
    ],
    [
      'the capability to read everything',
      {},
      { securityContext: { ...confined, capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH'] } } },
      'drop all capabilities',
    ],
    ['the capabilities that root has anyway', {}, { securityContext: { allowPrivilegeEscalation: false } }, 'drop all'],
    ['privileges', {}, { securityContext: { privileged: true } }, 'containers are unprivileged'],
    [
      'the identity of another agent',
      { serviceAccountName: 'node-exporter' },
      {},
      'node-exporter mounts no host path but /, /sys',
    ],
    ['no identity', { serviceAccountName: 'default' }, {}, 'only these agents run in this namespace'],
  ])('refuses a Fluent Bit that asks for %s', async (_, spec, container, message) => {
    await refuses(changed(fluentBit, spec, container), message);
  });

  test.each([
    ['node-exporter', nodeExporter],
    ['fluent-bit', fluentBit],
  ])('still admits %s itself, now that the policy is in force', async (_, agent) => {
    expect(await create(changed(agent, {}))).toMatchObject({ code: 0 });
    await remove();
  });

  test('refuses a field that Kubernetes does not know', async () => {
    expect(await create(changed(restricted, { hostNetwrok: true }))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unknown field "spec.hostNetwrok"') as string,
    });
  });
});

import { join } from 'node:path';
import type { Manifest } from '../../charts/manifest';
import { startApiServer, type ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { flawless, kubectl } from '../harness/kubectl';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { synthesised } from '../harness/synthesised';
import type { Outcome } from '../../tools/run';

/** The warnings that are meant to be read, each once: node-exporter has to see the host, and Pod Security says so. */
const expectedWarnings = [/would violate PodSecurity "restricted:v1.36": host namespaces .*"hostPath"\)$/];

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
  readonly containers: readonly object[];
  readonly volumes?: readonly object[];
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
    expect(applied.stdout.trim().split('\n')).toHaveLength(rendered(profiles[name]).length);
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
      expect(warnings(outcome)).toHaveLength(pod.metadata.name === 'daemonset-node-exporter' ? 1 : 0);
    }
  });

  const restricted = podsOf(rendered(profiles[name])).find(
    ({ metadata }) => metadata.name === 'deployment-kube-state-metrics',
  );
  const agent = podsOf(rendered(profiles[name])).find(({ metadata }) => metadata.name === 'daemonset-node-exporter');

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
    ['a host path that it may write to', {}, writable, 'host paths are mounted read-only'],
    ['privileges', {}, { securityContext: { privileged: true } }, 'containers are unprivileged'],
    ['a capability', {}, { securityContext: { allowPrivilegeEscalation: false } }, 'drop all capabilities'],
    [
      'another identity',
      { serviceAccountName: 'default' },
      {},
      'only these agents run in this namespace: node-exporter',
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
  ])('refuses an agent that asks for %s', async (_, spec, container, message) => {
    // The API server takes a moment to put a new policy into force.
    await eventually('the policy is in force', async () => {
      const outcome = await create(changed(agent, spec, container));
      if (outcome.code === 0)
        await kubectl(server.kubeconfig, [
          'delete',
          'pod',
          'changed',
          '-n',
          profiles[name].namespaces.agents,
          '--force',
        ]);
      expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining(message) as string });
    });
  });

  test('refuses a field that Kubernetes does not know', async () => {
    expect(await create(changed(restricted, { hostNetwrok: true }))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unknown field "spec.hostNetwrok"') as string,
    });
  });
});

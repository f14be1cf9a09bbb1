import { components, type ComponentName } from '../../lib/catalog/components';
import {
  agents,
  application,
  core,
  deployed,
  discovery,
  manifests,
  monitoring,
  namespaceOf,
  namespaces,
  podsOf,
} from './cluster';
import { deployment, needs, newWarnings } from './deployment';

/** Warning events that a sound deployment may bring, each with its reason. */
const allowedEvents: Readonly<Record<string, { readonly reason: string; readonly message: RegExp }>> = {
  'a volume that is provisioned at once is bound a moment after its pod is first looked at': {
    reason: 'FailedScheduling',
    message: /unbound immediate PersistentVolumeClaims/,
  },
  'a busy kubelet that fetches too slowly what a new pod mounts tries again': {
    reason: 'FailedMount',
    message: /failed to sync \w+ cache: timed out/,
  },
  'an API server that looks over its Services as one is made may not have seen its address yet': {
    reason: 'ClusterIPNotAllocated',
    message: /is not allocated; repairing$/,
  },
  'a program that takes longer to start than until the first look is looked at again': {
    reason: 'Unhealthy',
    message: /^Startup probe failed: /,
  },
};

/** Components that run as root, each with the reason. */
const runsAsRoot: Partial<Readonly<Record<ComponentName, string>>> = {
  'fluent-bit': 'the logs of a node belong to root, and nobody else reads them',
};

const hasService = (name: ComponentName): boolean =>
  manifests.some(({ kind, metadata }) => kind === 'Service' && metadata.name === name);

export const workloads = (): void => {
  test.each(deployed)('%s becomes Ready', (name) => {
    needs(name);
    expect(deployment().states.get(name)).toBe('ready');
  });

  test.each(deployed.filter(hasService))('the Service %s has its ready pods behind every port', async (name) => {
    needs(name);
    const { items } = await discovery.listNamespacedEndpointSlice({
      namespace: namespaceOf(name),
      labelSelector: `kubernetes.io/service-name=${name}`,
    });
    const open = items.flatMap(({ ports, endpoints }) =>
      endpoints.some(({ conditions }) => conditions?.ready) ? (ports ?? []).map((port) => [port.name, port.port]) : [],
    );
    expect(Object.fromEntries(open)).toEqual(components[name].ports);
  });

  test('no container was restarted', async () => {
    const lists = await Promise.all(namespaces.map((namespace) => core.listNamespacedPod({ namespace })));
    const restarted = lists
      .flatMap(({ items }) => items)
      .flatMap(({ metadata, status }) =>
        (status?.containerStatuses ?? [])
          .filter(({ restartCount }) => restartCount > 0)
          .map(({ name, lastState }) => ({ pod: metadata?.name, name, lastState })),
      );
    expect(restarted).toEqual([]);
  });

  test('every container runs as a user other than root, but for the named exceptions', async () => {
    const pods = (await Promise.all(deployed.filter((name) => !(name in runsAsRoot)).map(podsOf))).flat();
    const running = pods.filter(({ status }) => status?.phase === 'Running');
    const asRoot = running
      .flatMap(({ metadata, spec, status }) =>
        (status?.containerStatuses ?? []).map(({ name, user }) => ({
          pod: metadata?.name,
          name,
          // What the runtime says, else, before Kubernetes 1.33, what it was told.
          uid: user?.linux?.uid ?? spec?.securityContext?.runAsUser ?? 0,
        })),
      )
      .filter(({ uid }) => uid === 0);
    expect({ some: running.length > 0, asRoot }).toEqual({ some: true, asRoot: [] });
  });

  test.each(Object.keys(runsAsRoot) as ComponentName[])('%s is root without capabilities', async (name) => {
    needs(name);
    for (const { spec } of await podsOf(name))
      expect(spec?.containers.map(({ securityContext }) => securityContext)).toEqual([
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      ]);
  });

  test('all namespaces but that of the agents hold their pods to the strictest level', async () => {
    const levels: Record<string, string | undefined> = {};
    for (const name of namespaces)
      levels[name] = (await core.readNamespace({ name })).metadata?.labels?.['pod-security.kubernetes.io/enforce'];
    expect(levels).toEqual({ [application]: 'restricted', [monitoring]: 'restricted', [agents]: 'privileged' });
  });

  test('no event warns of anything but the named exceptions', async () => {
    const { states } = deployment();
    const withoutImage = deployed.filter((name) => typeof states.get(name) === 'object');
    const unexpected = (await newWarnings())
      .filter(({ involvedObject }) => !withoutImage.some((name) => involvedObject.name?.startsWith(`${name}-`)))
      .map(({ reason, message, involvedObject }) => ({ reason, message, object: involvedObject.name }))
      .filter(
        (event) =>
          !Object.values(allowedEvents).some(
            ({ reason, message }) => event.reason === reason && message.test(event.message ?? ''),
          ),
      );
    expect(unexpected).toEqual([]);
  });
};

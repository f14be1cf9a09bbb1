import { NetworkingV1Api } from '@kubernetes/client-node';
import { isIP } from 'node:net';
import { components, kubeletPort, portOf, type ComponentName } from '../../lib/catalog/components';
import { connections, externalConnections } from '../../lib/catalog/connections';
import { eventually } from '../harness/eventually';
import { config, core, deployed, discovery, namespaceOf, podsOf, profile, usesHostNetwork } from './cluster';
import { isRunning, needs } from './deployment';
import { removePod } from './node-pod';
import {
  connectFrom,
  probePort,
  resolveFrom,
  startProbe,
  startProbeAs,
  type Address,
  type Probe,
  type Verdict,
} from './probe';
import { skip } from './skip';
import { createNamespace, removeNamespace } from './test-namespace';

/** Somewhere that a component may or may not call. */
interface Destination {
  readonly title: string;
  /** The component that has to run for it to answer. */
  readonly component?: ComponentName;
  readonly address: () => Promise<Address>;
  readonly isDeclaredFrom: (source: ComponentName) => boolean;
}

const nodeAddress = async (): Promise<string> => {
  const { items } = await core.listNode();
  const address = items[0]?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  if (address === undefined) throw new Error('no node has an address');
  return address;
};

const probePrefix = 'probe-';
const probeName = (component: ComponentName): string => `${probePrefix}${component}`;
const isProbe = (name = ''): boolean => name.startsWith(probePrefix);

/** Ports that nothing listens on in this profile; a probe in the place of the component does. */
const silentPorts: Partial<Readonly<Record<ComponentName, readonly number[]>>> = {
  ...(profile.logs.loki.replicas === 1 && { loki: [portOf('loki', 'gossip')] }),
  ...(profile.alertmanager.replicas === 1 && { alertmanager: [portOf('alertmanager', 'gossip')] }),
};
const standIns = new Map<ComponentName, Probe>();

const hostOf = async (component: ComponentName, port: number): Promise<string> => {
  const standIn = silentPorts[component]?.includes(port) ? standIns.get(component) : undefined;
  if (standIn !== undefined) return standIn.ip;
  const [pod] = (await podsOf(component)).filter(({ metadata }) => !isProbe(metadata?.name));
  return pod?.status?.podIP ?? '';
};

const componentPorts: readonly Destination[] = deployed.flatMap((component) =>
  Object.values(components[component].ports).map((port: number) => ({
    title: `${component}:${port}`,
    component,
    address: async () => ({ host: await hostOf(component, port), port }),
    isDeclaredFrom: (source) =>
      connections.some(
        (connection) =>
          connection.from === source && connection.to === component && portOf(component, connection.port) === port,
      ),
  })),
);

const outside: readonly Destination[] = [
  {
    title: 'the API server',
    address: async () => {
      const { endpoints, ports } = await discovery.readNamespacedEndpointSlice({
        namespace: 'default',
        name: 'kubernetes',
      });
      return { host: endpoints[0]?.addresses[0] ?? '', port: ports?.[0]?.port ?? 0 };
    },
    isDeclaredFrom: (source) => externalConnections['api-server'].includes(source),
  },
  {
    title: 'the API server by its Service',
    address: async () => {
      const { spec } = await core.readNamespacedService({ namespace: 'default', name: 'kubernetes' });
      return { host: spec?.clusterIP ?? '', port: 443 };
    },
    isDeclaredFrom: (source) => externalConnections['api-server'].includes(source),
  },
  {
    title: `the kubelet on port ${kubeletPort}`,
    address: async () => ({ host: await nodeAddress(), port: kubeletPort }),
    isDeclaredFrom: (source) => externalConnections.kubelets.includes(source),
  },
];

const destinations = [...componentPorts, ...outside];
const sources = deployed.filter((name) => !usesHostNetwork(name));

/** Whether anything listens there. */
const answers = (index: number): boolean => {
  const component = destinations[index]?.component;
  return component === undefined || isRunning(component);
};

const strangers = 'autoserve-test-strangers';
let isEnforced = false;

const skipUnenforced = (): void => {
  if (!isEnforced) skip("the cluster's network enforces no NetworkPolicy");
};

/** A namespace without any policy of ours: two strangers, one of which a policy of its own shuts off. */
const startStrangers = async (): Promise<{ readonly open: Probe; readonly shut: Probe }> => {
  await createNamespace(strangers);
  const [open, shut] = await Promise.all([
    startProbe({ namespace: strangers, name: 'open' }),
    startProbe({ namespace: strangers, name: 'shut', labels: { shut: 'true' } }),
  ]);
  const call = async (): Promise<Verdict | undefined> =>
    (await connectFrom(open, [{ host: shut.ip, port: probePort }]))[0];
  await eventually('a stranger reaches the other', async () => {
    expect(await call()).toBe('open');
  });
  await config.makeApiClient(NetworkingV1Api).createNamespacedNetworkPolicy({
    namespace: strangers,
    body: {
      metadata: { name: 'shut' },
      spec: { podSelector: { matchLabels: { shut: 'true' } }, policyTypes: ['Ingress'] },
    },
  });
  isEnforced = await eventually('the policy shuts it off', async () => {
    expect(await call()).not.toBe('open');
    return true;
  }).catch(() => false);
  return { open, shut };
};

const removeStrangers = (): Promise<unknown> => removeNamespace(strangers);

/** What a source finds, once it is as declared or has had the time to become so. */
const measure = async (
  probe: Probe,
  addresses: readonly Address[],
  isDeclared: readonly boolean[],
): Promise<readonly Verdict[]> => {
  let verdicts: readonly Verdict[] = [];
  await eventually(
    'the network is as declared',
    async () => {
      verdicts = await connectFrom(probe, addresses);
      if (isEnforced) expect(verdicts.map((verdict) => verdict === 'open')).toEqual(isDeclared);
    },
    { withinSeconds: 30, everySeconds: 1 },
  ).catch(() => undefined); // each pair is judged by a test of its own
  return verdicts;
};

const expectVerdict = (verdict: Verdict | undefined, isDeclared: boolean): void => {
  if (isDeclared) {
    expect(verdict).toBe('open');
    return;
  }
  skipUnenforced();
  expect(verdict).toMatch(/^closed: /);
};

export const network = (): void => {
  let stranger: Probe;
  let addresses: readonly Address[];

  beforeAll(async () => {
    ({ open: stranger } = await startStrangers());
    for (const [component, ports] of Object.entries(silentPorts) as [ComponentName, readonly number[]][])
      standIns.set(component, await startProbeAs(component, `${probeName(component)}-stand-in`, ports));
    addresses = await Promise.all(destinations.map(({ address }) => address()));
  }, 300_000);
  afterAll(async () => {
    for (const standIn of standIns.values()) await removePod(standIn);
    await removeStrangers();
  }, 120_000);

  describe.each(sources)('%s', (source) => {
    const isDeclared = destinations.map((destination) => destination.isDeclaredFrom(source));
    let probe: Probe;
    let verdicts: readonly Verdict[];

    beforeAll(async () => {
      probe = await startProbeAs(source, probeName(source));
      const all = [...addresses, { host: stranger.ip, port: probePort }];
      verdicts = await measure(probe, all, [...isDeclared.map((declared, index) => declared && answers(index)), false]);
    }, 180_000);
    afterAll(() => removePod({ namespace: namespaceOf(source), name: probeName(source) }));

    test.each(
      destinations.map(({ title, component }, index) => ({
        title,
        component,
        index,
        verb: isDeclared[index] ? 'reaches' : 'cannot reach',
      })),
    )('$verb $title', ({ component, index }) => {
      if (component) needs(component);
      expectVerdict(verdicts[index], isDeclared[index] ?? false);
    });

    test('cannot reach a stranger in another namespace', () => {
      expectVerdict(verdicts[destinations.length], false);
    });

    test('asks DNS', async () => {
      expect(isIP(await resolveFrom(probe, 'kubernetes.default.svc'))).not.toBe(0);
    });
  });

  describe('a stranger in another namespace', () => {
    let verdicts: readonly Verdict[];

    beforeAll(async () => {
      verdicts = await measure(
        stranger,
        addresses,
        destinations.map(({ component }) => !component || usesHostNetwork(component)),
      );
    });

    test.each(componentPorts.map(({ title, component }, index) => ({ title, component, index })))(
      'cannot reach $title',
      ({ component, index }) => {
        if (component && usesHostNetwork(component)) skip('no NetworkPolicy covers the network of a node');
        if (component) needs(component);
        expectVerdict(verdicts[index], false);
      },
    );
  });
};

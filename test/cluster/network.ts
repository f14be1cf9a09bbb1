import { NetworkingV1Api } from '@kubernetes/client-node';
import { isIP } from 'node:net';
import { components, kubeletPort, type ComponentName } from '../../lib/catalog/components';
import { connections, externalConnections, portOf } from '../../lib/catalog/connections';
import { selectorLabels } from '../../lib/constructs/labels';
import { eventually } from '../harness/eventually';
import { config, core, deployed, discovery, namespaceOf, podsOf, profile, usesHostNetwork } from './cluster';
import { isRunning, needs } from './deployment';
import {
  connectFrom,
  probePort,
  removeProbe,
  resolveFrom,
  startProbe,
  type Address,
  type Probe,
  type Verdict,
} from './probe';
import { skip } from './skip';

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

const componentPorts: readonly Destination[] = deployed.flatMap((component) =>
  Object.values(components[component].ports).map((port: number) => ({
    title: `${component}:${port}`,
    component,
    address: async () => {
      const [pod] = await podsOf(component);
      return { host: pod?.status?.podIP ?? '', port };
    },
    isDeclaredFrom: (source) =>
      connections.some(
        (connection) => connection.from === source && connection.to === component && portOf(connection) === port,
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
  await removeStrangers();
  await core.createNamespace({ body: { metadata: { name: strangers } } });
  const [open, shut] = await Promise.all([
    startProbe(strangers, 'open'),
    startProbe(strangers, 'shut', { shut: 'true' }),
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

const removeStrangers = (): Promise<unknown> =>
  core.readNamespace({ name: strangers }).then(
    async () => {
      await core.deleteNamespace({ name: strangers });
      await eventually(
        'the strangers are gone',
        () => expect(core.readNamespace({ name: strangers })).rejects.toMatchObject({ code: 404 }),
        { withinSeconds: 90, everySeconds: 1 },
      );
    },
    () => undefined,
  );

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
    addresses = await Promise.all(destinations.map(({ address }) => address()));
  }, 300_000);
  afterAll(removeStrangers, 120_000);

  describe.each(sources)('%s', (source) => {
    const isDeclared = destinations.map((destination) => destination.isDeclaredFrom(source));
    let probe: Probe;
    let verdicts: readonly Verdict[];

    beforeAll(async () => {
      probe = await startProbe(
        namespaceOf(source),
        `probe-${source}`,
        selectorLabels({ name: source, instance: profile.name }),
      );
      const all = [...addresses, { host: stranger.ip, port: probePort }];
      verdicts = await measure(probe, all, [...isDeclared.map((declared, index) => declared && answers(index)), false]);
    }, 180_000);
    afterAll(() => removeProbe(probe));

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

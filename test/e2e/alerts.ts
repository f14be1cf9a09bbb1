import type { FaultName } from '../../apps/simulator/faults';
import { alertFacts, type AlertName } from '../../lib/catalog/alerts';
import { severities } from '../../lib/catalog/receivers';
import { eventually } from '../harness/eventually';
import type { ComponentPod } from './cluster';
import { during, switchFault } from './fault-switch';
import { mountSmallDisk } from './full-disk';
import type { Notification, NotifiedAlert } from './notification-sink';
import { stack } from './running-stack';

/** Long enough for a rate over five minutes to move. */
const patience = { withinSeconds: 420, everySeconds: 0.5 };
jest.setTimeout(600_000);

interface Told {
  readonly notification: Notification;
  readonly alert: NotifiedAlert;
}

const receiverOf = (name: AlertName): string => severities[alertFacts(name).severity];

/** Each time that somebody was told of an alert of a service. */
const told = (name: AlertName, service: string): readonly Told[] =>
  stack()
    .notifications.of(receiverOf(name))
    .flatMap((notification) =>
      notification.alerts.flatMap((alert) =>
        alert.labels['alertname'] === name && alert.labels['service'] === service ? [{ notification, alert }] : [],
      ),
    );

const lastTold = (name: AlertName, service: string, status: NotifiedAlert['status']): Promise<Told> =>
  eventually(
    `${receiverOf(name)} is told that ${name} of ${service} is ${status}`,
    () => {
      const last = told(name, service).at(-1);
      if (last?.alert.status !== status) throw new Error(`last: ${last?.alert.status ?? 'nothing'}`);
      return last;
    },
    patience,
  );

const podsOf = (component: string): readonly ComponentPod[] =>
  stack().pods.filter((pod) => pod.component === component);

const switchAll = async (
  component: string,
  method: 'PUT' | 'DELETE',
  fault: FaultName,
  body?: object,
): Promise<void> => {
  for (const pod of podsOf(component)) await switchFault(pod, method, fault, body);
};

interface Trouble {
  readonly service: string;
  readonly begins: () => Promise<void> | void;
  readonly ends: () => Promise<void> | void;
}

const fault = (service: string, name: FaultName, body?: object): Trouble => ({
  service,
  begins: () => switchAll(service, 'PUT', name, body),
  ends: () => switchAll(service, 'DELETE', name),
});

const disk = mountSmallDisk();

type Troubles = Partial<Readonly<Record<AlertName, Trouble>>>;

/** Four of the guide's alerts, and what raises each. None mutes another. */
const apart: Troubles = {
  HighLatency: fault('backend', 'latency', { seconds: 3 }),
  HighMemoryUsage: {
    service: 'backend',
    begins: () => switchFault(stack().podOf('backend'), 'PUT', 'memory', { mebibytes: 900 }),
    ends: () => switchFault(stack().podOf('backend'), 'DELETE', 'memory'),
  },
  LowDiskSpace: { service: 'nodes', begins: () => disk?.fill(), ends: () => disk?.empty() },
  ServiceDown: {
    service: 'ml-controller',
    begins: () => stack().kill(stack().podOf('ml-controller')),
    ends: () => stack().start(stack().podOf('ml-controller')),
  },
};

/** The other two, which mute the warnings of their service. */
const critical: Troubles = {
  DatabaseConnectionHigh: fault('backend', 'exhausted-connections'),
  HighErrorRate: fault('backend', 'errors', { ratio: 1 }),
};

describe('alerts', () => {
  /** How often the dead man had heard, when he was last asked. */
  let heard = 0;
  const watchdogs = (): number => stack().notifications.of('dead-man').length;

  beforeAll(async () => {
    const { prometheus, profile } = stack();
    await prometheus.until('alertmanager_cluster_members', (count) => count === profile.alertmanager.replicas);
  });

  afterEach(() =>
    eventually('the dead man goes on to hear', () => {
      expect(watchdogs()).toBeGreaterThan(heard);
      heard = watchdogs();
    }),
  );

  const tell = (troubles: Troubles): void => {
    const entries = Object.entries(troubles) as [AlertName, Trouble][];
    const testOf = (name: AlertName) => (name === 'LowDiskSpace' && disk === undefined ? test.skip : test);

    for (const [name, { service, begins, ends }] of entries)
      testOf(name)(`${name}: whoever is to know is told when it begins, with what to read`, async () => {
        await begins();
        const { notification, alert } = await lastTold(name, service, 'firing');
        await ends();
        expect(notification.groupLabels).toEqual({ cluster: 'e2e', service });
        expect(alert.labels).toMatchObject({ severity: alertFacts(name).severity, cluster: 'e2e' });
        expect(alert.labels).not.toHaveProperty('replica');
        expect(alert.annotations).toMatchObject({
          summary: expect.stringMatching(/\S/) as string,
          description: expect.stringMatching(/\S/) as string,
          runbook_url: expect.stringContaining(name) as string,
          dashboard_url: expect.stringContaining(alertFacts(name).dashboard) as string,
        });
      });
    // Later, since a rate over five minutes forgets slowly.
    for (const [name, { service }] of entries)
      testOf(name)(`${name}: they are told when it is over`, async () => {
        await lastTold(name, service, 'resolved');
      });
  };
  tell(apart);
  tell(critical);

  test('what happens to one service comes together, and its warnings are muted while something critical is known', async () => {
    const { prometheus } = stack();
    const [first, second] = podsOf('backend');
    if (first === undefined || second === undefined) throw new Error('the backend has two pods');
    await switchAll('backend', 'PUT', 'exhausted-connections');
    try {
      await eventually(
        'one notification tells of both',
        () => {
          const both = stack()
            .notifications.of('page')
            .map(({ alerts }) => new Set(alerts.map(({ labels }) => labels['alertname'])))
            .filter((names) => names.has('DatabaseConnectionHigh') && names.has('HighErrorRate'));
          expect(both).not.toEqual([]);
        },
        patience,
      );
      const earlier = told('HighLatency', 'backend').length;
      await during(first, 'latency', { seconds: 20 }, () =>
        during(second, 'latency', { seconds: 20 }, () =>
          // The first of the slow requests ends when 20 s are over.
          prometheus.until('ALERTS{alertname="HighLatency", alertstate="firing"}', (value) => value === 1, patience),
        ),
      );
      expect(told('HighLatency', 'backend').length).toBe(earlier);
    } finally {
      await switchAll('backend', 'DELETE', 'exhausted-connections');
    }
    await lastTold('DatabaseConnectionHigh', 'backend', 'resolved');
  });

  test('with one of three Alertmanagers killed nothing is lost and nothing comes twice', async () => {
    const { kill, start } = stack();
    const [first] = podsOf('alertmanager');
    const worker = stack().podOf('worker');
    if (first === undefined) throw new Error('there are three');
    const known = told('ServiceDown', 'worker').length;
    await kill(first);
    await kill(worker);
    await lastTold('ServiceDown', 'worker', 'firing');
    await start(first);
    await start(worker);
    await lastTold('ServiceDown', 'worker', 'resolved');
    const since = told('ServiceDown', 'worker').slice(known);
    expect(since.map(({ alert }) => alert.status)).toEqual(['firing', 'resolved']);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { portOf } from '../../lib/catalog/components';
import { eventually } from '../harness/eventually';
import { apply, kubectl, monitoring, output, podsOf, profile } from './cluster';
import { needs, recovered } from './deployment';
import { forward } from './forward';
import { forwardPrometheus } from './prometheus';
import { profileVariant } from './variant';

const minutes = 60_000;

/** As many as in production: one alone has nobody to find. */
const members = 3;
const names = Array.from({ length: members }, (_, index) => `alertmanager-${index}`);

interface Status {
  readonly cluster: { readonly status: string; readonly peers?: readonly { readonly name: string }[] };
}

/** Asks one Alertmanager, by its pod, for something of its API. */
const ask = async <T>(pod: string, path: string, body?: object): Promise<T> => {
  const { url, stop } = await forward(monitoring, `pod/${pod}`, portOf('alertmanager', 'http'), '/-/ready');
  try {
    const response = await fetch(`${url}/api/v2/${path}`, {
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  } finally {
    await stop();
  }
};

const watchdogAt = (pod: string): Promise<void> =>
  eventually(
    `the Watchdog arrives at ${pod}`,
    async () => {
      const alerts = await ask<readonly { readonly receivers: readonly { readonly name: string }[] }[]>(
        pod,
        'alerts?filter=alertname%3D%22Watchdog%22',
      );
      expect(alerts.map(({ receivers }) => receivers.map(({ name }) => name))).toEqual([['dead-man']]);
    },
    { withinSeconds: 120, everySeconds: 2 },
  );

export const alerting = (): void => {
  beforeEach(() => {
    needs('prometheus', 'alertmanager');
  });

  test(
    'the Watchdog arrives at every Alertmanager, for the dead man',
    async () => {
      for (const { metadata } of await podsOf('alertmanager')) await watchdogAt(metadata?.name ?? '');
    },
    5 * minutes,
  );

  test('each rule that is loaded is healthy', async () => {
    const prometheus = await forwardPrometheus();
    try {
      await eventually('every rule was evaluated', async () => {
        const response = await fetch(`${prometheus.url}/api/v1/rules`);
        const { data } = (await response.json()) as {
          data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
        };
        const rules = data.groups.flatMap(({ rules: ofGroup }) => ofGroup);
        expect(rules.length).toBeGreaterThan(50);
        expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
      });
    } finally {
      await prometheus.stop();
    }
  });

  describe('three Alertmanagers, as production has them', () => {
    beforeAll(async () => {
      if (profile.alertmanager.replicas >= members) return;
      const variant = profileVariant((one) => ({ ...one, alertmanager: { ...one.alertmanager, replicas: members } }));
      await output(['apply', '-k', variant]);
      await output(['rollout', 'status', 'statefulset/alertmanager', '-n', monitoring, '--timeout=300s']);
    }, 6 * minutes);

    afterAll(async () => {
      await apply();
      await recovered();
      if (profile.alertmanager.replicas >= members) return;
      // Claims of replicas that are gone stay, by intent.
      const claims = names.slice(profile.alertmanager.replicas).map((name) => `data-${name}`);
      await kubectl(['delete', 'pvc', '-n', monitoring, '--ignore-not-found', ...claims]);
    }, 6 * minutes);

    test(
      'find each other, over datagrams too, and each is told of every alert',
      async () => {
        for (const name of names)
          await eventually(
            `${name} sees all`,
            async () => {
              const { cluster } = await ask<Status>(name, 'status');
              expect([cluster.status, cluster.peers?.length]).toEqual(['ready', members]);
            },
            { withinSeconds: 120, everySeconds: 2 },
          );
        for (const name of names) await watchdogAt(name);
        // Every second one of them is asked for by a datagram; it says so when only TCP comes through.
        await sleep(15_000);
        for (const name of names)
          expect(await output(['logs', name, '-n', monitoring, '--since=15s'])).not.toMatch(/UDP probes failed/);
      },
      6 * minutes,
    );

    test(
      'tell each other of a silence, and the two that are left when one is deleted still know it',
      async () => {
        const [first = '', second = '', third = ''] = names;
        const now = Date.now();
        const { silenceID } = await ask<{ readonly silenceID: string }>(first, 'silences', {
          matchers: [{ name: 'alertname', value: 'NothingOfTheKind', isRegex: false, isEqual: true }],
          startsAt: new Date(now).toISOString(),
          endsAt: new Date(now + 10 * minutes).toISOString(),
          createdBy: 'test',
          comment: 'test',
        });
        const knows = (pod: string): Promise<void> =>
          eventually(
            `${pod} knows the silence`,
            async () => {
              const silences = await ask<readonly { readonly id: string }[]>(pod, 'silences');
              expect(silences.map(({ id }) => id)).toContain(silenceID);
            },
            { withinSeconds: 60, everySeconds: 2 },
          );
        await knows(second);
        await knows(third);
        await output(['delete', 'pod', first, '-n', monitoring, '--wait=false']);
        await knows(second);
        await watchdogAt(third);
        await output(['rollout', 'status', 'statefulset/alertmanager', '-n', monitoring, '--timeout=300s']);
        await knows(first);
      },
      8 * minutes,
    );
  });
};

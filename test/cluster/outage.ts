import { eventually } from '../harness/eventually';
import { application, core, monitoring, namespaceOf, output, podsOf, profile } from './cluster';
import { needs, recovered } from './deployment';
import { forwardLoki } from './loki';
import { createNamespace, removeNamespace } from './test-namespace';
import { expectAllStored, startWriter, type Writer } from './writer';

const minutes = 60_000;
const elsewhere = 'autoserve-test-outage';

const scaleLoki = (replicas: number): Promise<string> =>
  output(['scale', 'statefulset/loki', '-n', monitoring, `--replicas=${replicas}`]);

/** Deletes the agent's pod, at once where no grace is given, and waits until another is ready. */
const replaceAgent = async (gracePeriodSeconds?: number): Promise<void> => {
  const before = await podsOf('fluent-bit');
  for (const { metadata } of before)
    await core.deleteNamespacedPod({
      namespace: namespaceOf('fluent-bit'),
      name: metadata?.name ?? '',
      gracePeriodSeconds,
    });
  await eventually(
    'every agent is another pod',
    async () => {
      const after = await podsOf('fluent-bit');
      expect(after).toHaveLength(before.length);
      for (const { metadata } of before) expect(after.map((pod) => pod.metadata?.uid)).not.toContain(metadata?.uid);
    },
    { withinSeconds: 90, everySeconds: 1 },
  );
  await eventually(
    'every agent is ready',
    async () => {
      for (const { status } of await podsOf('fluent-bit'))
        expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
    },
    { withinSeconds: 90, everySeconds: 1 },
  );
};

export const outage = (): void => {
  const { replicas } = profile.logs.loki;
  const writers: Writer[] = [];

  beforeAll(async () => {
    needs('loki', 'fluent-bit');
    await createNamespace(elsewhere);
  }, 2 * minutes);
  afterAll(async () => {
    await scaleLoki(replicas);
    for (const writer of writers) await writer.remove();
    await removeNamespace(elsewhere);
    await recovered();
  }, 5 * minutes);

  test(
    'while Loki is away no line is lost, though the agent is replaced and then killed',
    async () => {
      await scaleLoki(0);
      await eventually('Loki is gone', async () => {
        expect(await podsOf('loki')).toEqual([]);
      });
      const count = 2000;
      // About a minute: they write before, between and after.
      for (const namespace of [application, elsewhere])
        writers.push(await startWriter({ namespace, name: 'outlasting' }, { count, pauseMs: 30 }));
      await eventually('a part is written', async () => {
        expect(await output(['logs', 'outlasting', '-n', elsewhere])).toContain('line 200 ');
      });
      await replaceAgent();
      await replaceAgent(0);
      for (const writer of writers) await writer.end();
      await scaleLoki(replicas);
      await recovered();
      const loki = await forwardLoki();
      for (const writer of writers) await expectAllStored(loki.api, writer, count, 90);
      await loki.stop();
    },
    9 * minutes,
  );
};

import { eventually } from '../harness/eventually';
import { core, monitoring, podsOf } from './cluster';
import { needs, recovered } from './deployment';
import { forwardPrometheus } from './prometheus';

const replica = 'pod/prometheus-0';
const range = 'prometheus_tsdb_head_samples_appended_total[2m]';

export const volumes = (): void => {
  beforeEach(() => {
    needs('prometheus');
  });

  test("Prometheus' claims are bound", async () => {
    const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace: monitoring });
    expect(items.length).toBeGreaterThan(0);
    expect(items.filter(({ status }) => status?.phase !== 'Bound').map(({ metadata }) => metadata?.name)).toEqual([]);
  });

  test('what Prometheus, which is not root, has written outlives its pod', async () => {
    const before = await forwardPrometheus(replica);
    const time = Date.now() / 1000;
    const samples = await before.query(range, time);
    await before.stop();
    expect(samples.flatMap(({ values }) => values ?? []).length).toBeGreaterThan(2);

    const pods = await podsOf('prometheus');
    for (const { metadata } of pods)
      await core.deleteNamespacedPod({ namespace: monitoring, name: metadata?.name ?? '' });
    await eventually(
      'every pod is another one',
      async () => {
        const uids = (await podsOf('prometheus')).map(({ metadata }) => metadata?.uid);
        expect(uids).toHaveLength(pods.length);
        for (const { metadata } of pods) expect(uids).not.toContain(metadata?.uid);
      },
      { withinSeconds: 120, everySeconds: 1 },
    );
    await recovered();

    const after = await forwardPrometheus(replica);
    expect(await after.query(range, time)).toEqual(samples);
    await after.stop();
  }, 400_000);
};

import type { ComponentName } from '../../lib/catalog/components';
import { newTraceId } from '../e2e/otlp';
import { eventually } from '../harness/eventually';
import { core, manifests, monitoring, podsOf, profile } from './cluster';
import { needs, recovered } from './deployment';
import { forwardJaeger, sendSpansOf } from './jaeger';
import { forwardLoki } from './loki';
import { forwardPrometheus } from './prometheus';
import { skip } from './skip';

const replica = 'pod/prometheus-0';
const range = 'prometheus_tsdb_head_samples_appended_total[2m]';

interface StatefulSetSpec {
  readonly replicas: number;
  readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[];
}

/** The claims that the profile makes, by itself or through its StatefulSets. */
const claims = manifests.flatMap(({ kind, metadata, spec }) => {
  if (kind === 'PersistentVolumeClaim') return [metadata.name];
  if (kind !== 'StatefulSet') return [];
  const { replicas, volumeClaimTemplates } = spec as StatefulSetSpec;
  return volumeClaimTemplates.flatMap((template) =>
    Array.from({ length: replicas }, (_, index) => `${template.metadata.name}-${metadata.name}-${index}`),
  );
});

/** Deletes all pods of a component and waits until others are ready. */
const replacePods = async (name: ComponentName): Promise<void> => {
  const pods = await podsOf(name);
  for (const { metadata } of pods)
    await core.deleteNamespacedPod({ namespace: monitoring, name: metadata?.name ?? '' });
  await eventually(
    'every pod is another one',
    async () => {
      const uids = (await podsOf(name)).map(({ metadata }) => metadata?.uid);
      expect(uids).toHaveLength(pods.length);
      for (const { metadata } of pods) expect(uids).not.toContain(metadata?.uid);
    },
    { withinSeconds: 120, everySeconds: 1 },
  );
  await recovered();
};

export const volumes = (): void => {
  test('every claim is bound', async () => {
    needs('prometheus', 'loki', 'jaeger');
    const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace: monitoring });
    expect(items.map(({ metadata, status }) => `${metadata?.name} ${status?.phase}`).sort()).toEqual(
      claims.map((name) => `${name} Bound`).sort(),
    );
  });

  test('what Prometheus, which is not root, has written outlives its pod', async () => {
    needs('prometheus');
    const before = await forwardPrometheus(replica);
    const time = Date.now() / 1000;
    const samples = await before.query(range, time);
    await before.stop();
    expect(samples.flatMap(({ values }) => values ?? []).length).toBeGreaterThan(2);
    await replacePods('prometheus');
    const after = await forwardPrometheus(replica);
    expect(await after.query(range, time)).toEqual(samples);
    await after.stop();
  }, 400_000);

  test('what Loki, which is not root, has written outlives its pod', async () => {
    needs('loki', 'fluent-bit');
    const before = await forwardLoki();
    // The last lines may still be on their way.
    const [from, to] = [new Date(Date.now() - 600_000), new Date(Date.now() - 15_000)];
    const lines = await before.api.lines('{job="fluent-bit"}', { from, to });
    await before.stop();
    expect(lines.length).toBeGreaterThan(2);
    await replacePods('loki');
    const after = await forwardLoki();
    const sorted = (all: typeof lines) => all.map(({ time, line }) => `${time} ${line}`).sort();
    expect(sorted(await after.api.lines('{job="fluent-bit"}', { from, to }))).toEqual(sorted(lines));
    await after.stop();
  }, 400_000);

  test('what Jaeger, which is not root, has acknowledged outlives its pod', async () => {
    if (profile.traces.store.kind === 'memory') skip('the profile keeps traces in memory');
    needs('jaeger');
    const traceId = newTraceId();
    await sendSpansOf('backend', { traceId, name: 'kept' });
    await replacePods('jaeger');
    const jaeger = await forwardJaeger();
    expect((await jaeger.api.trace(traceId)).map(({ name }) => name)).toEqual(['kept']);
    await jaeger.stop();
  }, 400_000);
};

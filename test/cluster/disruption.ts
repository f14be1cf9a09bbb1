import type { V1Pod } from '@kubernetes/client-node';
import { Duration } from 'cdk8s';
import { eventually } from '../harness/eventually';
import {
  application,
  apply,
  apps,
  core,
  deployed,
  kubectl,
  namespaces,
  output,
  podsOf,
  profile,
  refusalOf,
} from './cluster';
import { needs, recovered } from './deployment';
import { expectTargetsUp } from './metrics';
import { forwardPrometheus } from './prometheus';
import { brokenVariant, configured, profileVariant } from './variant';

const minutes = 60_000;

const evict = ({ metadata }: V1Pod): Promise<unknown> => {
  const { name = '', namespace = '' } = metadata ?? {};
  return core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } });
};

const isReady = ({ status }: V1Pod): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

const uidsOf = (pods: readonly V1Pod[]): readonly string[] => pods.map(({ metadata }) => metadata?.uid ?? '').sort();

const allUids = async (): Promise<Readonly<Record<string, readonly string[]>>> =>
  Object.fromEntries(await Promise.all(deployed.map(async (name) => [name, uidsOf(await podsOf(name))] as const)));

/** Those that hold configurations, which applying another one leaves behind. */
const configMaps = async () => {
  const lists = await Promise.all(namespaces.map((namespace) => core.listNamespacedConfigMap({ namespace })));
  return lists.flatMap(({ items }) => items).filter(({ metadata }) => /-config-/.test(metadata?.name ?? ''));
};

/** What Pod Security warns of is a matter of `applying`. */
const applyVariant = async (variant: string): Promise<string> => {
  const { code, stdout, stderr } = await kubectl(['apply', '-k', variant]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
};

const workerReplicas = async (): Promise<number | undefined> =>
  (await apps.readNamespacedDeployment({ namespace: application, name: 'worker' })).spec?.replicas;

const scaleWorker = (replicas: number): Promise<string> =>
  output(['scale', 'deployment/worker', '-n', application, `--replicas=${replicas}`]);

export const eviction = (): void => {
  let own: number | undefined;

  beforeAll(async () => {
    own = await workerReplicas();
  });
  afterAll(async () => {
    if (own !== undefined) await scaleWorker(own);
    await recovered();
  }, 5 * minutes);

  test(
    'a drain takes one of two ready pods, and the other only when it is replaced',
    async () => {
      needs('worker');
      await scaleWorker(2);
      const [first, second] = await eventually(
        'two workers are ready',
        async () => {
          const pods = await podsOf('worker');
          expect(pods.map(isReady)).toEqual([true, true]);
          return pods;
        },
        { withinSeconds: 120, everySeconds: 1 },
      );
      if (!first || !second) throw new Error('there are not two workers');
      await eventually('the budget counts both', () => evict(first));
      expect(await refusalOf(evict(second))).toMatchObject({
        code: 429,
        message: expect.stringContaining('disruption budget') as string,
      });
      await eventually('the other may go', () => evict(second), { withinSeconds: 120, everySeconds: 1 });
    },
    6 * minutes,
  );

  test(
    'a single pod does not hold up a drain, and comes back',
    async () => {
      needs('kube-state-metrics');
      const [only] = await podsOf('kube-state-metrics');
      if (only === undefined) throw new Error('kube-state-metrics has no pod');
      await evict(only);
      await eventually(
        'another pod is ready',
        async () => {
          const pods = await podsOf('kube-state-metrics');
          expect(uidsOf(pods)).not.toEqual(uidsOf([only]));
          expect(pods.map(isReady)).toEqual([true]);
        },
        { withinSeconds: 120, everySeconds: 1 },
      );
    },
    3 * minutes,
  );

  const { replicas } = profile.autoserve.services.worker;
  const kept = replicas === 'scaled' ? 'leaves a service at' : 'takes a service back from';

  test(`applying ${kept} the scale that someone gave it`, async () => {
    needs('worker');
    await scaleWorker(3);
    await apply();
    expect(await workerReplicas()).toBe(replicas === 'scaled' ? 3 : replicas);
  });
};

export const configuration = (): void => {
  let own: readonly (string | undefined)[];

  beforeAll(async () => {
    own = (await configMaps()).map(({ metadata }) => metadata?.uid);
  });
  beforeEach(() => {
    needs('prometheus');
  });
  afterAll(async () => {
    await apply();
    for (const { metadata } of await configMaps())
      if (!own.includes(metadata?.uid))
        await core.deleteNamespacedConfigMap({ namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' });
  });

  test(
    "one byte of Prometheus' configuration rolls Prometheus and nothing else",
    async () => {
      const before = await allUids();
      const changed = profileVariant((variant) => {
        const { prometheus } = variant;
        const retention = Duration.days(prometheus.retention.toDays() + 1);
        return { ...variant, prometheus: { ...prometheus, retention } };
      });
      const text = await applyVariant(changed);
      await eventually(
        'every Prometheus is another pod',
        async () => {
          const uids = uidsOf(await podsOf('prometheus'));
          expect(uids).toHaveLength(before['prometheus']?.length ?? 0);
          for (const uid of uids) expect(before['prometheus']).not.toContain(uid);
        },
        { withinSeconds: 180, everySeconds: 1 },
      );
      await recovered();
      expect({ ...(await allUids()), prometheus: [] }).toEqual({ ...before, prometheus: [] });
      expect(text.match(/\bcreated$/gm)).toHaveLength(1);
    },
    6 * minutes,
  );

  test.each(configured)(
    'a configuration that %s refuses harms no other pod, and applying the good one recovers',
    async (component) => {
      needs(component);
      await apply();
      await recovered();
      const before = uidsOf(await podsOf(component));
      const variant = brokenVariant(component);
      await applyVariant(variant.directory);
      const broken = await eventually(
        'a new pod fails',
        async () => {
          const pod = (await podsOf(component)).find(
            ({ status }) => (status?.containerStatuses?.[0]?.restartCount ?? 0) > 0,
          );
          if (pod === undefined) throw new Error('none was restarted');
          return pod;
        },
        { withinSeconds: 120, everySeconds: 1 },
      );
      expect(JSON.stringify(broken.spec?.volumes)).toContain(variant.configMap);
      const others = (await podsOf(component)).filter(({ metadata }) => metadata?.name !== broken.metadata?.name);
      expect(others.map(isReady)).toEqual(others.map(() => true));
      expect(before).toEqual(expect.arrayContaining([...uidsOf(others)]));

      expect(await apply()).toMatchObject({ code: 0 });
      await recovered();
      const prometheus = await forwardPrometheus();
      await expectTargetsUp(prometheus);
      await prometheus.stop();
    },
    8 * minutes,
  );
};

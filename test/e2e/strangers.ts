import { gzipSync } from 'node:zlib';
import { annotatedPodsJob } from '../../lib/catalog/scrape-jobs';
import { components, services } from '../../lib/catalog/components';
import { eventually } from '../harness/eventually';
import type { Target } from './prometheus-api';
import { stack } from './running-stack';
import { addStranger, exposing, type Stranger } from './stranger';

const tomorrow = Date.now() + 86_400_000;
const catalogued = 'tasks_created_total';

let churn = 0;
const nextRequest = (): string => {
  churn += 1;
  return `request-${churn}`;
};

/** More than the limit on a body, in few bytes on the wire. */
const bomb = gzipSync(`# ${'x'.repeat(98)}\n`.repeat(600_000));

const add = (props: Parameters<typeof addStranger>[1]): Promise<Stranger> => addStranger(stack(), props);

/** All are added at once, since Prometheus takes seconds to hear of them. */
const addAll = async () => {
  const decoy = await add({ name: 'decoy', page: exposing('secret 1\n'), annotations: {} });
  return {
    decoy,
    polite: await add({ name: 'polite', port: 9500, path: '/custom', page: exposing('polite_value 7\n') }),
    unannotated: await add({ name: 'unannotated', page: exposing('unwanted 1\n'), annotations: {} }),
    declining: await add({
      name: 'declining',
      page: exposing('unwanted 1\n'),
      annotations: { 'prometheus.io/scrape': 'false', 'prometheus.io/port': '9999' },
    }),
    unannotatedBackend: await add({
      name: 'unannotated-backend',
      port: components.backend.ports.http,
      labels: { 'app.kubernetes.io/name': 'backend' },
      page: exposing('unwanted 1\n'),
      annotations: {},
    }),
    pending: await add({ name: 'pending', page: exposing('unwanted 1\n'), phase: 'Pending' }),
    succeeded: await add({ name: 'succeeded', page: exposing('unwanted 1\n'), phase: 'Succeeded' }),
    failed: await add({ name: 'failed', page: exposing('unwanted 1\n'), phase: 'Failed' }),
    impostor: await add({
      name: 'impostor',
      port: components.backend.ports.http,
      labels: { 'app.kubernetes.io/name': 'backend' },
      page: exposing(() =>
        [
          `${catalogued}{request_id="${nextRequest()}"} 1`,
          'uncatalogued_total 1',
          ...Array.from({ length: 10 }, (_, index) => `uncatalogued{number="${index}"} 1`),
          '',
        ].join('\n'),
      ),
    }),
    spoofing: await add({
      name: 'spoofing',
      page: exposing(`spoofed{job="backend",namespace="kube-system",pod="other",instance="x"} 1 ${tomorrow}\n`),
    }),
    numerous: await add({
      name: 'numerous',
      page: exposing(Array.from({ length: 5001 }, (_, index) => `flood{number="${index}"} 1\n`).join('')),
    }),
    labelled: await add({
      name: 'labelled',
      page: exposing(`wide{${Array.from({ length: 31 }, (_, index) => `label${index}="x"`).join(',')}} 1\n`),
    }),
    huge: await add({
      name: 'huge',
      page: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'content-encoding': 'gzip' }).end(bomb);
      },
    }),
    redirecting: await add({
      name: 'redirecting',
      page: (_, response) => response.writeHead(302, { location: decoy.url }).end(),
    }),
    slow: await add({
      name: 'slow',
      page: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).write('slow_value 1\n');
      },
    }),
  };
};

type Name = keyof Awaited<ReturnType<typeof addAll>>;

/** Why Prometheus gives a scrape up. */
const refusals: Partial<Readonly<Record<Name, string>>> = {
  numerous: 'sample limit exceeded',
  labelled: 'label_limit exceeded',
  huge: 'body size limit exceeded',
  redirecting: 'server returned HTTP status 302',
  slow: 'context deadline exceeded',
};

/** Pods that must be left alone. */
const unwanted: Partial<Readonly<Record<Name, string>>> = {
  unannotated: 'a pod without annotations',
  declining: 'a pod whose annotation says false',
  unannotatedBackend: 'a pod of a service that is not annotated',
  pending: 'a pending pod',
  succeeded: 'a pod that has succeeded',
  failed: 'a pod that has failed',
};

describe('strangers', () => {
  let strangers: Awaited<ReturnType<typeof addAll>>;

  beforeAll(async () => {
    strangers = await addAll();
  });

  afterAll(async () => {
    for (const { remove } of Object.values(strangers)) await remove();
  });

  const targetsOf = async (name: Name): Promise<readonly Target[]> => {
    const { address } = strangers[name].pod;
    const targets = await stack().prometheus.targets();
    return targets.filter(({ scrapeUrl }) => new URL(scrapeUrl).hostname === address);
  };

  test('an annotated pod is scraped once at its port and path, though it has two ports', () =>
    eventually('the pod is scraped', async () => {
      const { pod, url } = strangers.polite;
      const instance = `${pod.address}:9500`;
      const labels = { job: annotatedPodsJob, instance, namespace: pod.namespace, node: pod.node, pod: pod.name };
      expect(await targetsOf('polite')).toMatchObject([{ labels, scrapeUrl: url, health: 'up' }]);
      expect(await stack().prometheus.query('polite_value')).toEqual([
        { labels: { __name__: 'polite_value', ...labels }, value: 7 },
      ]);
    }));

  test('a pod that is named like a component is scraped by its job alone, annotated or not', () =>
    eventually('the pod is scraped', async () => {
      expect(await targetsOf('impostor')).toMatchObject([{ scrapePool: 'backend', health: 'up' }]);
    }));

  test.each(Object.entries(unwanted))('%s: %s is not scraped', async (key) => {
    const name = key as Name;
    // By now Prometheus knows the pods that were added later.
    await eventually('the last pod is known', async () => {
      expect(await targetsOf('slow')).toHaveLength(1);
    });
    expect(await targetsOf(name)).toEqual([]);
    expect(strangers[name].visits()).toBe(0);
  });

  test.each(Object.entries(refusals))('%s: it is down with "%s", and the services stay up', async (name, error) => {
    await eventually('it is down', async () => {
      const lastError = expect.stringContaining(error) as string;
      expect(await targetsOf(name as Name)).toMatchObject([{ health: 'down', lastError }]);
    });
    await stack().prometheus.until(`up{job=~"${services.join('|')}",pod!="impostor"}`, (value) => value === 1);
  });

  test('of a target that is down nothing is stored but that it is', async () => {
    const { prometheus } = stack();
    await prometheus.until('up{pod=~"numerous|labelled|huge|redirecting|slow"}', (value) => value === 0);
    expect(await prometheus.query('{__name__=~"flood|wide|secret|slow_value"}')).toEqual([]);
  });

  test('a redirect is not followed', async () => {
    await eventually('it was asked', () => {
      expect(strangers.redirecting.visits()).toBeGreaterThan(0);
    });
    expect(strangers.decoy.visits()).toBe(0);
  });

  test('labels that a target claims for itself are set aside, and its dates ignored', () =>
    eventually('the sample is stored', async () => {
      const { prometheus } = stack();
      const { pod } = strangers.spoofing;
      expect(await prometheus.query('spoofed')).toMatchObject([
        {
          labels: {
            job: annotatedPodsJob,
            namespace: pod.namespace,
            pod: pod.name,
            instance: `${pod.address}:9999`,
            exported_job: 'backend',
            exported_namespace: 'kube-system',
            exported_pod: 'other',
            exported_instance: 'x',
          },
        },
      ]);
      expect(await prometheus.number('timestamp(spoofed) - time()')).toBeLessThan(3600);
    }));

  test('of a backend, metrics and labels that are not catalogued are dropped', async () => {
    const { prometheus } = stack();
    const ofImpostor = `{job="backend",pod="impostor",__name__!~"up|scrape_.+"}`;
    await eventually('it was scraped again and again', () => {
      expect(strangers.impostor.visits()).toBeGreaterThan(5);
    });
    await prometheus.until(`${catalogued}{pod="impostor"}`, (value) => value === 1);
    // One series, though every scrape brought a new label value.
    expect((await prometheus.series(ofImpostor)).map(({ __name__: name }) => name)).toEqual([catalogued]);
  });
});

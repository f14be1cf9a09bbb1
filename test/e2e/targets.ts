import { portOf, services, type ComponentName } from '../../lib/catalog/components';
import { scrapeJobs, type JobName, type ScrapeJob } from '../../lib/catalog/scrape-jobs';
import { eventually } from '../harness/eventually';
import type { Labels } from './prometheus-api';
import { stack } from './running-stack';

const sorted = <T>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

const pick = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.toSorted().map((name) => [name, labels[name] ?? `no value is known for ${name}`]));

/** The jobs that scrape a component, each with the number of its port. */
const jobsOf = (component: ComponentName): readonly { job: JobName; port: number; targetLabels: readonly string[] }[] =>
  (Object.entries(scrapeJobs) as [JobName, ScrapeJob][]).flatMap(([job, { discovery, targetLabels }]) =>
    discovery !== 'kubelet' && discovery.pods === component
      ? [{ job, port: portOf(component, discovery.port), targetLabels }]
      : [],
  );

/** The labels of every target that the catalog asks for, given the pods and nodes that there are. */
const expected = (): readonly Labels[] => {
  const { pods, cluster } = stack();
  const ofPods = pods.flatMap(({ component, address, node, name, namespace }) =>
    jobsOf(component).map(({ job, port, targetLabels }) => {
      // What speaks of a node is told apart by the node's name, which outlives its address.
      const instance = component === 'node-exporter' ? node : `${address}:${port}`;
      return pick({ job, instance, node, namespace, pod: name }, targetLabels);
    }),
  );
  const ofNodes = (['kubelet', 'cadvisor'] as const).flatMap((job) =>
    cluster.nodes.map(({ name }) => pick({ job, instance: name, node: name }, scrapeJobs[job].targetLabels)),
  );
  return sorted([...ofPods, ...ofNodes]);
};

describe('targets', () => {
  test('every declared target is up exactly once, under exactly the labels that its job declares', () =>
    eventually('all targets are up', async () => {
      const targets = await stack().prometheus.targets();
      expect(targets.filter(({ health }) => health !== 'up')).toEqual([]);
      expect(sorted(targets.map(({ labels }) => pick(labels, Object.keys(labels))))).toEqual(expected());
      expect(new Set(targets.map(({ scrapeUrl }) => scrapeUrl)).size).toBe(targets.length);
    }));

  test('"up" has one series for each of them, and no other', () =>
    eventually('up', async () => {
      const samples = await stack().prometheus.query('up');
      expect(samples.filter(({ value }) => value !== 1)).toEqual([]);
      const labels = samples.map((sample) => Object.keys(sample.labels).filter((name) => name !== '__name__'));
      expect(sorted(samples.map((sample, index) => pick(sample.labels, labels[index] ?? [])))).toEqual(expected());
    }));

  test("the guide's query finds each pod of AutoServe once, and up", async () => {
    const found = await stack().prometheus.until('up{job=~"backend|worker|ml-controller"}', (value) => value === 1);
    const names = stack()
      .pods.filter(({ component }) => services.some((service) => service === component))
      .map(({ name }) => name);
    expect(found.map(({ labels }) => labels['pod']).sort()).toEqual(names.sort());
  });
});

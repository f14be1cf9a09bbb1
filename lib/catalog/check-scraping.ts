import type { Problem } from '../units/problem';
import type { Component } from './components';
import type { Connection } from './connections';
import type { ScrapeJob } from './scrape-jobs';

/** Everything by which a target would be scraped twice or not at all. */
export function* checkScrapeJobs(
  jobs: Readonly<Record<string, ScrapeJob>>,
  components: Readonly<Record<string, Component>>,
): Iterable<Problem> {
  const taken = new Map<string, string>();
  for (const [name, { discovery, path, targetLabels }] of Object.entries(jobs)) {
    const target = `${discovery === 'kubelet' ? discovery : `${discovery.pods}:${discovery.port}`}${path}`;
    const other = taken.get(target);
    if (other !== undefined)
      yield {
        path: `scrapeJobs.${name}`,
        value: target,
        fix: `the job ${other} scrapes it already: drop one of the two`,
      };
    taken.set(target, name);
    if (discovery !== 'kubelet' && components[discovery.pods]?.ports[discovery.port] === undefined)
      yield {
        path: `scrapeJobs.${name}`,
        value: `${discovery.pods}:${discovery.port}`,
        fix: 'the component has no port of that name: declare it in components.ts',
      };
    for (const label of ['job', 'instance'])
      if (!targetLabels.includes(label))
        yield {
          path: `scrapeJobs.${name}.targetLabels`,
          value: targetLabels.join(', '),
          fix: `Prometheus always attaches ${label}: name it`,
        };
  }
}

/** Every connection that no NetworkPolicy could allow. */
export function* checkConnections(
  connections: readonly Connection[],
  components: Readonly<Record<string, Component>>,
): Iterable<Problem> {
  for (const { from, to, port } of connections)
    if (components[to]?.ports[port] === undefined)
      yield {
        path: `connections.${from}.${to}`,
        value: port,
        fix: `${to} has no port of that name: declare it in components.ts`,
      };
}

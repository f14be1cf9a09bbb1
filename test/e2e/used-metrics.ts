import { ruleGroupsOf } from '../../charts/rule-files';
import { catalog } from '../../lib/catalog/catalog';
import { seriesNames, type Metric } from '../../lib/catalog/metric';
import { scrapeJobs, type Exposer, type JobName } from '../../lib/catalog/scrape-jobs';
import type { Profile } from '../../lib/profile/profile';
import { parse } from '../lib/query/promql/parse';
import { nodesOf, unquoted, type Node } from '../lib/query/tree';

const metrics = new Map<string, Metric>(catalog.flatMap((metric) => seriesNames(metric).map((name) => [name, metric])));

const isJob = (name: string): name is JobName => Object.hasOwn(scrapeJobs, name);

/** The job whose scrapes a selector is about, if it names one. */
const namedJob = (selector: Node): readonly Exposer[] =>
  nodesOf(selector)
    .filter(({ kind, text }) => kind === 'UnquotedLabelMatcher' && text.startsWith('job="'))
    .map(({ text }) => unquoted(text.slice('job='.length)))
    .filter(isJob);

/** The programs without which a query has no answer: where its metrics come from, be it by way of rules. */
export const exposersOf = (query: string, profile: Profile): ReadonlySet<Exposer> => {
  const rules = Object.values(ruleGroupsOf(profile)).flatMap((groups) => groups.flatMap(({ rules }) => rules));
  const found = new Set<Exposer>();
  const followed = new Set<string>();
  const follow = (metric: Metric): void => {
    if (followed.has(metric.name)) return;
    followed.add(metric.name);
    found.add(metric.exposedBy);
    for (const rule of rules)
      if ('series' in rule && rule.series.name === metric.name) for (const use of rule.expr.uses) follow(use.metric);
  };
  // What Grafana fills in is no PromQL where a duration stands.
  for (const selector of nodesOf(parse(query.replaceAll(/\[\$\w+/g, '[1m')))) {
    if (selector.kind !== 'VectorSelector') continue;
    const name = selector.children.find(({ kind }) => kind === 'Identifier')?.text ?? '';
    const metric = metrics.get(name);
    if (metric === undefined) throw new Error(`${query}: ${name} is in no catalog`);
    follow(metric);
    for (const job of namedJob(selector)) found.add(job);
  }
  return found;
};

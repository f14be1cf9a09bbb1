import { Duration } from 'cdk8s';
import { randomUUID } from 'node:crypto';
import { services, type Service } from '../../lib/catalog/components';
import { errorLines, logQueries, requestDuration, shippedBytes } from '../../lib/signals/logs';
import { eventually } from '../harness/eventually';
import { containerLog } from './container-logs';
import { questions, type Event, type Question } from './log-questions';
import { shippingTest } from './log-tests';
import { stack } from './running-stack';

interface Seed {
  readonly query: string;
  /** What it stands for. */
  readonly name: string;
  readonly service: Service;
  readonly line: string;
}

/** The lines that a question is about. */
const seedsOf = ([query, { meant, decoys }]: [string, Question]): readonly Seed[] => {
  const [first] = meant;
  const seed = (name: string, event: Event): Seed => ({
    query,
    name,
    service: event.service,
    line: JSON.stringify({ timestamp: new Date().toISOString(), correlation_id: randomUUID(), ...event }),
  });
  return [
    ...meant.map((event) => seed('meant', event)),
    ...Object.entries(decoys).map(([name, decoy]) => {
      if (typeof decoy !== 'function') return seed(name, { ...first, ...decoy });
      const whole = seed(name, first);
      return { ...whole, line: decoy(whole.line) };
    }),
  ];
};

const queries = Object.entries(questions) as [keyof typeof questions, Question][];
const seeds = queries.flatMap(seedsOf);
const seeded = 'pod=~".+-questioned"';

const vectors = [
  ['lines of errors', errorLines, ['service']],
  ['bytes per second', shippedBytes, ['service']],
  ['duration of requests', (window: Duration) => requestDuration(0.95, window), ['module']],
] as const;

describe('of the lines that are stored', () => {
  beforeAll(async () => {
    const { loki, podOf } = stack();
    for (const service of services)
      containerLog({ ...podOf(service), name: `${service}-questioned` }).write(
        seeds.filter((seed) => seed.service === service).map(({ line }) => line),
      );
    await eventually('the lines are stored', async () => {
      expect(await loki.count(`{service=~".+"} | ${seeded}`)).toBe(seeds.length);
    });
  });

  for (const [query, { meant, decoys }] of queries) {
    const { title, expression, range } = logQueries[query];
    const count = Object.keys(decoys).length;
    shippingTest(`the query "${title}" finds what is meant, and none of ${count} decoys`, async () => {
      const found = await stack().loki.lines(`${expression.text} | ${seeded}`, {
        from: new Date(Date.now() - range.toMilliseconds()),
        to: new Date(),
      });
      // Another question's lines may well be an answer to this one.
      const its = seeds.filter((seed) => seed.query === query && found.some(({ line }) => line === seed.line));
      expect(its.map(({ name }) => name)).toEqual(meant.map(() => 'meant'));
    });
  }

  for (const [name, signal, labels] of vectors)
    shippingTest(`the signal "${name}" knows of each of them, under exactly the labels that it declares`, async () => {
      const series = await stack().loki.vector(signal(Duration.minutes(5)));
      expect(series.length).toBeGreaterThan(0);
      for (const each of series) expect(Object.keys(each.labels).sort()).toEqual(labels);
    });
});

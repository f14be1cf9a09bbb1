import fc from 'fast-check';
import { grafanaSettingsOf } from '../../charts/program-configs';
import { streamLabels } from '../../lib/catalog/log-streams';
import { inCluster } from '../../lib/platform/platform';
import { production } from '../../lib/profile/production';
import { dashboardsOf, questionsOf, type Question } from '../harness/dashboards';
import { interpolate } from '../harness/grafana-variables';
import { parse as parseLogQl } from '../lib/query/logql/parse';
import { parse as parsePromQl } from '../lib/query/promql/parse';
import { errorsIn, nodesOf, unquoted, type Node } from '../lib/query/tree';

const parsers = { prometheus: parsePromQl, loki: parseLogQl };
const dashboards = dashboardsOf(production);
const names = [...new Set(dashboards.flatMap(({ templating }) => templating.list.map(({ name }) => name)))];

const filledIn = ({ source, text }: Question, values: readonly string[]): Node =>
  parsers[source](
    interpolate(text, { source, variables: Object.fromEntries(names.map((name) => [name, values] as const)) }),
  );

/** Kinds alone: what a query does, whatever its texts say. */
const shapeOf = ({ kind, children }: Node): string => `${kind}(${children.map(shapeOf).join()})`;

/** The literals of a query, in the order in which they stand. */
const literalsOf = (tree: Node): readonly string[] =>
  nodesOf(tree)
    .filter(({ kind }) => kind === 'StringLiteral' || kind === 'String')
    .map(({ text }) => text);

const questions = dashboards
  .flatMap(questionsOf)
  .filter(({ text }) => /\$(?!__|\d)\w/.test(text))
  .map((question) => {
    const plain = filledIn(question, ['x']);
    // Those that are filled in are the same but for the value.
    const other = literalsOf(filledIn(question, ['y']));
    return {
      question,
      shape: shapeOf(plain),
      filled: literalsOf(plain).map((literal, index) => literal !== other[index]),
    };
  });
const asking = (source: Question['source']) =>
  fc.constantFrom(...questions.filter(({ question }) => question.source === source));

const hostile = ['"} or vector(1)', '"', "'", '`', '\\', '\\"', '$', '${service}', '.*', '(', ')', '|', '{{x}}', '#'];
const character = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  fc.constantFrom(...hostile, '}', '{', ',', '=~', '\n', ' or '),
);
const value = fc.array(character, { maxLength: 6 }).map((parts) => parts.join(''));

/** The matchers of the query are as many as ever, and match the chosen values and nothing near them. */
const expectChosen = ({ question, shape, filled }: (typeof questions)[number], values: readonly string[]): void => {
  const tree = filledIn(question, values);
  expect(errorsIn(tree)).toEqual([]);
  expect(shapeOf(tree)).toBe(shape);
  const patterns = literalsOf(tree).filter((_, index) => filled[index]);
  expect(patterns.length).toBeGreaterThan(0);
  for (const literal of patterns) {
    const pattern = new RegExp(`^(?:${unquoted(literal)})$`, 's');
    for (const chosen of values) {
      expect(chosen).toMatch(pattern);
      for (const near of [`${chosen}x`, chosen.slice(1), `x${chosen.slice(1)}`])
        expect(pattern.test(near)).toBe(values.includes(near));
    }
  }
};

const chosenValues = (isPossible: (value: string) => boolean) =>
  fc.array(value.filter(isPossible), { minLength: 1, maxLength: 3 });

test('whatever label value is chosen, it stays one matcher of PromQL that matches it alone', () => {
  fc.assert(
    fc.property(
      asking('prometheus'),
      chosenValues((text) => !text.includes('\n')),
      expectChosen,
    ),
    { numRuns: 300 },
  );
});

test('nor does what is meant to end it', () => {
  for (const each of questions)
    if (each.question.source === 'prometheus') expectChosen(each, ['"} or vector(1)', 'backend']);
});

test('the plugin for Prometheus escapes quotes only when told to', () => {
  expect(grafanaSettingsOf(production, inCluster(production.namespaces)).feature_toggles).toEqual({
    prometheusSpecialCharsInLabelValues: true,
  });
});

test('a label value of several lines is refused by Prometheus, and not taken for something else', () => {
  fc.assert(
    fc.property(asking('prometheus'), value, value, ({ question }, before, after) => {
      expect(errorsIn(filledIn(question, [`${before}\n${after}`]))).not.toEqual([]);
    }),
  );
});

test('whatever label value without quotes is chosen, it stays one matcher of LogQL that matches it alone', () => {
  fc.assert(
    fc.property(
      asking('loki'),
      chosenValues((text) => !/["\n]/.test(text)),
      expectChosen,
    ),
    { numRuns: 200 },
  );
});

test('the plugin for Loki escapes no quotes: what is chosen are names of Kubernetes, which have none', () => {
  expect(questions.filter(({ question }) => question.source === 'loki').length).toBeGreaterThan(0);
  const labels = dashboards.flatMap(questionsOf).flatMap(({ source, label }) => (source === 'loki' && label) || []);
  for (const label of labels) expect(['namespace', 'service']).toContain(label);
  expect(Object.keys(streamLabels)).toEqual(expect.arrayContaining(labels));
  for (const { question } of questions)
    if (question.source === 'loki') expect(errorsIn(filledIn(question, ['"} or vector(1)']))).not.toEqual([]);
});

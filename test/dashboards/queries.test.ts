import { answerableIn } from '../../charts/dashboard-files';
import { catalog } from '../../lib/catalog/catalog';
import { dataSourceUids } from '../../lib/catalog/data-sources';
import { structuredMetadata, streamLabels } from '../../lib/catalog/log-streams';
import { logFields } from '../../lib/catalog/logs';
import { labelsOf, seriesNames } from '../../lib/catalog/metric';
import { dashboardsOf, panelsOf, questionsOf, type DashboardJson, type Question } from '../harness/dashboards';
import { interpolate } from '../harness/grafana-variables';
import { profileNames, profiles } from '../harness/rendered';
import { parse as parseLogQl } from '../lib/query/logql/parse';
import { parse as parsePromQl } from '../lib/query/promql/parse';
import { errorsIn, nodesOf, unquoted, type Node } from '../lib/query/tree';

const parsers = { prometheus: parsePromQl, loki: parseLogQl };

/** The tree of a query in which as many values are chosen of each variable. */
const treeOf = ({ source, text }: Question, { templating }: DashboardJson, values: readonly string[]): Node => {
  const variables = Object.fromEntries(templating.list.map(({ name }) => [name, values]));
  return parsers[source](interpolate(text, { source, variables }));
};

const textsOf = (node: Node, ...kinds: readonly string[]): readonly string[] =>
  nodesOf(node)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ text }) => text);

/** The labels in the holes of a legend. */
const holesOf = (legend: string): readonly string[] =>
  [...legend.matchAll(/\{\{\s*(.+?)\s*\}\}/g)].map(([, label = '']) => label);

const seriesLabels = new Map(
  catalog.flatMap((metric) =>
    seriesNames(metric).map((name) => [
      name,
      [...labelsOf(metric), '__name__', ...(name.endsWith('_bucket') ? ['le'] : [])],
    ]),
  ),
);

const exposerOf = new Map<string, string>(
  catalog.flatMap((metric) => seriesNames(metric).map((name) => [name, metric.exposedBy])),
);

const nameOf = (selector: Node): string => selector.children.find(({ kind }) => kind === 'Identifier')?.text ?? '';
const selectorsIn = (tree: Node): readonly Node[] => nodesOf(tree).filter(({ kind }) => kind === 'VectorSelector');
const namesIn = (tree: Node): readonly string[] => selectorsIn(tree).map(nameOf);

/** Labels that `label_replace` makes. */
const madeLabels = (tree: Node): readonly string[] =>
  nodesOf(tree)
    .filter(({ kind, children }) => kind === 'FunctionCall' && children[0]?.text === 'label_replace')
    .map(({ children }) => unquoted(children[1]?.children[1]?.text ?? ''));

/** The metrics and labels of a query that no catalog knows. */
function* unknownToPrometheus(tree: Node, legend: string, label?: string): Iterable<string> {
  const known = new Set(madeLabels(tree));
  for (const selector of selectorsIn(tree)) {
    const name = nameOf(selector);
    const labels = seriesLabels.get(name);
    if (labels === undefined) yield name === '' ? selector.text : name;
    for (const each of labels ?? []) known.add(each);
    for (const matched of textsOf(selector, 'LabelName'))
      if (labels?.includes(matched) === false) yield `${name}{${matched}}`;
  }
  const used = [...textsOf(tree, 'LabelName'), ...holesOf(legend), ...(label === undefined ? [] : [label])];
  for (const name of used) if (!known.has(name)) yield name;
}

const lineLabels = [...[streamLabels, structuredMetadata, logFields].flatMap(Object.keys), '__error__'];

/** The stream labels and fields of a query that no catalog knows. */
function* unknownToLoki(tree: Node, legend: string, label?: string): Iterable<string> {
  const ofStreams = nodesOf(tree)
    .filter(({ kind }) => kind === 'Selector')
    .flatMap((selector) => textsOf(selector, 'Identifier'));
  for (const name of [...ofStreams, ...(label === undefined ? [] : [label])])
    if (!Object.hasOwn(streamLabels, name)) yield name;
  for (const name of [...textsOf(tree, 'Identifier'), ...holesOf(legend)]) if (!lineLabels.includes(name)) yield name;
}

const unknownTo = { prometheus: unknownToPrometheus, loki: unknownToLoki };

/** Every data source that a dashboard names, wherever that is. */
const dataSourcesIn = (value: unknown): readonly unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    key === 'datasource' ? [each] : dataSourcesIn(each),
  );
};

describe.each(profileNames)('with the profile %s', (profile) => {
  describe.each(dashboardsOf(profiles[profile]).map((dashboard) => [dashboard.uid, dashboard] as const))(
    '%s',
    (_, dashboard) => {
      const questions = questionsOf(dashboard);

      test.each([['one value', ['backend']] as const, ['several values', ['backend', 'ml-controller']] as const])(
        'asks what can be parsed with %s chosen',
        (_, values) => {
          const broken = questions.flatMap((question) => {
            const errors = errorsIn(treeOf(question, dashboard, values));
            return errors.length > 0 ? [{ of: question.of, query: question.text, errors }] : [];
          });
          expect(broken).toEqual([]);
        },
      );

      test('asks for metrics, labels and fields of the catalog alone', () => {
        const unknown = questions.flatMap((question) =>
          [
            ...unknownTo[question.source](treeOf(question, dashboard, ['backend']), question.legend, question.label),
          ].map((name) => `${question.of}: ${name}`),
        );
        expect(unknown).toEqual([]);
      });

      test('asks for what is deployed alone', () => {
        const { jobs } = answerableIn(profiles[profile]);
        const exposers = [...jobs, 'scrape', 'alerts', 'rules'];
        const missing = questions
          .filter(({ source }) => source === 'prometheus')
          .flatMap((question) =>
            namesIn(treeOf(question, dashboard, ['backend'])).flatMap((name) => {
              const exposer = exposerOf.get(name) ?? 'nobody';
              return exposers.includes(exposer) ? [] : `${question.of}: ${name} of ${exposer}`;
            }),
          );
        expect(missing).toEqual([]);
      });

      test('asks data sources that there are, each panel a single one', () => {
        for (const source of dataSourcesIn(dashboard))
          expect(dataSourceUids.map((uid) => ({ type: uid, uid }))).toContainEqual(source);
        for (const { datasource, targets = [] } of panelsOf(dashboard))
          expect(new Set([datasource?.uid, ...targets.map(({ datasource: { uid } }) => uid)]).size).toBe(1);
      });

      test('asks Jaeger of one service at a time, and fills in nothing else', () => {
        let rowRepeats: string | undefined;
        for (const { type, title, repeat, targets = [] } of dashboard.panels) {
          if (type === 'row') rowRepeats = repeat;
          for (const { service = '', tags = '' } of targets) {
            expect({ title, tags }).toEqual({ title, tags: expect.not.stringContaining('$') as unknown });
            if (service.includes('$')) expect([`$${repeat}`, `$${rowRepeats}`]).toContain(service);
          }
        }
      });
    },
  );
});

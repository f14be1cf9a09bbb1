import { parser } from '@prometheus-io/lezer-promql';
import { catalog } from '../lib/catalog/catalog';
import { seriesNames, type Metric } from '../lib/catalog/metric';
import { targetLabels } from '../lib/catalog/scrape-jobs';
import type { RecordingRule, RuleGroup } from '../lib/config/rule-file';
import { quoted } from '../lib/query/text';
import { prometheusDuration } from '../lib/units/duration';
import type { Duration } from 'cdk8s';

/** A rule, and how often it is evaluated. */
export interface Recorded {
  readonly rule: RecordingRule;
  readonly interval: Duration;
}

export const recordedIn = (groups: readonly RuleGroup[], evaluationInterval: Duration): readonly Recorded[] =>
  groups.flatMap(({ rules, interval = evaluationInterval }) =>
    rules.flatMap((rule) => ('series' in rule ? [{ rule, interval }] : [])),
  );

interface Matcher {
  readonly label: string;
  /** The operator and the quoted value. */
  readonly text: string;
  readonly holds: (value: string) => boolean;
}

/** A selector in a query: where it stands, and what it asks. */
interface Selector {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** Before the bracket that closes its range, if it has one. */
  readonly rangeEnd: number | undefined;
}

const unquoted = (literal: string): string => literal.slice(1, -1).replaceAll(/\\(.)/g, '$1');

const operators: Readonly<Record<string, (value: string, literal: string) => boolean>> = {
  '=': (value, literal) => value === literal,
  '!=': (value, literal) => value !== literal,
  '=~': (value, literal) => new RegExp(`^(?:${literal})$`).test(value),
  '!~': (value, literal) => !new RegExp(`^(?:${literal})$`).test(value),
};

const selectorsIn = (query: string): readonly Selector[] => {
  const found: Selector[] = [];
  parser.parse(query).iterate({
    enter: ({ name: kind, node, from, to }) => {
      if (kind !== 'VectorSelector') return;
      const identifier = node.getChild('Identifier');
      const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) => {
        const [label, operator, literal] = ['LabelName', 'MatchOp', 'StringLiteral'].map((part) => {
          const child = matcher.getChild(part);
          return child === null ? '' : query.slice(child.from, child.to);
        }) as [string, string, string];
        const holds = operators[operator];
        if (holds === undefined) throw new Error(`${query}: ${operator} is no operator of a matcher`);
        return {
          label,
          text: `${operator}${literal}`,
          holds: (value: string) => holds(value, unquoted(literal)),
        };
      });
      const range = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
      found.push({
        from,
        to,
        name: identifier === null ? '' : query.slice(identifier.from, identifier.to),
        matchers,
        rangeEnd: range && range.to - 1,
      });
    },
  });
  return found;
};

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const edited = (query: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), query);

const selectorText = (name: string, matchers: readonly Matcher[]): string =>
  `${name}{${matchers.map(({ label, text }) => `${label}${text}`).join(', ')}}`;

const metrics = new Map<string, Metric>(catalog.flatMap((metric) => seriesNames(metric).map((name) => [name, metric])));

const hasLabel = (name: string, label: string): boolean => {
  const metric = metrics.get(name);
  if (metric === undefined) throw new Error(`${name} is in no catalog`);
  return label in metric.labels || label === 'le' || targetLabels(metric.exposedBy).includes(label);
};

/** The query of what matches alone: what it aggregates by a label can as well be chosen by that label before. */
const matching = (query: string, matchers: readonly Matcher[]): string =>
  edited(
    query,
    selectorsIn(query).map(({ from, to, name, matchers: own }) => {
      const further = matchers.filter(({ label }) => hasLabel(name, label));
      if (further.length < matchers.length) throw new Error(`${name} has not all of ${selectorText('', matchers)}`);
      return { from, to, text: selectorText(name, [...own, ...further]) };
    }),
  );

/** What a query would be if nothing were recorded: each recorded series gives way to the expression of its rule. */
export const withoutRecorded = (query: string, recorded: readonly Recorded[]): string => {
  const edits = selectorsIn(query).flatMap(({ from, to, name, matchers, rangeEnd }): readonly Edit[] => {
    const its = recorded.filter(({ rule }) => rule.series.name === name);
    const [first] = its;
    if (first === undefined) return [];
    const raw = its.flatMap(({ rule: { labels, expr } }) => {
      const set = Object.entries(labels);
      const isSet = ({ label }: Matcher): boolean => label in labels;
      if (!matchers.every((matcher) => !isSet(matcher) || matcher.holds(labels[matcher.label] ?? ''))) return [];
      const left = matchers.filter((matcher) => !isSet(matcher));
      return set.reduce(
        (text, [label, value]) => `label_replace(${text}, ${quoted(label)}, ${quoted(value)}, "", "")`,
        `(${withoutRecorded(matching(expr.text, left), recorded)})`,
      );
    });
    if (raw.length === 0) throw new Error(`${query}: no rule records what ${name} is asked for`);
    const resolution = `:${prometheusDuration(first.interval)}`;
    return [
      { from, to, text: `(${raw.join(' or ')})` },
      ...(rangeEnd === undefined ? [] : [{ from: rangeEnd, to: rangeEnd, text: resolution }]),
    ];
  });
  return edited(query, edits);
};

/** The metrics that a query reads. */
export const metricsIn = (query: string): readonly Metric[] =>
  selectorsIn(query).flatMap(({ name }) => metrics.get(name) ?? []);

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds that a query looks back, beyond the times that it is asked for. */
export const longestRange = (query: string): number =>
  Math.max(
    0,
    ...[...query.matchAll(/\[((?:\d+(?:ms|[smhd]))+)[\]:]/g)].map(([, duration = '']) =>
      [...duration.matchAll(/(\d+)(ms|[smhd])/g)].reduce(
        (sum, [, count, unit = '']) => sum + Number(count) * (unitSeconds[unit] ?? NaN),
        0,
      ),
    ),
  );

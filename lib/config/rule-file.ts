import type { Duration } from 'cdk8s';
import type { AlertName } from '../catalog/alerts';
import type { LabelOf, Metric } from '../catalog/metric';
import type { Exposer } from '../catalog/scrape-jobs';
import { isLonger, prometheusDuration } from '../units/duration';
import type { Problem } from '../units/problem';
import type { Expression, Vector } from '../query/promql/expression';
import { windowText } from '../query/text';

type Labels = Readonly<Record<string, string>>;

/** A recorded series and the expression that computes it. */
export interface RecordingRule {
  readonly series: Metric;
  /** Labels that the rule sets, beside those that the expression leaves. */
  readonly labels: Labels;
  readonly expr: Expression;
}

/** Under exactly the labels that the catalog declares: those of the expression and the `labels` that are set. */
export const record = <M extends Metric, S extends LabelOf<M> = never>(
  series: M,
  expr: Vector<Exclude<LabelOf<M>, NoInfer<S>>>,
  labels?: Readonly<Record<S, string>>,
): RecordingRule => ({ series, labels: { ...labels }, expr });

/** An alert as Prometheus evaluates it. */
export interface AlertingRule {
  readonly alert: AlertName;
  readonly expr: Expression;
  /** How long the expression must hold before it fires; 0 for at once. */
  readonly for: Duration;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export type Rule = RecordingRule | AlertingRule;

/** Rules that are evaluated one after the other, in this order. */
export interface RuleGroup<R extends Rule = Rule> {
  readonly name: string;
  /** Left out, it is that of all rules. */
  readonly interval?: Duration;
  readonly rules: readonly R[];
}

type RuleText = { readonly expr: string; readonly labels?: Labels } & (
  { readonly record: string } | { readonly alert: string; readonly for: string; readonly annotations: Labels }
);

/** @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval?: string;
    readonly rules: readonly RuleText[];
  }[];
}

const ruleText = (rule: Rule): RuleText =>
  'series' in rule
    ? {
        record: rule.series.name,
        expr: rule.expr.text,
        ...(Object.keys(rule.labels).length > 0 && { labels: rule.labels }),
      }
    : {
        alert: rule.alert,
        expr: rule.expr.text,
        for: prometheusDuration(rule.for),
        labels: rule.labels,
        annotations: rule.annotations,
      };

export const ruleFile = (groups: readonly RuleGroup[]): RuleFile => ({
  groups: groups.map(({ name, interval, rules }) => ({
    name,
    ...(interval && { interval: prometheusDuration(interval) }),
    rules: rules.map(ruleText),
  })),
});

interface Limits {
  /** How often the series of an exposer get a sample. */
  readonly intervalOf: (exposer: Exposer) => Duration;
  readonly retention: Duration;
}

/** A rate needs four samples in its window to survive a failed scrape. */
const samplesInWindow = 4;

/** What tells one rule from another: of a series, its name and the labels that are set. */
const identityOf = (rule: Rule): string =>
  'series' in rule ? [rule.series.name, ...Object.values(rule.labels)].join(' ') : rule.alert;

function* checkAlert(path: string, { alert, annotations }: AlertingRule): Iterable<Problem> {
  for (const [name, template] of Object.entries(annotations))
    if (template.trim() === '')
      yield { path: `${path}.${name}`, value: '""', fix: `say it: whoever is called for ${alert} reads it first` };
}

/** What would make the rules silently wrong. */
export const checkRules = (groups: readonly RuleGroup[], { intervalOf, retention }: Limits): readonly Problem[] => {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const groupIntervals = new Map(
    groups.flatMap(({ interval, rules }) =>
      interval === undefined
        ? []
        : rules.flatMap((rule) => ('series' in rule ? [[rule.series.name, interval] as const] : [])),
    ),
  );
  for (const group of groups) {
    for (const rule of group.rules) {
      const identity = identityOf(rule);
      const path = `rules.${group.name}.${identity}`;
      if (seen.has(identity))
        problems.push({ path, value: identity, fix: 'there are two rules of that name: drop one' });
      seen.add(identity);
      if ('alert' in rule) problems.push(...checkAlert(path, rule));
      for (const { metric, window } of rule.expr.uses) {
        if (window === undefined) continue;
        const value = `${metric.name}[${windowText(window)}]`;
        if (typeof window === 'string') {
          problems.push({ path, value, fix: 'a rule has no time picker to follow: give its window as a Duration' });
          continue;
        }
        const interval = groupIntervals.get(metric.name) ?? intervalOf(metric.exposedBy);
        if (window.toMilliseconds() < samplesInWindow * interval.toMilliseconds())
          problems.push({
            path,
            value,
            fix: `a window holds at least ${samplesInWindow} samples, one each ${prometheusDuration(interval)}: lengthen it`,
          });
        if (isLonger(window, retention))
          problems.push({
            path,
            value,
            fix: `Prometheus keeps ${prometheusDuration(retention)} only: shorten the window or raise prometheus.retention`,
          });
      }
    }
  }
  return problems;
};

import type { LabelOf, Metric } from '../catalog/metric';
import type { Exposer } from '../catalog/scrape-jobs';
import { isLonger, prometheusDuration } from '../units/duration';
import type { Problem } from '../units/problem';
import type { Expression, Vector } from '../query/promql/expression';
import { windowText } from '../query/text';
import type { Duration } from 'cdk8s';

/** A recorded series and the expression that computes it, under exactly the labels that the catalog declares. */
export interface RecordingRule {
  readonly series: Metric;
  readonly expr: Expression;
}

export const record = <M extends Metric>(series: M, expr: Vector<LabelOf<M>>): RecordingRule => ({ series, expr });

/** Rules that are evaluated one after the other, in this order. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly RecordingRule[];
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly record: string; readonly expr: string }[];
  }[];
}

export const ruleFile = (groups: readonly RuleGroup[]): RuleFile => ({
  groups: groups.map(({ name, rules }) => ({
    name,
    rules: rules.map(({ series, expr }) => ({ record: series.name, expr: expr.text })),
  })),
});

interface Limits {
  /** How often the series of an exposer get a sample. */
  readonly intervalOf: (exposer: Exposer) => Duration;
  readonly retention: Duration;
}

/** A rate needs four samples in its window to survive a failed scrape. */
const samplesInWindow = 4;

/** What would make the rules silently wrong. */
export const checkRules = (groups: readonly RuleGroup[], { intervalOf, retention }: Limits): readonly Problem[] => {
  const problems: Problem[] = [];
  const records = new Set<string>();
  for (const group of groups) {
    for (const { series, expr } of group.rules) {
      const path = `rules.${group.name}.${series.name}`;
      if (records.has(series.name))
        problems.push({ path, value: series.name, fix: 'it is recorded twice: drop one rule' });
      records.add(series.name);
      for (const { metric, window } of expr.uses) {
        if (window === undefined) continue;
        const value = `${metric.name}[${windowText(window)}]`;
        if (typeof window === 'string') {
          problems.push({ path, value, fix: 'a rule has no time picker to follow: give its window as a Duration' });
          continue;
        }
        const interval = intervalOf(metric.exposedBy);
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

import { Duration } from 'cdk8s';
import { deploymentOf } from '../../charts/rule-files';
import type { AlertName } from '../../lib/catalog/alerts';
import type { Metric } from '../../lib/catalog/metric';
import { ruleFile, type AlertingRule, type RecordingRule, type RuleFile } from '../../lib/config/rule-file';
import { production } from '../../lib/profile/production';
import type { Expression } from '../../lib/query/promql/expression';
import { isLonger } from '../../lib/units/duration';
import { alerting, recordingGroups } from '../../rules/rule-groups';
import { sloEvaluations } from '../../rules/slos/rules';

/** How far an alert looks back, and how long it waits. */
export interface WatchedAlert {
  readonly reach: Duration;
  readonly wait: Duration;
}

const rulesEvery = (evaluation: Duration) => {
  // Of a unit test, promtool evaluates every group at each step, whatever its own interval.
  const evaluationInterval = Duration.millis(evaluation.toMilliseconds() / sloEvaluations);
  return {
    recording: recordingGroups(evaluationInterval),
    alerts: alerting({ ...deploymentOf(production), evaluationInterval }).rules,
  };
};

const alertOf = (name: AlertName, alerts: readonly AlertingRule[]): AlertingRule => {
  const found = alerts.find(({ alert }) => alert === name);
  if (found === undefined) throw new Error(`production has no ${name}: its scenarios cannot be played`);
  return found;
};

const { recording, alerts } = rulesEvery(Duration.minutes(1));
const recordingRules = recording.flatMap(({ rules }) => rules);

/** The longest window below an expression, those of the series it is computed from included. */
const reachOf = ({ uses }: Expression, above: readonly Metric[] = []): Duration =>
  uses
    .map(({ metric, window }) => {
      const own = typeof window === 'object' ? window.toMilliseconds() : 0;
      // A series may be computed from another of its name, which reaches no further.
      const below = recordingRules
        .filter(({ series }) => series === metric && !above.includes(metric))
        .map(({ expr }) => reachOf(expr, [...above, metric]).toMilliseconds());
      return Duration.millis(own + Math.max(0, ...below));
    })
    .reduce((a, b) => (isLonger(b, a) ? b : a), Duration.millis(0));

export const watchedAlert = (name: AlertName): WatchedAlert => {
  const { expr, for: wait } = alertOf(name, alerts);
  return { reach: reachOf(expr), wait };
};

/** The alert in production, and the recording rules that it needs. */
export const rulesOf = (name: AlertName, evaluation: Duration): RuleFile => {
  const { recording, alerts } = rulesEvery(evaluation);
  const alert = alertOf(name, alerts);
  const asked = new Set<string>();
  const ask = ({ uses }: Expression): void => {
    for (const { metric } of uses) asked.add(metric.name);
  };
  ask(alert.expr);
  // Backwards: a rule asks only for what is recorded before it.
  const needed: RecordingRule[] = [];
  for (const rule of recording.flatMap(({ rules }) => rules).reverse()) {
    if (!asked.has(rule.series.name)) continue;
    ask(rule.expr);
    needed.unshift(rule);
  }
  // One group, whose rules are evaluated in this order.
  return ruleFile([{ name: 'rules', rules: [...needed, alert] }]);
};

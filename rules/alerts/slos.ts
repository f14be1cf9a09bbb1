import type { Duration } from 'cdk8s';
import { objectives, type Objective } from '../../lib/catalog/objectives';
import { recorded } from '../../lib/catalog/recorded';
import { label, text, value } from '../../lib/config/alert-text';
import { notRe } from '../../lib/query/promql/matcher';
import { above, and, atLeast, or, ratio, times } from '../../lib/query/promql/operators';
import { sumOverTime } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { alternatives } from '../../lib/units/regex';
import { burnRates, sliErrorOver, type BurnRate } from '../../lib/catalog/burn-rates';
import { sloInterval } from '../slos/rules';
import { alert, ofItsService, type AlertDefinitions, type Deployment } from './definition';

/** Objectives whose events another objective counts too. */
const spokenFor = Object.entries(objectives).flatMap(([slo, { alertsBy }]: [string, Objective]) =>
  alertsBy === undefined ? [] : [slo],
);
const withAlerts = { slo: notRe(alternatives(spokenFor)) };

interface Minimum {
  readonly failures: number;
  /** Between two samples of the recorded failures per second. */
  readonly interval: Duration;
}

/** How fast the budget is spent, where that is too fast over both windows, and by more than a few chance failures. */
const burns = ({ long, short, factor }: BurnRate, minimum: Minimum) => {
  const budget = select(recorded['slo:error_budget:ratio']);
  // Their sum, not their average: that of a service which has just begun would be taken for a whole window's.
  const failures = times(sumOverTime(select(recorded['slo:sli_errors:rate2m']), long), minimum.interval.toSeconds());
  return and(
    and(
      above(ratio(select(sliErrorOver(long), withAlerts), budget), factor),
      above(ratio(select(sliErrorOver(short)), budget), factor),
    ),
    atLeast(failures, minimum.failures),
  );
};

const anyBurns = (
  [first, second]: readonly [BurnRate, BurnRate],
  failures: number,
  { evaluationInterval }: Deployment,
) => {
  const minimum: Minimum = { failures, interval: sloInterval(evaluationInterval) };
  return or(burns(first, minimum), burns(second, minimum));
};

/** An objective that will be missed if it goes on like this. */
export const sloAlerts: AlertDefinitions<'ErrorBudgetBurnsFast' | 'ErrorBudgetBurnsSlowly'> = {
  ErrorBudgetBurnsFast: ({ threshold }, deployment) =>
    alert({
      expr: anyBurns(burnRates.fast, threshold, deployment),
      service: ofItsService,
      summary: text`${label('slo')} spends its error budget ${value.number} times too fast`,
      description: text`Within hours or a few days nothing is left of the budget of 30 days.`,
    }),
  ErrorBudgetBurnsSlowly: ({ threshold }, deployment) =>
    alert({
      expr: anyBurns(burnRates.slow, threshold, deployment),
      service: ofItsService,
      summary: text`${label('slo')} spends its error budget ${value.number} times as fast as it may`,
      description: text`If it goes on, the objective of 30 days is missed.`,
    }),
};

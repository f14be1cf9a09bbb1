import { Duration } from 'cdk8s';
import { budgetDays, errorBudget, objectiveNames, objectives, type ObjectiveName } from '../../lib/catalog/objectives';
import { recorded } from '../../lib/catalog/recorded';
import { record, type RecordingRule, type RuleGroup } from '../../lib/config/rule-file';
import { sumBy } from '../../lib/query/promql/aggregate';
import { constant, ratio, subtractedFrom } from '../../lib/query/promql/operators';
import { sumOverTime } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { sliErrorOver, sliErrors } from '../../lib/catalog/burn-rates';
import { sliOf } from './slis';

/** Evaluations of other rules between two of these: what they look at changes over minutes. */
export const sloEvaluations = 4;

/** Between two evaluations of these rules, that is between two samples of what they record. */
export const sloInterval = (evaluationInterval: Duration): Duration =>
  Duration.millis(evaluationInterval.toMilliseconds() * sloEvaluations);

const each = (rule: (slo: ObjectiveName, labels: { slo: string; service: string }) => RecordingRule) =>
  objectiveNames.map((slo) => rule(slo, { slo, service: objectives[slo].service }));

/**
 * Good and bad events of each objective are counted once, over a short window; all longer ones are sums of these, so
 * that no rule reads days of raw series.
 */
export const sloRules = (evaluationInterval: Duration): RuleGroup<RecordingRule> => ({
  name: 'slos',
  interval: sloInterval(evaluationInterval),
  rules: [
    ...each((slo, labels) =>
      record(recorded['slo:error_budget:ratio'], constant(errorBudget(objectives[slo].percent)), labels),
    ),
    ...each((slo, labels) => record(recorded['slo:sli_events:rate2m'], sliOf(slo).events, labels)),
    ...each((slo, labels) =>
      record(
        recorded['slo:sli_errors:rate2m'],
        sliOf(slo).errors(sumBy(select(recorded['slo:sli_events:rate2m'], { slo }))),
        labels,
      ),
    ),
    ...sliErrors.map(({ window, series }) =>
      record(
        series,
        ratio(
          sumOverTime(select(recorded['slo:sli_errors:rate2m']), window),
          sumOverTime(select(recorded['slo:sli_events:rate2m']), window),
        ),
      ),
    ),
    record(
      recorded['slo:error_budget:remaining_ratio'],
      subtractedFrom(
        1,
        ratio(select(sliErrorOver(Duration.days(budgetDays))), select(recorded['slo:error_budget:ratio'])),
      ),
    ),
  ],
});

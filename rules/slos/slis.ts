import { Duration } from 'cdk8s';
import { backend } from '../../lib/catalog/backend';
import { mlController } from '../../lib/catalog/ml-controller';
import { objectives, type Objective, type ObjectiveName } from '../../lib/catalog/objectives';
import { recorded } from '../../lib/catalog/recorded';
import { worker } from '../../lib/catalog/worker';
import { avgBy, maxBy, sumBy } from '../../lib/query/promql/aggregate';
import type { Vector } from '../../lib/query/promql/expression';
import { absent, constant, minus, or, plus, subtractedFrom, times } from '../../lib/query/promql/operators';
import { rate } from '../../lib/query/promql/range';
import { countOf, countWithin, select, type Selection } from '../../lib/query/promql/select';
import { requestFailures, requests, taskEnds, taskFailures } from '../../lib/signals/events';
import { orNoneOf } from '../../lib/signals/share';

/** What an objective counts, per second. Where it counts time, each second is an event. */
export interface Sli {
  readonly events: Vector<never>;
  /** The bad ones, given all of them as they were just recorded, so that nothing is counted twice over. */
  readonly errors: (events: Vector<never>) => Vector<never>;
}

/** Over which events are counted at first; longer windows are made of these. It holds four scrapes of 30 s. */
export const sliWindow = Duration.minutes(2);

/** Events that took longer than `bound` seconds, which must be a bound of the histogram's buckets. */
const slow = <L extends string, B extends number>(histogram: Selection<'histogram', L, B>, bound: NoInfer<B>): Sli => ({
  events: sumBy(rate(countOf(histogram), sliWindow)),
  errors: (events) => minus(events, sumBy(rate(countWithin(histogram, bound), sliWindow))),
});

const accuracy = avgBy(select(mlController.scaling_prediction_accuracy));

/** The objectives that count events of their own. */
type Counted = {
  [N in ObjectiveName]: (typeof objectives)[N] extends { readonly alertsBy: string } ? never : N;
}[ObjectiveName];

const slis: Readonly<Record<Counted, Sli>> = {
  'backend-availability': {
    events: requests(sliWindow),
    errors: (events) => orNoneOf(requestFailures(sliWindow), events),
  },
  'backend-latency': slow(select(backend.http_request_duration_seconds), objectives['backend-latency'].withinSeconds),
  'worker-availability': {
    events: taskEnds(sliWindow),
    errors: (events) => orNoneOf(taskFailures(sliWindow), events),
  },
  'worker-processing-time': slow(
    select(worker.celery_task_duration_seconds),
    objectives['worker-processing-time'].withinSeconds,
  ),
  'worker-queue-delay': slow(
    select(worker.celery_task_queue_delay_seconds),
    objectives['worker-queue-delay'].withinSeconds,
  ),
  'ml-controller-prediction-accuracy': {
    // No second counts in which nothing says how accurate it is.
    events: plus(times(accuracy, 0), 1),
    errors: () => subtractedFrom(1, accuracy),
  },
  'ml-controller-decision-latency': slow(
    select(mlController.scaling_decision_duration_seconds),
    objectives['ml-controller-decision-latency'].withinSeconds,
  ),
  'ml-controller-model-availability': {
    events: constant(1),
    // A controller that is not there has no model that answers.
    errors: () =>
      or(subtractedFrom(1, maxBy(select(mlController.model_available))), absent(mlController.model_available, {})),
  },
};

/** What an objective counts: events of its own, or those of the objective that speaks for it, as they were recorded. */
export const sliOf = (slo: ObjectiveName): Sli => {
  const { alertsBy }: Objective = objectives[slo];
  if (alertsBy === undefined) return slis[slo as Counted]; // TypeScript does not follow the condition to the name
  return {
    events: sumBy(select(recorded['slo:sli_events:rate2m'], { slo: alertsBy })),
    errors: () => sumBy(select(recorded['slo:sli_errors:rate2m'], { slo: alertsBy })),
  };
};

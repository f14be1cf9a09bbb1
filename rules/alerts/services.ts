import { Duration } from 'cdk8s';
import { backend } from '../../lib/catalog/backend';
import { services, type Service } from '../../lib/catalog/components';
import { mlController } from '../../lib/catalog/ml-controller';
import { recorded } from '../../lib/catalog/recorded';
import { scrape } from '../../lib/catalog/scrape';
import { worker } from '../../lib/catalog/worker';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { maxBy, minBy, sumBy } from '../../lib/query/promql/aggregate';
import { anyOf } from '../../lib/query/promql/matcher';
import { above, and, atLeast, below, equals, or, ratio } from '../../lib/query/promql/operators';
import { avgOverTime, increase, predictLinear } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { modelAgeIn } from '../../lib/signals/model';
import { prometheusDuration } from '../../lib/units/duration';
import { missingAmong } from './absence';
import { alert, ofItsService, type AlertDefinitions } from './definition';

/** Where a recorded series of a service is above a threshold, and enough is asked of it for that to mean something. */
const whereBusy = (
  series: (typeof recorded)['service:request_errors:ratio_rate5m'],
  service: Service,
  threshold: number,
  minimumRate: number,
) =>
  and(
    above(select(series, { service }), threshold),
    atLeast(select(recorded['service:requests:rate5m'], { service }), minimumRate),
  );

const failures = recorded['service:request_errors:ratio_rate5m'];
const duration = recorded['service:request_duration_seconds:p95_rate5m'];

const aQuarter = Duration.minutes(15);
const halfAnHour = Duration.minutes(30);
const anHour = Duration.hours(1);

/** What users of AutoServe notice. */
export const serviceAlerts: AlertDefinitions<
  | 'HighErrorRate'
  | 'ServiceDown'
  | 'DatabaseConnectionHigh'
  | 'HighLatency'
  | 'QueueNotDraining'
  | 'HighTaskFailureRatio'
  | 'ModelStale'
  | 'PredictionsInaccurate'
  | 'ScalingFlapping'
> = {
  HighErrorRate: ({ threshold }, { minimumRate }) =>
    alert({
      expr: whereBusy(failures, 'backend', threshold, minimumRate),
      service: ofItsService,
      summary: text`${label('service')} fails ${value.ratio} of its requests`,
      description: text`More than ${percentage(threshold)} of requests were answered with a server error in the last 5 minutes.`,
    }),
  ServiceDown: () =>
    alert({
      expr: or(equals(sumBy(select(scrape.up, { job: anyOf(...services) }), 'job'), 0), missingAmong(services)),
      service: label('job'),
      summary: text`${label('job')} is down`,
      description: text`No pod of ${label('job')} answers Prometheus, or there is none.`,
    }),
  DatabaseConnectionHigh: ({ threshold }) =>
    alert({
      expr: above(ratio(select(backend.db_connections_active), select(backend.db_connections_max)), threshold),
      service: label('job'),
      summary: text`${label('pod')} uses ${value.ratio} of its database connections`,
      description: text`Above ${percentage(threshold)} the pool is nearly exhausted: requests soon wait for a connection and fail.`,
    }),
  HighLatency: ({ threshold }, { minimumRate }) =>
    alert({
      expr: whereBusy(duration, 'backend', threshold, minimumRate),
      service: ofItsService,
      summary: text`1 in 20 requests to ${label('service')} takes longer than ${value.seconds}`,
      description: text`The 95th percentile of the last 5 minutes should be below ${prometheusDuration(Duration.millis(threshold * 1000))}.`,
    }),
  QueueNotDraining: ({ threshold }) =>
    alert({
      expr: and(
        above(maxBy(select(worker.celery_queue_depth), 'job', 'queue'), threshold),
        above(maxBy(predictLinear(select(worker.celery_queue_depth), aQuarter, anHour), 'job', 'queue'), threshold),
      ),
      service: label('job'),
      summary: text`${value.count} tasks wait in the queue ${label('queue')} and do not get fewer`,
      description: text`At the pace of the last ${prometheusDuration(aQuarter)} there will still be more than ${threshold} in an hour: the workers do not keep up.`,
    }),
  HighTaskFailureRatio: ({ threshold }, { minimumRate }) =>
    alert({
      expr: whereBusy(failures, 'worker', threshold, minimumRate),
      service: ofItsService,
      summary: text`${label('service')} fails ${value.ratio} of its tasks`,
      description: text`More than ${percentage(threshold)} of the tasks that ended in the last 5 minutes failed for good.`,
    }),
  ModelStale: ({ threshold }) =>
    alert({
      expr: above(modelAgeIn(), threshold),
      service: label('job'),
      summary: text`The scaling model was last trained ${value.seconds} ago`,
      description: text`It should be trained at least every ${prometheusDuration(Duration.seconds(threshold))}: it decides by a load that is long past.`,
    }),
  PredictionsInaccurate: ({ threshold }) =>
    alert({
      expr: below(minBy(avgOverTime(select(mlController.scaling_prediction_accuracy), halfAnHour), 'job'), threshold),
      service: label('job'),
      summary: text`Only ${value.ratio} of the load predictions are within tolerance`,
      description: text`Over the last ${prometheusDuration(halfAnHour)} fewer than ${percentage(threshold)} of the predictions came true: services are scaled for a load that does not come.`,
    }),
  ScalingFlapping: ({ threshold }) =>
    alert({
      expr: and(
        atLeast(
          sumBy(increase(select(mlController.scaling_decisions_total, { action: 'scale_up' }), anHour), 'service'),
          threshold,
        ),
        atLeast(
          sumBy(increase(select(mlController.scaling_decisions_total, { action: 'scale_down' }), anHour), 'service'),
          threshold,
        ),
      ),
      service: ofItsService,
      summary: text`${label('service')} is scaled up and down again and again`,
      description: text`${value.number} times up in the last ${prometheusDuration(anHour)}, and at least ${threshold} times down.`,
    }),
};

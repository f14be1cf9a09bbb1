import { Duration } from 'cdk8s';
import { backend } from '../lib/catalog/backend';
import type { Service } from '../lib/catalog/components';
import { mlController } from '../lib/catalog/ml-controller';
import { recorded } from '../lib/catalog/recorded';
import { worker } from '../lib/catalog/worker';
import { record, type RecordingRule, type RuleGroup } from '../lib/config/rule-file';
import { maxBy, sumBy } from '../lib/query/promql/aggregate';
import { histogramQuantile, rate } from '../lib/query/promql/range';
import { select } from '../lib/query/promql/select';
import { failureRatio, requests, taskEnds, taskFailures, requestFailures } from './events';

const window = Duration.minutes(5);

/** How much a service does, as it was just recorded: counted once. */
const doneBy = (service: Service) => sumBy(select(recorded['service:requests:rate5m'], { service }));

/** How much each service does, how much of it fails, how long it takes, and what waits. */
export const serviceRules: RuleGroup<RecordingRule> = {
  name: 'services',
  rules: [
    record(recorded['service:requests:rate5m'], requests(window), { service: 'backend' }),
    record(recorded['service:requests:rate5m'], taskEnds(window), { service: 'worker' }),
    record(recorded['service:requests:rate5m'], sumBy(rate(select(mlController.scaling_decisions_total), window)), {
      service: 'ml-controller',
    }),
    record(recorded['service:request_errors:ratio_rate5m'], failureRatio(requestFailures(window), doneBy('backend')), {
      service: 'backend',
    }),
    record(recorded['service:request_errors:ratio_rate5m'], failureRatio(taskFailures(window), doneBy('worker')), {
      service: 'worker',
    }),
    record(
      recorded['service:request_duration_seconds:p95_rate5m'],
      histogramQuantile(0.95, rate(select(backend.http_request_duration_seconds), window)),
      { service: 'backend' },
    ),
    record(
      recorded['service:request_duration_seconds:p95_rate5m'],
      histogramQuantile(0.95, rate(select(worker.celery_task_duration_seconds), window)),
      { service: 'worker' },
    ),
    record(
      recorded['service:request_duration_seconds:p95_rate5m'],
      histogramQuantile(0.95, rate(select(mlController.scaling_decision_duration_seconds), window)),
      { service: 'ml-controller' },
    ),
    record(
      recorded['service:queue_depth:sum'],
      // Every worker pod reports the same queues.
      sumBy(maxBy(select(worker.celery_queue_depth), 'queue')),
      { service: 'worker' },
    ),
  ],
};

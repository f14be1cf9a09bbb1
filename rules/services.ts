import { Duration } from 'cdk8s';
import { backend } from '../lib/catalog/backend';
import type { Service } from '../lib/catalog/components';
import { mlController } from '../lib/catalog/ml-controller';
import { recorded } from '../lib/catalog/recorded';
import { worker } from '../lib/catalog/worker';
import { record, type RecordingRule, type RuleGroup } from '../lib/config/rule-file';
import { maxBy, sumBy } from '../lib/query/promql/aggregate';
import { bucketsBy, histogramQuantile, rate, recordedBuckets } from '../lib/query/promql/range';
import { select } from '../lib/query/promql/select';
import { ended, failed } from '../lib/signals/events';
import { shareOrNone } from '../lib/signals/share';

const window = Duration.minutes(5);

/** How much a service does, as it was just recorded: counted once. */
const doneBy = (service: Service) => sumBy(select(recorded['service:requests:rate5m'], { service }));

/** What happened, and how long it took, over all pods: all else is read off these. */
const ofAllPods: readonly RecordingRule[] = [
  record(
    recorded['backend:http_requests:rate5m'],
    sumBy(rate(select(backend.http_requests_total), window), 'endpoint', 'status'),
  ),
  record(
    recorded['backend:http_request_duration_seconds_bucket:rate5m'],
    bucketsBy(rate(select(backend.http_request_duration_seconds), window), 'endpoint'),
  ),
  record(
    recorded['backend:db_query_duration_seconds_bucket:rate5m'],
    bucketsBy(rate(select(backend.db_query_duration_seconds), window), 'operation'),
  ),
  record(
    recorded['worker:celery_tasks:rate5m'],
    sumBy(rate(select(worker.celery_tasks_total), window), 'task', 'state'),
  ),
  record(
    recorded['worker:celery_task_duration_seconds_bucket:rate5m'],
    bucketsBy(rate(select(worker.celery_task_duration_seconds), window), 'task'),
  ),
];

/** How much each service does, how much of it fails, how long it takes, and what waits. */
export const serviceRules: RuleGroup<RecordingRule> = {
  name: 'services',
  rules: [
    ...ofAllPods,
    record(recorded['service:requests:rate5m'], sumBy(select(recorded['backend:http_requests:rate5m'])), {
      service: 'backend',
    }),
    record(recorded['service:requests:rate5m'], sumBy(select(recorded['worker:celery_tasks:rate5m'], ended)), {
      service: 'worker',
    }),
    record(recorded['service:requests:rate5m'], sumBy(rate(select(mlController.scaling_decisions_total), window)), {
      service: 'ml-controller',
    }),
    record(
      recorded['service:request_errors:ratio_rate5m'],
      shareOrNone(sumBy(select(recorded['backend:http_requests:rate5m'], failed)), doneBy('backend')),
      {
        service: 'backend',
      },
    ),
    record(
      recorded['service:request_errors:ratio_rate5m'],
      shareOrNone(sumBy(select(recorded['worker:celery_tasks:rate5m'], { state: 'FAILURE' })), doneBy('worker')),
      {
        service: 'worker',
      },
    ),
    record(
      recorded['service:request_duration_seconds:p95_rate5m'],
      histogramQuantile(0.95, recordedBuckets(select(recorded['backend:http_request_duration_seconds_bucket:rate5m']))),
      { service: 'backend' },
    ),
    record(
      recorded['service:request_duration_seconds:p95_rate5m'],
      histogramQuantile(0.95, recordedBuckets(select(recorded['worker:celery_task_duration_seconds_bucket:rate5m']))),
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

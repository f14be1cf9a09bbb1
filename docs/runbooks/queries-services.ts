import { Duration } from 'cdk8s';
import { anomalyDetector } from '../../lib/catalog/anomaly-detector';
import { backend } from '../../lib/catalog/backend';
import { services } from '../../lib/catalog/components';
import { kubeStateMetrics } from '../../lib/catalog/kubernetes';
import { mlController } from '../../lib/catalog/ml-controller';
import { postgresExporter } from '../../lib/catalog/postgres-exporter';
import { recorded } from '../../lib/catalog/recorded';
import { scrape } from '../../lib/catalog/scrape';
import { worker } from '../../lib/catalog/worker';
import { production } from '../../lib/profile/production';
import { whereAnyOf } from '../../lib/query/logql/filter';
import { pipe } from '../../lib/query/logql/lines';
import { select as selectLines } from '../../lib/query/logql/select';
import { maxBy, sumBy, topk } from '../../lib/query/promql/aggregate';
import { anyOf, re } from '../../lib/query/promql/matcher';
import { above, dividedBy, equals, ratio, secondsSince } from '../../lib/query/promql/operators';
import { delta, histogramQuantile, increase, rate } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { logQueries } from '../../lib/signals/logs';
import { traceQueries } from '../../lib/signals/traces';
import type { serviceAlerts } from '../../rules/alerts/services';
import type { RunbookQueries, RunbookQuery } from './query';

const window = Duration.minutes(5);
const hour = Duration.hours(1);
const day = Duration.days(1);
const serverErrors = { status: re('5..') };
const namespace = production.namespaces.application;

const errorsOf = (...names: readonly [string, ...string[]]) =>
  pipe(selectLines({ service: anyOf(...names) }), whereAnyOf('detected_level', 'error', 'critical', 'fatal'));

const queryTime: RunbookQuery = {
  shows: 'Seconds within which 95 % of the database queries are done, by kind',
  promql: histogramQuantile(0.95, rate(select(backend.db_query_duration_seconds), window), 'operation'),
};

const decisions: RunbookQuery = {
  shows: 'Decisions of the last hour, by service and action',
  promql: sumBy(increase(select(mlController.scaling_decisions_total), hour), 'service', 'action'),
};

const workPerSecond: RunbookQuery = {
  shows: 'Requests, tasks and decisions per second, by service',
  promql: select(recorded['service:requests:rate5m']),
};

/** For the alerts of `rules/alerts/services.ts`, and the one of the anomaly detector. */
export const serviceQueries: RunbookQueries<keyof typeof serviceAlerts | 'AnomalousSignal'> = {
  HighErrorRate: [
    {
      shows: 'The endpoints that fail, and which share of their requests',
      promql: above(
        ratio(
          sumBy(rate(select(backend.http_requests_total, serverErrors), window), 'endpoint'),
          sumBy(rate(select(backend.http_requests_total), window), 'endpoint'),
        ),
        0,
      ),
    },
    {
      shows: 'Errors per second, by status',
      promql: sumBy(rate(select(backend.http_requests_total, serverErrors), window), 'status'),
    },
    {
      shows: 'Errors per second, by pod',
      promql: topk(10, sumBy(rate(select(backend.http_requests_total, serverErrors), window), 'pod')),
    },
    { shows: 'What the backend says of its errors', logql: logQueries.errors.expression },
    { shows: 'Traces with an error', jaeger: traceQueries.errors },
  ],
  ServiceDown: [
    {
      shows: 'Each pod that Prometheus knows, 1 where it answers',
      promql: select(scrape.up, { job: anyOf(...services) }),
    },
    {
      shows: 'Each pod that exists, 1 where it is ready',
      promql: select(kubeStateMetrics.kube_pod_status_ready, { namespace, condition: 'true' }),
    },
    {
      shows: 'What containers wait for before they run',
      promql: equals(select(kubeStateMetrics.kube_pod_container_status_waiting_reason, { namespace }), 1),
    },
    {
      shows: 'Pods that each Deployment wants; 0 is somebody’s decision',
      promql: select(kubeStateMetrics.kube_deployment_spec_replicas, { namespace }),
    },
    { shows: 'The last errors that the services wrote', logql: errorsOf(...services) },
  ],
  DatabaseConnectionHigh: [
    {
      shows: 'Share of its connections that each pod uses',
      promql: ratio(select(backend.db_connections_active), select(backend.db_connections_max)),
    },
    {
      shows: 'Requests that are being answered now, by endpoint',
      promql: sumBy(select(backend.http_requests_in_flight), 'endpoint'),
    },
    queryTime,
    {
      shows: 'Connections of the server that wait for a lock, by who holds them open',
      promql: sumBy(
        select(postgresExporter.pg_stat_activity_count, { wait_event_type: 'Lock' }),
        'usename',
        'application_name',
      ),
    },
    {
      shows: 'Age in seconds of the oldest transactions, and what they do',
      promql: topk(5, maxBy(select(postgresExporter.pg_stat_activity_max_tx_duration), 'state', 'application_name')),
    },
    { shows: 'What the backend says of its errors', logql: logQueries.errors.expression },
  ],
  HighLatency: [
    {
      shows: 'Seconds within which 95 % of the requests are answered, by endpoint',
      promql: histogramQuantile(0.95, rate(select(backend.http_request_duration_seconds), window), 'endpoint'),
    },
    {
      shows: 'The same by pod',
      promql: topk(10, histogramQuantile(0.95, rate(select(backend.http_request_duration_seconds), window), 'pod')),
    },
    workPerSecond,
    queryTime,
    {
      shows: 'How busy the processors of each node are, 0 to 1',
      promql: select(recorded['instance:node_cpu_utilisation:ratio_rate5m']),
    },
    { shows: 'The slow requests', logql: logQueries.slowRequests.expression },
    { shows: 'Traces with a slow span', jaeger: traceQueries.slow },
  ],
  QueueNotDraining: [
    {
      shows: 'Tasks that wait, by queue',
      promql: maxBy(select(worker.celery_queue_depth), 'queue'),
    },
    {
      shows: 'How much that changed in 15 minutes; below 0 it drains',
      promql: maxBy(delta(select(worker.celery_queue_depth), Duration.minutes(15)), 'queue'),
    },
    {
      shows: 'Tasks per second that come in',
      promql: sumBy(rate(select(backend.tasks_created_total), window)),
    },
    {
      shows: 'Tasks per second that end, by kind and state',
      promql: sumBy(rate(select(worker.celery_tasks_total), window), 'task', 'state'),
    },
    {
      shows: 'Processes that run a task now, by pod',
      promql: select(worker.celery_workers_active),
    },
    {
      shows: 'Seconds within which 95 % of the tasks are done, by kind',
      promql: histogramQuantile(0.95, rate(select(worker.celery_task_duration_seconds), window), 'task'),
    },
    {
      shows: 'Worker pods that are wanted',
      promql: select(kubeStateMetrics.kube_deployment_spec_replicas, { namespace, deployment: 'worker' }),
    },
    { shows: 'What the ml-controller decided', logql: logQueries.scalingDecisions.expression },
  ],
  HighTaskFailureRatio: [
    {
      shows: 'The kinds of task that fail, and which share of them',
      promql: above(
        ratio(
          sumBy(rate(select(worker.celery_tasks_total, { state: 'FAILURE' }), window), 'task'),
          sumBy(rate(select(worker.celery_tasks_total, { state: anyOf('SUCCESS', 'FAILURE') }), window), 'task'),
        ),
        0,
      ),
    },
    {
      shows: 'Failures per second, by pod',
      promql: topk(10, sumBy(rate(select(worker.celery_tasks_total, { state: 'FAILURE' }), window), 'pod')),
    },
    {
      shows: 'Retries per second, by kind of task',
      promql: sumBy(rate(select(worker.celery_tasks_total, { state: 'RETRY' }), window), 'task'),
    },
    {
      shows: 'Records per second that could not be processed',
      promql: sumBy(rate(select(worker.data_processing_errors_total), window)),
    },
    { shows: 'The tasks that failed, and why', logql: logQueries.failedTasks.expression },
    {
      shows: 'Traces of failed tasks',
      jaeger: { service: 'worker', tags: { 'task.status': 'error' }, range: hour },
    },
  ],
  ModelStale: [
    {
      shows: 'Seconds since the model was trained',
      promql: secondsSince(maxBy(select(mlController.model_last_training_timestamp))),
    },
    { shows: '1 while the model can answer', promql: select(mlController.model_available) },
    {
      shows: 'Trainings of the last day, by how they ended',
      promql: sumBy(increase(select(worker.celery_tasks_total, { task: 'model_training' }), day), 'state'),
    },
    { shows: 'How many tasks wait, by queue', promql: maxBy(select(worker.celery_queue_depth), 'queue') },
    { shows: 'Errors of the ml-controller and the worker', logql: errorsOf('ml-controller', 'worker') },
  ],
  PredictionsInaccurate: [
    {
      shows: 'Share of the last predictions that were within tolerance',
      promql: select(mlController.scaling_prediction_accuracy),
    },
    {
      shows: 'Seconds since the model was trained',
      promql: secondsSince(maxBy(select(mlController.model_last_training_timestamp))),
    },
    workPerSecond,
    {
      shows: 'Signals that are unusual for this hour of the week',
      promql: equals(maxBy(select(anomalyDetector.anomaly_detected), 'service', 'signal'), 1),
    },
    {
      shows: 'Pods that are wanted',
      promql: select(kubeStateMetrics.kube_deployment_spec_replicas, {
        namespace,
        deployment: anyOf('backend', 'worker'),
      }),
    },
    { shows: 'What the ml-controller decided', logql: logQueries.scalingDecisions.expression },
  ],
  ScalingFlapping: [
    decisions,
    {
      shows: 'Pods that are wanted; as a graph over three hours, the saw teeth',
      promql: select(kubeStateMetrics.kube_deployment_spec_replicas, {
        namespace,
        deployment: anyOf('backend', 'worker'),
      }),
    },
    workPerSecond,
    { shows: 'Tasks that wait', promql: select(recorded['service:queue_depth:sum']) },
    {
      shows: 'Share of the last predictions that were within tolerance',
      promql: select(mlController.scaling_prediction_accuracy),
    },
    { shows: 'What the ml-controller decided', logql: logQueries.scalingDecisions.expression },
  ],
  AnomalousSignal: [
    {
      shows: 'The signals that are unusual now',
      promql: equals(maxBy(select(anomalyDetector.anomaly_detected), 'service', 'signal'), 1),
    },
    {
      shows: 'What was observed',
      promql: select(anomalyDetector.anomaly_observed_value),
    },
    { shows: 'The lower end of what was expected', promql: select(anomalyDetector.anomaly_expected_lower) },
    { shows: 'The upper end of what was expected', promql: select(anomalyDetector.anomaly_expected_upper) },
    {
      shows: 'Days of history that the judgement rests on',
      promql: dividedBy(select(anomalyDetector.anomaly_history_seconds), day.toSeconds()),
    },
  ],
};

import { backend } from './backend';
import { node } from './cluster-bounds';
import { services } from './components';
import { oneOf, upTo } from './label-bound';
import { exposedBy, gauge, type LabelBounds } from './metric';
import { objectives } from './objectives';
import { worker } from './worker';

const ofNode = { instance: node, node };
const ofService = { service: oneOf(...services) };
const ofObjective = { ...ofService, slo: oneOf(...Object.keys(objectives)) };

const sliError = (window: string) =>
  gauge({
    help: `Share of events of the last ${window} that were bad, 0 to 1.`,
    unit: 'ratio',
    origin: 'addition',
    labels: ofObjective,
  });

/** Observations per second that were at most `le`, over all pods. */
const bucketsOf = <const L extends LabelBounds>(
  { help, buckets }: { readonly help: string; readonly buckets: readonly number[] },
  labels: L,
) =>
  gauge({
    help: `Buckets of "${help.replace(/\.$/, '')}", per second.`,
    unit: 'events',
    origin: 'addition',
    labels: { ...labels, le: upTo(buckets.length + 1) },
  });

/** Series that our own rules compute; `rules/` says how. */
export const recorded = exposedBy('rules', {
  'instance:node_cpu_utilisation:ratio_rate5m': gauge({
    help: 'Share of processor time that is not idle, 0 to 1.',
    unit: 'ratio',
    origin: 'guide',
    labels: ofNode,
  }),
  'instance:node_memory_usage:bytes': gauge({
    help: 'Memory that programs hold.',
    unit: 'bytes',
    origin: 'guide',
    labels: ofNode,
  }),
  'instance:node_filesystem_usage:bytes': gauge({
    help: 'Used bytes of each file system that lives on a disk.',
    unit: 'bytes',
    origin: 'guide',
    labels: { ...ofNode, device: upTo(30), fstype: upTo(10), mountpoint: upTo(30) },
  }),
  'backend:http_requests:rate5m': gauge({
    help: 'Requests answered per second, by all pods.',
    unit: 'requests',
    origin: 'addition',
    labels: {
      endpoint: backend.http_requests_total.labels.endpoint,
      status: backend.http_requests_total.labels.status,
    },
  }),
  'backend:http_request_duration_seconds_bucket:rate5m': bucketsOf(backend.http_request_duration_seconds, {
    endpoint: backend.http_request_duration_seconds.labels.endpoint,
  }),
  'backend:db_query_duration_seconds_bucket:rate5m': bucketsOf(
    backend.db_query_duration_seconds,
    backend.db_query_duration_seconds.labels,
  ),
  'worker:celery_tasks:rate5m': gauge({
    help: 'Tasks that ended per second, in all pods.',
    unit: 'tasks',
    origin: 'addition',
    labels: worker.celery_tasks_total.labels,
  }),
  'worker:celery_task_duration_seconds_bucket:rate5m': bucketsOf(
    worker.celery_task_duration_seconds,
    worker.celery_task_duration_seconds.labels,
  ),
  'service:requests:rate5m': gauge({
    help: 'Requests answered, tasks ended or decisions made per second.',
    unit: 'requests',
    origin: 'addition',
    labels: ofService,
  }),
  'service:request_errors:ratio_rate5m': gauge({
    help: 'Share of requests or tasks that failed, 0 to 1.',
    unit: 'ratio',
    origin: 'addition',
    labels: ofService,
  }),
  'service:request_duration_seconds:p95_rate5m': gauge({
    help: 'Time within which 95 % of requests, tasks or decisions are done.',
    unit: 'seconds',
    origin: 'addition',
    labels: ofService,
  }),
  'service:queue_depth:sum': gauge({
    help: 'Tasks that wait in all queues of a service.',
    unit: 'tasks',
    origin: 'addition',
    labels: ofService,
  }),
  'slo:sli_errors:rate2m': gauge({
    help: 'Bad events per second.',
    unit: 'events',
    origin: 'addition',
    labels: ofObjective,
  }),
  'slo:sli_events:rate2m': gauge({
    help: 'Events per second, good and bad.',
    unit: 'events',
    origin: 'addition',
    labels: ofObjective,
  }),
  'slo:sli_error:ratio_rate5m': sliError('5 minutes'),
  'slo:sli_error:ratio_rate30m': sliError('30 minutes'),
  'slo:sli_error:ratio_rate1h': sliError('hour'),
  'slo:sli_error:ratio_rate2h': sliError('2 hours'),
  'slo:sli_error:ratio_rate6h': sliError('6 hours'),
  'slo:sli_error:ratio_rate1d': sliError('day'),
  'slo:sli_error:ratio_rate3d': sliError('3 days'),
  'slo:sli_error:ratio_rate30d': sliError('30 days'),
  'slo:error_budget:ratio': gauge({
    help: 'Share of events that may be bad, 0 to 1: what the objective leaves.',
    unit: 'ratio',
    origin: 'addition',
    labels: ofObjective,
  }),
  'slo:error_budget:remaining_ratio': gauge({
    help: 'Share of the error budget of the last 30 days that is left; below 0 the objective is missed.',
    unit: 'ratio',
    origin: 'addition',
    labels: ofObjective,
  }),
});

/** The guide's names that no exporter emits, and the series that stands for each. */
export const guideNames = {
  node_cpu_usage_percentage: recorded['instance:node_cpu_utilisation:ratio_rate5m'],
  node_memory_usage_bytes: recorded['instance:node_memory_usage:bytes'],
  node_disk_usage_bytes: recorded['instance:node_filesystem_usage:bytes'],
} as const;

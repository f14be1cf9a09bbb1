import { backend } from '../catalog/backend';
import { objectives } from '../catalog/objectives';
import { recorded } from '../catalog/recorded';
import { worker } from '../catalog/worker';
import { countBy, sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { histogramQuantile, rate, recordedBuckets } from '../query/promql/range';
import { select } from '../query/promql/select';
import { ended } from './events';
import { shareOrNone } from './share';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// The work that users hand in: how much of it is done, how fast, and by how many.

const ofEnvironment = { namespace: chosen('environment') } as const;

const tasks = recorded['worker:celery_tasks:rate5m'];
const buckets = recordedBuckets(select(recorded['worker:celery_task_duration_seconds_bucket:rate5m']));

export const processingRate: Signal = {
  title: 'Processing rate',
  description:
    'Tasks per second by state. Nearly all should be SUCCESS. RETRY before FAILURE means that something they call fails. A fall while tasks wait means that workers are missing or stuck.',
  unit: 'tasks/s',
  queries: [plot(sumBy(select(tasks), 'state'), legend`${'state'}`)],
  watchedBy: [tellsOf('QueueNotDraining'), tellsOf('HighTaskFailureRatio')],
};

export const rateByTask: Signal = {
  title: 'Processing rate by kind',
  description:
    'Tasks that end per second, with success or failure, by kind. A kind that falls to 0 while others go on is no longer submitted, or waits behind the others.',
  unit: 'tasks/s',
  queries: [plot(sumBy(select(tasks, ended), 'task'), legend`${'task'}`)],
};

const promised = objectives['worker-processing-time'].withinSeconds;

export const taskDuration: Signal = {
  title: 'Task duration',
  description: `Time that tasks take once they have begun: p50, p95 and p99. The p95 should stay below the dashed line, the ${promised} s of the objective. When it does not, follow slow traces of the worker.`,
  unit: 'seconds',
  queries: [
    plot(histogramQuantile(0.5, buckets), legend`p50`),
    plot(histogramQuantile(0.95, buckets), legend`p95`),
    plot(histogramQuantile(0.99, buckets), legend`p99`),
  ],
  watchedBy: [tellsOf('ErrorBudgetBurnsSlowly')],
  limits: { bad: 'above', orange: promised },
};

export const failuresByTask: Signal = {
  title: 'Task failures',
  description:
    'Share of the tasks of each kind that failed, once their retries were spent. Near 0 is good. One kind that fails alone was changed or gets bad input. All together share a failing dependency.',
  unit: 'ratio',
  queries: [
    plot(
      shareOrNone(sumBy(select(tasks, { state: 'FAILURE' }), 'task'), sumBy(select(tasks, ended), 'task')),
      legend`${'task'}`,
    ),
  ],
  watchedBy: [firesAbove('HighTaskFailureRatio')],
};

export const tasksOfUsers: Signal = {
  title: 'Tasks accepted and delivered',
  description:
    'Tasks per second that users submitted, that were delivered to them, and that failed. Accepted should equal delivered. When they differ, tasks fail, pile up or get lost.',
  unit: 'tasks/s',
  queries: [
    plot(sumBy(rate(select(backend.tasks_created_total, ofEnvironment), '$__rate_interval')), legend`accepted`),
    plot(sumBy(rate(select(backend.tasks_completed_total, ofEnvironment), '$__rate_interval')), legend`delivered`),
    plot(sumBy(rate(select(backend.tasks_failed_total, ofEnvironment), '$__rate_interval')), legend`failed`),
  ],
  watchedBy: [tellsOf('QueueNotDraining')],
};

export const workersActive: Signal = {
  title: 'Active workers',
  description:
    'Worker processes that run a task, and worker pods. While tasks wait, all processes should be busy. All busy while the queue is empty is just enough.',
  unit: 'workers',
  queries: [
    plot(sumBy(select(worker.celery_workers_active, ofEnvironment)), legend`active`),
    plot(countBy(select(worker.celery_workers_active, ofEnvironment)), legend`pods`),
  ],
  watchedBy: [tellsOf('QueueNotDraining')],
};

export const recordsProcessed: Signal = {
  title: 'Data records',
  description:
    'Data records per second that tasks processed, and those that failed. A few failures are normal. A step means that the submitted data has changed.',
  unit: 'records/s',
  queries: [
    plot(
      sumBy(rate(select(worker.data_records_processed_total, ofEnvironment), '$__rate_interval')),
      legend`processed`,
    ),
    plot(sumBy(rate(select(worker.data_processing_errors_total, ofEnvironment), '$__rate_interval')), legend`failed`),
  ],
};

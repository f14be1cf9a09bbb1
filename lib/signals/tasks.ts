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
    'Tasks per second by how they ended. Nearly all should be SUCCESS; RETRY before FAILURE means that something they call fails, and a fall while tasks wait that workers are missing or stuck.',
  unit: 'tasks/s',
  queries: [plot(sumBy(select(tasks), 'state'), legend`${'state'}`)],
  watchedBy: [tellsOf('QueueNotDraining'), tellsOf('HighTaskFailureRatio')],
};

export const rateByTask: Signal = {
  title: 'Processing rate by kind',
  description:
    'Tasks of each kind that end per second, well or not. A kind that falls to nothing while others go on is not handed in any more, or waits behind the others.',
  unit: 'tasks/s',
  queries: [plot(sumBy(select(tasks, ended), 'task'), legend`${'task'}`)],
};

const promised = objectives['worker-processing-time'].withinSeconds;

export const taskDuration: Signal = {
  title: 'Task duration',
  description: `Time within which half, 95 % and 99 % of the tasks are done once they have begun. The 95th percentile belongs below the dashed line, the ${promised} s of the objective.`,
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
    'Share of the tasks of each kind that failed for good. Near 0 is good; one kind that fails alone was changed or gets bad input, all of them together share what they call.',
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
    'Tasks that users handed in, and those whose result they got or that failed. Accepted and delivered should be level; where they part, work piles up or gets lost on its way back.',
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
    'Worker processes that run a task now, and the pods that they run in. While tasks wait all of them should be busy; busy ones beside an empty queue have enough to do and no more.',
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
    'Records that tasks processed, and those that they could not. A few that fail come with the data; a step in their number means that what is handed in has changed.',
  unit: 'records/s',
  queries: [
    plot(
      sumBy(rate(select(worker.data_records_processed_total, ofEnvironment), '$__rate_interval')),
      legend`processed`,
    ),
    plot(sumBy(rate(select(worker.data_processing_errors_total, ofEnvironment), '$__rate_interval')), legend`failed`),
  ],
};

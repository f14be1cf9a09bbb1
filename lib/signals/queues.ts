import { objectives } from '../catalog/objectives';
import { recorded } from '../catalog/recorded';
import { worker } from '../catalog/worker';
import { maxBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { histogramQuantile, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// What waits for a worker, and for how long.

const ofEnvironment = { namespace: chosen('environment') } as const;

export const queueDepth: Signal = {
  title: 'Tasks that wait',
  description:
    'Tasks that wait in all queues of the worker. They may peak with the load and should fall again. Above the shaded band, more wait than is usual for this hour of the week: check whether workers are missing or stuck.',
  unit: 'tasks',
  queries: [plot(select(recorded['service:queue_depth:sum']), legend`${'service'}`)],
  watchedBy: [tellsOf('QueueNotDraining'), tellsOf('AnomalousSignal')],
  band: 'queue_depth',
};

export const depthByQueue: Signal = {
  title: 'Queue depth',
  description:
    'Tasks that wait in each queue. A queue that stays above the dashed line and does not fall needs more workers, or its workers are blocked.',
  unit: 'tasks',
  // Every worker pod reports the same queues.
  queries: [plot(maxBy(select(worker.celery_queue_depth, ofEnvironment), 'queue'), legend`${'queue'}`)],
  watchedBy: [firesAbove('QueueNotDraining')],
};

const promised = objectives['worker-queue-delay'].withinSeconds;

export const queueDelay: Signal = {
  title: 'Queue delay (p95)',
  description: `Time within which 95 % of the tasks are taken out of each queue. Above the dashed line, the ${promised} s of the objective, users wait for work that has not begun: check whether all workers are busy.`,
  unit: 'seconds',
  queries: [
    plot(
      histogramQuantile(
        0.95,
        rate(select(worker.celery_task_queue_delay_seconds, ofEnvironment), '$__rate_interval'),
        'queue',
      ),
      legend`${'queue'}`,
    ),
  ],
  watchedBy: [tellsOf('ErrorBudgetBurnsSlowly')],
  limits: { bad: 'above', orange: promised },
};

import { oneOf } from './label-bound';
import { counter, exposedBy, gauge, histogram } from './metric';

const task = oneOf('data_processing', 'report_generation', 'model_training', 'notification');
const queue = oneOf('default', 'priority');

/** What the Celery worker exposes on port 8001. */
export const worker = exposedBy('worker', {
  celery_tasks_total: counter({
    help: 'Celery tasks by the state they ended in.',
    unit: 'tasks',
    origin: 'guide',
    labels: { task, state: oneOf('SUCCESS', 'FAILURE', 'RETRY', 'REVOKED') },
  }),
  celery_task_duration_seconds: histogram({
    help: 'Time from the start of a task to its end.',
    unit: 'seconds',
    origin: 'guide',
    labels: { task },
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  }),
  celery_task_queue_delay_seconds: histogram({
    help: 'Time that a task waited in its queue before a worker started it.',
    unit: 'seconds',
    origin: 'addition',
    labels: { queue },
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  }),
  celery_workers_active: gauge({
    help: 'Celery worker processes that run a task now.',
    unit: 'workers',
    origin: 'guide',
  }),
  celery_queue_depth: gauge({
    help: 'Tasks that wait in the queue. Every worker pod reports the same queue: take the max, not the sum.',
    unit: 'tasks',
    origin: 'guide',
    labels: { queue },
  }),
  data_records_processed_total: counter({ help: 'Data records processed.', unit: 'records', origin: 'guide' }),
  data_processing_errors_total: counter({
    help: 'Data records that could not be processed.',
    unit: 'errors',
    origin: 'guide',
  }),
  worker_memory_usage_bytes: gauge({ help: 'Resident memory of the worker process.', unit: 'bytes', origin: 'guide' }),
});

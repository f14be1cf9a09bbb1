import { setMaxListeners } from 'node:events';
import { context, SpanKind } from '@opentelemetry/api';
import { worker } from '../../lib/catalog/worker';
import { connectDatabase } from './database';
import { HttpError, json, jsonObject } from '../runtime/http-server';
import { createInstruments } from '../runtime/instruments';
import { Peer } from './peer';
import { reportTo } from './result-report';
import type { Handler } from '../runtime/router';
import type { PlayedService, Surroundings } from './service';
import { annotate, inSpan, recordFailure } from '../runtime/spans';
import { queueNames, TaskQueues, type QueuedTask } from './task-queues';
import { taskKind, type EndState } from './tasks';
import { sleep, stopwatch } from '../runtime/timing';

const queueLimit = 10_000;
const firstReplicas = 3;
const mostReplicas = 100;
/** A task in a hundred fails for a passing reason and is tried again, once. */
const everydayRetries = 0.01;
const everydayFailures = 0.001;
const unprocessableRecords = 0.0005;
/** Tasks under way may run this long after the signal to stop. */
const stopGraceSeconds = 1.5;

/** Plays the Celery worker: queues, a number of processes that empty them, and a report of each task that ended. */
export const playWorker = ({ settings, faults, log, tracer, random, exposition }: Surroundings): PlayedService => {
  const metrics = createInstruments(worker, {}, exposition);
  const queues = new TaskQueues(queueLimit);
  // Each process has a connection of its own.
  const query = connectDatabase({ tracer, random, connected: (work) => work() });
  const backend = new Peer(settings.backendUrl, tracer);
  const stopped = new AbortController();
  // Every running task listens to it; Node warns of a leak from eleven on.
  setMaxListeners(0, stopped.signal);
  const report = reportTo(backend, log, stopped.signal);
  const running = new Set<Promise<void>>();
  let replicas = firstReplicas;
  let stopping = false;

  const ended = (task: QueuedTask, state: EndState | 'RETRY'): void => {
    metrics.celery_tasks_total.inc({ task: task.kind.task, state });
    if (state === 'RETRY') queues.put({ ...task, attempts: task.attempts + 1, waited: stopwatch() });
    else void report(task, state);
  };

  const outcome = ({ attempts }: QueuedTask): 'SUCCESS' | 'FAILURE' | 'RETRY' => {
    if (random.chance(faults.value('errors') ?? everydayFailures)) return 'FAILURE';
    return attempts === 0 && random.chance(everydayRetries) ? 'RETRY' : 'SUCCESS';
  };

  /** Items in the result: one, or the records that could be processed. */
  const resultSize = ({ kind }: QueuedTask): number => {
    if (kind.records === 0) return 1;
    const records = Math.round(random.logNormal(kind.records, 0.7));
    const failed = Math.round(records * unprocessableRecords * 2 * random.uniform());
    metrics.data_records_processed_total.inc(records - failed);
    metrics.data_processing_errors_total.inc(failed);
    return records - failed;
  };

  const attempt = async (task: QueuedTask): Promise<void> => {
    const { kind, waited } = task;
    metrics.celery_task_queue_delay_seconds.observe({ queue: kind.queue }, waited());
    const elapsed = stopwatch();
    await query('select');
    const seconds = random.logNormal(kind.medianSeconds, 0.5) * settings.taskDurationFactor;
    await sleep(seconds + (faults.value('latency') ?? 0), stopped.signal);
    const state = outcome(task);
    if (state === 'SUCCESS') await query('insert');
    metrics.celery_task_duration_seconds.observe({ task: kind.task }, elapsed());
    const fields = {
      task_status: state,
      duration_ms: Math.round(elapsed() * 1000),
      metadata: { task_id: task.id, task: kind.task },
    };
    if (state === 'SUCCESS') {
      annotate({ 'task.status': 'success', 'task.result_size': resultSize(task) });
      log('INFO', 'tasks', 'task succeeded', fields);
    } else {
      const again = state === 'RETRY';
      annotate({ 'task.status': 'error' });
      recordFailure(new Error(again ? 'the task failed for a passing reason' : 'the task failed'));
      log(again ? 'WARN' : 'ERROR', 'tasks', again ? 'task will be retried' : 'task failed', fields);
    }
    ended(task, state);
  };

  /** One attempt, as part of the trace in which the task was created. */
  const run = (task: QueuedTask): Promise<void> => {
    const attributes = {
      'task.id': task.id,
      'task.type': task.kind.task,
      'messaging.destination.name': task.kind.queue,
    };
    return context.with(task.context, () =>
      inSpan(tracer, { name: 'process_task', kind: SpanKind.CONSUMER, attributes }, () =>
        attempt(task).catch((error: unknown) => {
          recordFailure(error);
          log('WARN', 'tasks', 'task abandoned: the worker stops');
        }),
      ),
    );
  };

  /** Starts as many waiting tasks as there are free processes. */
  const work = (): void => {
    while (!stopping && !faults.isOn('stuck-queue') && running.size < replicas * settings.workerConcurrency) {
      const task = queues.take();
      if (!task) return;
      const process = run(task).finally(() => {
        running.delete(process);
        work();
      });
      running.add(process);
    }
  };
  faults.onChange(work);

  const enqueue: Handler = (request) => {
    const { id, task } = jsonObject(request);
    const kind = taskKind(task);
    if (typeof id !== 'string' || !kind)
      throw new HttpError(400, `task is ${JSON.stringify(task)}: send an id and a known task`);
    if (stopping || queues.full) throw new HttpError(503, stopping ? 'the worker stops' : 'the queue is full');
    queues.put({ id, kind, context: context.active(), attempts: 0, waited: stopwatch() });
    work();
    return json(202, { id });
  };

  const revoke: Handler = (_request, { id = '' }) => {
    const task = queues.revoke(id);
    if (!task) throw new HttpError(404, 'the task does not wait');
    log('INFO', 'tasks', 'task revoked', { task_status: 'REVOKED' });
    ended(task, 'REVOKED');
    return { status: 204 };
  };

  const scale: Handler = (request) => {
    const { replicas: wanted } = jsonObject(request);
    if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 1 || wanted > mostReplicas)
      throw new HttpError(400, `replicas is ${JSON.stringify(wanted)}: send a whole number from 1 to ${mostReplicas}`);
    log('INFO', 'scaling', `replicas changed from ${replicas} to ${wanted}`);
    replicas = wanted;
    work();
    return json(200, { replicas });
  };

  return {
    routes: [
      { method: 'POST', path: '/tasks', handle: enqueue },
      { method: 'DELETE', path: '/tasks/{id}', handle: revoke },
      { method: 'PUT', path: '/scale', handle: scale },
      { method: 'GET', path: '/load', handle: () => json(200, { load: queues.length + running.size, replicas }) },
    ],
    collect: () => {
      for (const queue of queueNames) metrics.celery_queue_depth.set({ queue }, queues.depth(queue));
      metrics.celery_workers_active.set(running.size);
      metrics.worker_memory_usage_bytes.set(process.memoryUsage.rss());
    },
    start: () => undefined,
    stop: async () => {
      stopping = true;
      await Promise.race([Promise.all(running), sleep(stopGraceSeconds)]);
      stopped.abort();
      backend.close();
    },
  };
};

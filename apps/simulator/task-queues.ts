import type { Context } from '@opentelemetry/api';
import type { QueueName, TaskKind } from './tasks';

export interface QueuedTask {
  readonly id: string;
  readonly kind: TaskKind;
  /** In which it was put into the queue: its trace goes on there. */
  readonly context: Context;
  /** How often it was tried before. */
  readonly attempts: number;
  /** Seconds since it was put into the queue. */
  readonly waited: () => number;
}

/** In the order in which workers look into them. */
export const queueNames = ['priority', 'default'] as const satisfies readonly QueueName[];

/** What waits for a worker, first come first served within each queue. */
export class TaskQueues {
  private readonly queues: Readonly<Record<QueueName, QueuedTask[]>> = { priority: [], default: [] };

  constructor(private readonly limit: number) {}

  depth(queue: QueueName): number {
    return this.queues[queue].length;
  }

  get length(): number {
    return queueNames.reduce((sum, queue) => sum + this.depth(queue), 0);
  }

  get full(): boolean {
    return this.length >= this.limit;
  }

  put(task: QueuedTask): void {
    this.queues[task.kind.queue].push(task);
  }

  take(): QueuedTask | undefined {
    return this.queues.priority.shift() ?? this.queues.default.shift();
  }

  /** Takes out one task that still waits. */
  revoke(id: string): QueuedTask | undefined {
    for (const queue of Object.values(this.queues)) {
      const index = queue.findIndex((task) => task.id === id);
      if (index >= 0) return queue.splice(index, 1)[0];
    }
    return undefined;
  }
}

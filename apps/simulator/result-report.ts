import type { Log } from '../runtime/log';
import type { Peer } from './peer';
import type { QueuedTask } from './task-queues';
import type { EndState } from './tasks';
import { sleep } from '../runtime/timing';

/** Seconds before each further attempt. */
const pauses = [1, 2, 4, 8];

/** Tells the backend how a task ended, and tries again while it is away. */
export const reportTo =
  (backend: Peer, log: Log, signal: AbortSignal) =>
  async ({ id }: QueuedTask, state: EndState): Promise<void> => {
    const attempt = async (): Promise<boolean> => {
      const call = { method: 'POST', path: '/internal/task-results', body: { id, state } };
      const problem = await backend.call(call).then(
        ({ status }) => (status === 204 ? undefined : `the backend answered ${status}`),
        (error: unknown) => String(error),
      );
      if (problem !== undefined && !signal.aborted) log('WARN', 'results', `report failed: ${problem}`);
      return problem === undefined;
    };
    if (await attempt()) return;
    for (const pause of pauses) {
      await sleep(pause, signal).catch(() => undefined);
      if (signal.aborted || (await attempt())) return;
    }
    log('ERROR', 'results', `gave up reporting that the task ended in ${state}`);
  };

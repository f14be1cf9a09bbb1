import { setTimeout as wait } from 'node:timers/promises';

/** Rejects when the signal aborts; without a signal it always runs its time. */
export const sleep = async (seconds: number, signal?: AbortSignal): Promise<void> => {
  await wait(seconds * 1000, undefined, { signal });
};

/** Seconds that have passed since the call. */
export const stopwatch = (): (() => number) => {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
};

/** Runs the work, waits, and again, until the signal aborts. The work answers for its own errors. */
export const every = async (seconds: number, signal: AbortSignal, work: () => Promise<void> | void): Promise<void> => {
  while (!signal.aborted) {
    await work();
    await sleep(seconds, signal).catch(() => undefined);
  }
};

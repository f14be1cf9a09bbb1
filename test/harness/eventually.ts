import { setTimeout as sleep } from 'node:timers/promises';

export interface PollOptions {
  /** 30 by default. */
  readonly withinSeconds?: number;
  /** Pause between two attempts; 0.1 by default. */
  readonly everySeconds?: number;
}

/**
 * The first result of a probe that does not throw.
 *
 * @throws when there is none in time, with the last failure of the probe.
 */
export const eventually = async <T>(
  description: string,
  probe: () => T | Promise<T>,
  { withinSeconds = 30, everySeconds = 0.1 }: PollOptions = {},
): Promise<T> => {
  const deadline = AbortSignal.timeout(withinSeconds * 1000);
  let failure: unknown = 'no answer';
  // A promise of its own, since a probe may also never end.
  const timeUp = new Promise<never>((_, reject) => {
    deadline.onabort = () => {
      reject(new Error(`${description}: not within ${withinSeconds} s. ${String(failure)}`, { cause: failure }));
    };
  });
  const attempts = async (): Promise<T> => {
    while (!deadline.aborted) {
      try {
        return await probe();
      } catch (error) {
        failure = error;
      }
      await sleep(everySeconds * 1000);
    }
    return timeUp;
  };
  return Promise.race([attempts(), timeUp]);
};

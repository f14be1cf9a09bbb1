import { startStack, type Stack } from './stack';

let running: Stack | undefined;

beforeAll(async () => {
  running = await startStack();
}, 120_000);

/** The one stack that all topics ask. It is there once the first test runs. */
export const stack = (): Stack => {
  if (running === undefined) throw new Error('the stack is not started yet: ask within a test');
  return running;
};

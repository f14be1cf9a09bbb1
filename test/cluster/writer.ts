import type { LokiApi } from '../e2e/loki-api';
import { eventually } from '../harness/eventually';
import { core } from './cluster';
import { removePod, startPod, type PodName } from './node-pod';

/** What a writer does. */
export interface Lines {
  readonly count: number;
  /** Characters of a line, at least. */
  readonly length?: number;
  /** Pause after each line; none by default. */
  readonly pauseMs?: number;
  /** Lines that come a while after all others, and how long that is. */
  readonly afterwards?: { readonly count: number; readonly pauseMs: number };
}

const write = `
  const { setTimeout: sleep } = require('node:timers/promises');
  const { count, length = 0, pauseMs = 0, afterwards } = JSON.parse(process.argv[1]);
  let number = 0;
  const line = () => new Promise((written) => {
    number += 1;
    process.stdout.write(('line ' + number + ' ').padEnd(length, '.') + '\\n', written);
  });
  (async () => {
    while (number < count) {
      await line();
      if (pauseMs > 0) await sleep(pauseMs);
    }
    if (!afterwards) return;
    await sleep(afterwards.pauseMs);
    while (number < count + afterwards.count) await line();
  })();
`;

/** A pod that writes numbered lines, and ends. */
export interface Writer extends PodName {
  /** Waits for its end. */
  readonly end: () => Promise<void>;
  /** The numbers of its lines that Loki holds. */
  readonly storedIn: (loki: LokiApi) => Promise<readonly number[]>;
  readonly remove: () => Promise<void>;
}

export const startWriter = async ({ namespace, name }: PodName, lines: Lines): Promise<Writer> => {
  await startPod({ namespace, name, script: write, args: [JSON.stringify(lines)], becomesReady: true });
  const { metadata } = await core.readNamespacedPod({ namespace, name });
  const from = new Date((metadata?.creationTimestamp ?? new Date()).getTime() - 1000);
  return {
    namespace,
    name,
    end: () =>
      eventually(
        `${namespace}/${name} has ended`,
        async () => {
          const { status } = await core.readNamespacedPod({ namespace, name });
          expect(status?.phase).toBe('Succeeded');
        },
        { withinSeconds: 180, everySeconds: 1 },
      ),
    storedIn: async (loki) => {
      const selector = `{namespace="${namespace}", container="${name}"}`;
      const stored = await loki.lines(selector, { from, to: new Date(Date.now() + 60_000) });
      return stored.map(({ line }) => Number(/^line (\d+) /.exec(line)?.[1]));
    },
    remove: () => removePod({ namespace, name }),
  };
};

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Waits until Loki holds every line of a writer, once. */
export const expectAllStored = (loki: LokiApi, writer: Writer, count: number, withinSeconds = 60): Promise<void> =>
  eventually(
    `every line of ${writer.namespace}/${writer.name} is stored`,
    async () => {
      const stored = await writer.storedIn(loki);
      const held = new Set(stored);
      expect({
        lines: stored.length,
        missing: upTo(count)
          .filter((number) => !held.has(number))
          .slice(0, 20),
      }).toEqual({ lines: count, missing: [] });
    },
    { withinSeconds, everySeconds: 2 },
  );

import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerLog } from './container-logs';

/** A line of a usual length; its name is its request's. */
const lineOf = (name: string): string =>
  JSON.stringify({
    timestamp: new Date().toISOString(),
    level: 'INFO',
    service: 'backend',
    module: 'http',
    message: 'the order was stored',
    correlation_id: `action-${name}`,
    request_id: name,
    duration_ms: 12,
    metadata: { method: 'POST', path: '/api/orders', ip_address: '10.0.0.1', user_agent: 'Mozilla/5.0 (X11; Linux)' },
  });

const nameIn = /"request_id":"([^"]*)"/;

/** The names of lines, each once. */
export const namesIn = (lines: readonly { readonly line: string }[]): ReadonlySet<string> =>
  new Set(lines.map(({ line }) => nameIn.exec(line)?.[1] ?? line));

export interface NumberedLines {
  /** The names of all lines so far. */
  readonly written: () => readonly string[];
  readonly write: (count: number, time?: Date) => void;
  /** Writes so many lines in steps of a tenth of a second, and moves the file out of the way now and then. */
  readonly writeSlowly: (
    count: number,
    pace: { readonly perSecond: number; readonly perFile: number },
  ) => Promise<void>;
  readonly rotate: () => void;
}

/** Lines of which none is like another. */
export const numberedLines = (pod: string, log: ContainerLog): NumberedLines => {
  const written: string[] = [];
  let inFile = 0;
  const write = (count: number, time?: Date): void => {
    const names = Array.from({ length: count }, (_, index) => `${pod}-${written.length + index}`);
    log.write(names.map(lineOf), time);
    written.push(...names);
    inFile += count;
  };
  const rotate = (): void => {
    log.rotate();
    inFile = 0;
  };
  return {
    written: () => written,
    write,
    rotate,
    writeSlowly: async (count, { perSecond, perFile }) => {
      const step = Math.ceil(perSecond / 10);
      for (let left = count; left > 0; left -= step) {
        write(Math.min(step, left));
        if (inFile >= perFile) rotate();
        await sleep(100);
      }
    },
  };
};

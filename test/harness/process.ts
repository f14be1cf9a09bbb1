import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { atEnd } from './at-end';
import { eventually } from './eventually';

export interface RunningProcess {
  readonly pid: number;
  /** What it wrote so far, standard output and error in one. */
  readonly output: () => string;
  /** Asks it to end, insists after a while, and resolves when it is gone. */
  readonly stop: () => Promise<void>;
  /** Ends it at once, as a crash would, and resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

export interface ProcessOptions {
  /** A URL that answers 200 once the program is ready, or a probe that throws until then. */
  readonly ready: string | (() => unknown);
  /** Time to become ready; 30 by default. */
  readonly withinSeconds?: number;
  /** Time to end once it is asked to; 10 by default. */
  readonly graceSeconds?: number;
  /** Told of every whole line that it writes. */
  readonly onLine?: (line: string) => void;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Numeric user and group, for a program that refuses to run as ours. */
  readonly uid?: number;
  readonly gid?: number;
}

const answersOk = async (url: string): Promise<void> => {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!ok) throw new Error(`${url} answered ${status}`);
};

/** A shell that kills a process once this one is gone, however that came about: only then does their pipe close. */
const guard = (pid: number | undefined) =>
  spawn('sh', ['-c', 'read -r _; kill -9 "$0"', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });

/**
 * Starts a program and waits until it is ready. The end of the tests stops it at the latest.
 *
 * @throws with its last output, when it ends before it is ready or is not ready in time.
 */
export const startProcess = async (
  command: string,
  args: readonly string[],
  { ready, withinSeconds, graceSeconds = 10, onLine, ...options }: ProcessOptions,
): Promise<RunningProcess> => {
  const name = basename(command);
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    if (onLine) createInterface(stream).on('line', onLine);
  }
  await once(child, 'spawn');
  const closed = once(child, 'close');
  const watch = guard(child.pid);
  child.once('exit', () => watch.kill('SIGKILL'));

  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), graceSeconds * 1000);
    await closed;
    clearTimeout(insist);
  };
  atEnd(stop);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };

  const probe = typeof ready === 'string' ? () => answersOk(ready) : ready;
  try {
    // A program that has ended needs no further probe.
    await eventually(`${name} is ready`, () => hasEnded() || probe(), { withinSeconds });
    if (hasEnded()) throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode} before it was ready`);
  } catch (failure) {
    await stop();
    const message = failure instanceof Error ? failure.message : String(failure);
    throw new Error([message, ...output.trimEnd().split('\n').slice(-20)].join('\n'), { cause: failure });
  }
  return { pid: child.pid ?? 0, output: () => output, stop, kill };
};

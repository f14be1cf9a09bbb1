import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { atEnd } from './at-end';
import { eventually } from './eventually';

export interface RunningProcess {
  readonly pid: number;
  /** What it wrote so far, standard output and error in one. */
  readonly output: () => string;
  /** Asks it to end, insists after 10 s, and resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

export interface ProcessOptions {
  /** A URL that answers 200 once the program is ready, or a probe that throws until then. */
  readonly ready: string | (() => unknown);
  /** Time to become ready; 30 by default. */
  readonly withinSeconds?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const answersOk = async (url: string): Promise<void> => {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!ok) throw new Error(`${url} answered ${status}`);
};

/** Has a process killed when this one is gone, however that came about: only then does the pipe to the shell close. */
const guard = (pid: number) =>
  spawn('sh', ['-c', 'read -r _; kill -9 "$0"', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });

/**
 * Starts a program and waits until it is ready. It is stopped at the end at the latest.
 *
 * @throws with its last output when it ends by itself before that, or is not ready in time.
 */
export const startProcess = async (
  command: string,
  args: readonly string[],
  { ready, withinSeconds, ...options }: ProcessOptions,
): Promise<RunningProcess> => {
  const name = basename(command);
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const closed = once(child, 'close');
  await once(child, 'spawn');

  const watch = guard(child.pid);
  ...
};

import { execFile } from 'node:child_process';

/** What a program that ended left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Text for standard input; none by default. */
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Numeric user and group, for a program that refuses to run as ours. */
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Runs a program to its end, whatever its exit code.
 *
 * @throws when it could not be started, or was killed by a signal.
 */
export const run = (
  command: string,
  args: readonly string[],
  { input = '', ...options }: RunOptions = {},
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = execFile(command, args, { ...options, maxBuffer: Infinity }, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else reject(new Error(error.message, { cause: error }));
    });
    // A program may end without reading its input; its exit code tells why.
    child.stdin?.on('error', () => undefined).end(input);
  });

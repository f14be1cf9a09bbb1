import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { run } from '../tools/run';

/** What a command took, with all that it started. */
export interface Cost {
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Resident memory of its largest Node process; not a number when it has none. */
  readonly peakMebibytes: number;
}

export const root = join(__dirname, '..');

/** Calls `use` with a folder that is gone afterwards. */
export const inTemporaryFolder = async <T>(use: (folder: string) => Promise<T> | T): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The second line of the shell's `times` is what its children used: `0m1.230000s 0m0.120000s`. */
const cpuSecondsOfChildren = (times: string): number => {
  const [, , ...ofChildren] = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  if (ofChildren.length !== 2) throw new Error(`the shell's times are not as POSIX has them: ${times}`);
  return ofChildren.reduce((sum, seconds) => sum + seconds, 0);
};

/**
 * Runs a command to its end. The shell adds up the time of children and theirs, which Node does not tell of its own.
 *
 * @throws when the command fails.
 */
export const measure = (
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Cost> =>
  inTemporaryFolder(async (folder) => {
    const memoryFile = join(folder, 'memory');
    writeFileSync(memoryFile, '');
    const start = performance.now();
    const { code, stdout, stderr } = await run('sh', ['-c', '"$@" >&2 || exit; times', 'sh', ...command], {
      cwd: root,
      env: {
        ...process.env,
        ...environment,
        LC_ALL: 'C',
        BENCH_MEMORY_FILE: memoryFile,
        NODE_OPTIONS: `--require "${join(__dirname, 'report-memory.js')}"`,
      },
    });
    const wallSeconds = (performance.now() - start) / 1000;
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${stderr}`);
    const kibibytes = readFileSync(memoryFile, 'utf8').match(/\d+/g)?.map(Number) ?? [NaN];
    return { cpuSeconds: cpuSecondsOfChildren(stdout), wallSeconds, peakMebibytes: Math.max(...kibibytes) / 1024 };
  });

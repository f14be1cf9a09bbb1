import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GoProgram, ProgramName } from './go-programs';
import { goPrograms, isProgramName, programNames } from './go-programs';
import type { SoughtProgram } from './on-path';
import { isExecutable, onPath } from './on-path';
import { isOptionalProgramName, optionalProgram, optionalProgramNames, skippedWithout } from './optional-programs';
import { run } from './run';
import { parseVersion, requiredVersion, versionText } from './version';

/** Changes with anything that changes the build. */
export const cacheKey = (...inputs: readonly string[]): string =>
  createHash('sha256').update(inputs.join('\0')).digest('hex').slice(0, 12);

export interface PinnedProgram extends SoughtProgram {
  readonly name: ProgramName;
  /** Version of the Go module, such as `v1.36.3`. */
  readonly pin: string;
  readonly folder: string;
  /** What `go build` is given in that folder, but for where the result goes. */
  readonly buildArgs: readonly string[];
  /** Where a build of it is kept. */
  readonly cached: string;
}

export const pinnedProgram = async (name: ProgramName): Promise<PinnedProgram> => {
  const program: GoProgram = goPrograms[name];
  const folder = join(__dirname, program.module);
  const goMod = await readFile(join(folder, 'go.mod'), 'utf8');
  const goSum = await readFile(join(folder, 'go.sum'), 'utf8');
  const pin = requiredVersion(goMod, program.package);
  const version = parseVersion(pin);
  const release = program.release?.(version) ?? version;
  const ldflags = `-s -w ${program.stamp?.(pin, release) ?? ''}`;
  const buildArgs = ['-trimpath', '-tags', program.tags ?? '', '-ldflags', ldflags, program.package];
  const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return {
    name,
    versionArgs: program.versionArgs,
    pin,
    release,
    folder,
    buildArgs,
    cached: join(caches, 'autoserve-monitoring', `${name}-${cacheKey(goMod, goSum, ...buildArgs)}`, name),
  };
};

const build = async ({ folder, buildArgs, cached }: PinnedProgram): Promise<void> => {
  // Renamed once it is whole: an interrupted build, or two at once, never leave half a program under its name.
  const unfinished = `${cached}.${randomUUID()}`;
  await mkdir(dirname(cached), { recursive: true });
  try {
    const { code, stderr } = await run('go', ['build', '-o', unfinished, ...buildArgs], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0' },
    });
    if (code !== 0) throw new Error(stderr);
    await rename(unfinished, cached);
  } finally {
    await rm(unfinished, { force: true });
  }
};

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

const locate = async (pinned: PinnedProgram): Promise<string> => {
  const found = onPath(pinned);
  if (found !== undefined) return found;
  if (!isExecutable(pinned.cached)) {
    progress(`${pinned.name} ${pinned.pin}: building, which can take minutes`);
    await build(pinned);
    progress(`${pinned.name} ${pinned.pin}: built`);
  }
  return pinned.cached;
};

interface MissingProgram extends Pick<PinnedProgram, 'name' | 'pin' | 'release' | 'folder'> {
  /** Why it was not built; of a long text, the end tells. */
  readonly reason: string;
}

export const missingPrograms = (missing: readonly MissingProgram[]): Error =>
  new Error(
    [
      'Programs are missing. Put them on PATH, in the version named or newer, or install Go to have them built.',
      ...missing.flatMap(({ name, pin, release, folder, reason }) => [
        `- ${name} ${versionText(release)}: ${pin} could not be built in ${folder}:`,
        ...reason
          .trimEnd()
          .split('\n')
          .slice(-15)
          .map((line) => `    ${line}`),
      ]),
    ].join('\n'),
  );

/**
 * Paths of programs: from PATH where they are new enough, else from the cache, else built into the cache.
 *
 * @throws one error for all that are not to be had.
 */
export const programs = async <Name extends ProgramName>(names: readonly Name[]): Promise<Record<Name, string>> => {
  const paths: [Name, string][] = [];
  const missing: MissingProgram[] = [];
  // One by one: a Go build uses every core by itself.
  for (const name of names) {
    const pinned = await pinnedProgram(name);
    try {
      paths.push([name, await locate(pinned)]);
    } catch (failure) {
      const reason = failure instanceof Error ? failure.message : String(failure);
      missing.push({ ...pinned, reason: reason.replace('spawn go ENOENT', 'Go is not installed') });
    }
  }
  if (missing.length > 0) throw missingPrograms(missing);
  return Object.fromEntries(paths) as Record<Name, string>; // fromEntries forgets the names
};

export const program = async (name: ProgramName): Promise<string> => (await programs([name]))[name];

/** Finds or builds the programs named, all of them by default, and says where each is. */
const main = async (names: readonly string[]): Promise<void> => {
  const known = [...programNames, ...optionalProgramNames];
  const unknown = names.filter((name) => !known.some((other) => other === name));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${known.join(', ')}`);
  const wanted = names.length > 0 ? names : known;
  const built = wanted.filter(isProgramName);
  const paths = await programs(built);
  for (const name of built) console.log(name, (await pinnedProgram(name)).pin, paths[name]);
  for (const name of wanted.filter(isOptionalProgramName)) {
    const path = optionalProgram(name);
    console.log(path === undefined ? skippedWithout(name) : `${name} ${path}`);
  }
};

if (require.main === module) {
  main(process.argv.slice(2)).catch((failure: unknown) => {
    console.error(failure instanceof Error ? failure.message : failure);
    process.exitCode = 1;
  });
}

import { createHash, randomUUID } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { run } from './run';
import type { Version } from './version';
import { isAtLeast, parseVersion, printedVersion, requiredVersion, versionText } from './version';

/** A Go program that judges what we render. */
interface Program {
  /** Folder below `tools/` whose go.mod pins it. */
  readonly module: string;
  /** The package that `go build` is given. */
  readonly package: string;
  /** Arguments that make it print its version. */
  readonly versionArgs: readonly string[];
  /** Build tags, separated by commas. */
  readonly tags?: string;
  /** Linker flags that write the pinned version into the program. */
  readonly stamp?: (pin: string) => string;
  /** The release behind a pin, where Go module and release are numbered differently. */
  readonly release?: (pin: Version) => Version;
}

const prometheusProgram = (name: string): Program => ({
  module: 'prometheus',
  package: `github.com/prometheus/prometheus/cmd/${name}`,
  versionArgs: ['--version'],
  tags: 'remove_all_sd,enable_kubernetes_sd',
  // Release 3.14 is module v0.314: the module path has no /v3.
  release: ({ minor }) => ({ major: Math.floor(minor / 100), minor: minor % 100 }),
});

const kubernetesProgram = (name: string, versionArgs: readonly string[]): Program => ({
  module: 'kubernetes',
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionArgs,
  stamp: (pin) => {
    const { major, minor } = parseVersion(pin);
    return Object.entries({ gitVersion: pin, gitMajor: major, gitMinor: minor })
      .map(([variable, value]) => `-X k8s.io/component-base/version.${variable}=${value}`)
      .join(' ');
  },
});

const table = {
  prometheus: prometheusProgram('prometheus'),
  promtool: prometheusProgram('promtool'),
  node_exporter: {
    module: 'node-exporter',
    package: 'github.com/prometheus/node_exporter',
    versionArgs: ['--version'],
  },
  postgres_exporter: {
    module: 'postgres-exporter',
    package: 'github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter',
    versionArgs: ['--version'],
  },
  'kube-state-metrics': {
    module: 'kube-state-metrics',
    package: 'k8s.io/kube-state-metrics/v2',
    versionArgs: ['version'],
  },
  etcd: { module: 'etcd', package: 'go.etcd.io/etcd/server/v3', versionArgs: ['--version'] },
  'kube-apiserver': kubernetesProgram('kube-apiserver', ['--version']),
  kubectl: kubernetesProgram('kubectl', ['version', '--client']),
  'kube-score': {
    module: 'kube-score',
    package: 'github.com/zegl/kube-score/cmd/kube-score',
    versionArgs: ['version'],
  },
} satisfies Record<string, Program>;

export type ProgramName = keyof typeof table;

const isProgramName = (name: string): name is ProgramName => Object.hasOwn(table, name);

export const programNames: readonly ProgramName[] = Object.keys(table).filter(isProgramName);

/** Changes with anything that changes the build. */
export const cacheKey = (...inputs: readonly string[]): string =>
  createHash('sha256').update(inputs.join('\0')).digest('hex').slice(0, 12);

export interface PinnedProgram {
  readonly name: ProgramName;
  /** Version of the Go module, such as `v1.36.3`. */
  readonly pin: string;
  /** What it must at least say of itself when it is found on PATH. */
  readonly release: Version;
  readonly folder: string;
  /** What `go build` is given in that folder, but for where the result goes. */
  readonly buildArgs: readonly string[];
  /** Where a build of it is kept. */
  readonly cached: string;
}

export const pinnedProgram = async (name: ProgramName): Promise<PinnedProgram> => {
  const program: Program = table[name];
  const folder = join(__dirname, program.module);
  const goMod = await readFile(join(folder, 'go.mod'), 'utf8');
  const goSum = await readFile(join(folder, 'go.sum'), 'utf8');
  const pin = requiredVersion(goMod, program.package);
  const version = parseVersion(pin);
  const ldflags = `-s -w ${program.stamp?.(pin) ?? ''}`;
  const buildArgs = ['-trimpath', '-tags', program.tags ?? '', '-ldflags', ldflags, program.package];
  const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return {
    name,
    pin,
    release: program.release?.(version) ?? version,
    folder,
    buildArgs,
    cached: join(caches, 'autoserve-monitoring', `${name}-${cacheKey(goMod, goSum, ...buildArgs)}`, name),
  };
};

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const versionOf = async (path: string, args: readonly string[]): Promise<Version | undefined> => {
  try {
    const { stdout, stderr } = await run(path, args, { timeoutSeconds: 10 });
    return printedVersion(stdout || stderr);
  } catch {
    return undefined; // not a program, or one that hangs
  }
};

/** The first on PATH that is new enough: what a distribution carries may be years old. */
const onPath = async ({ name, release }: PinnedProgram): Promise<string | undefined> => {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, name);
    const found = (await isExecutable(path)) ? await versionOf(path, table[name].versionArgs) : undefined;
    if (found !== undefined && isAtLeast(found, release)) return path;
  }
  return undefined;
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
  const found = await onPath(pinned);
  if (found !== undefined) return found;
  if (!(await isExecutable(pinned.cached))) {
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
  const unknown = names.filter((name) => !isProgramName(name));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${programNames.join(', ')}`);
  const wanted = names.length > 0 ? names.filter(isProgramName) : programNames;
  const paths = await programs(wanted);
  for (const name of wanted) console.log(name, (await pinnedProgram(name)).pin, paths[name]);
};

if (require.main === module) {
  main(process.argv.slice(2)).catch((failure: unknown) => {
    console.error(failure instanceof Error ? failure.message : failure);
    process.exitCode = 1;
  });
}

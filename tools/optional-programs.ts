import type { SoughtProgram } from './on-path';
import { onPath } from './on-path';
import { versionText } from './version';

/** A program that is not built from a Go module: it is on PATH, or what needs it is skipped. */
interface OptionalProgram extends Omit<SoughtProgram, 'name'> {
  /** What is skipped without it. */
  readonly checks: string;
}

const table = {
  'fluent-bit': {
    versionArgs: ['--version'],
    release: { major: 5, minor: 1 },
    checks: 'the checks of the log collector',
  },
  grafana: {
    versionArgs: ['--version'],
    // Not the release that is deployed: what is checked of it has been so for long, and few machines have any.
    release: { major: 9, minor: 4 },
    checks: 'the checks of the dashboards',
  },
} satisfies Record<string, OptionalProgram>;

export type OptionalProgramName = keyof typeof table;

export const isOptionalProgramName = (name: string): name is OptionalProgramName => Object.hasOwn(table, name);

export const optionalProgramNames: readonly OptionalProgramName[] = Object.keys(table).filter(isOptionalProgramName);

/** Path of a program from PATH, if one is there that is new enough. */
export const optionalProgram = (name: OptionalProgramName): string | undefined => onPath({ name, ...table[name] });

/** Says by name what is skipped where {@link optionalProgram} finds nothing. */
export const skippedWithout = (name: OptionalProgramName): string => {
  const { release, checks } = table[name];
  return `${name} ${versionText(release)} is not on PATH: ${checks} are skipped`;
};

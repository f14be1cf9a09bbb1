import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Version } from './version';
import { isAtLeast, printedVersion } from './version';

export interface SoughtProgram {
  readonly name: string;
  /** Arguments that make it print its version. */
  readonly versionArgs: readonly string[];
  /** What it must at least say of itself. */
  readonly release: Version;
}

export const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** What a program says of its version, if it is one. */
export const versionOf = (path: string, args: readonly string[]): Version | undefined => {
  const { error, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8', timeout: 10_000 });
  // Not a program, or one that hangs.
  return error === undefined ? printedVersion(stdout || stderr) : undefined;
};

/**
 * The first on PATH that is new enough: what a distribution carries may be years old.
 * It answers at once, for a test is skipped or not before anything is awaited.
 */
export const onPath = ({ name, versionArgs, release }: SoughtProgram): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((path) => {
      const found = isExecutable(path) ? versionOf(path, versionArgs) : undefined;
      return found !== undefined && isAtLeast(found, release);
    });

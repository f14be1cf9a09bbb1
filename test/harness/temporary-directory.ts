import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end';

/** Path of a new, empty directory that is removed at the end. */
export const temporaryDirectory = (name: string): string => {
  const path = mkdtempSync(join(tmpdir(), `${name}-`));
  atEnd(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
};

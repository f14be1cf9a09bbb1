import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from '../harness/at-end';
import { temporaryDirectory } from '../harness/temporary-directory';

const mebibytes = 16;

/** A small file system of its own on a loop device, where this machine lets us mount one. */
export interface SmallDisk {
  readonly path: string;
  /** Writes until next to nothing is left. */
  readonly fill: () => void;
  readonly empty: () => void;
}

const ok = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;

export const mountSmallDisk = (): SmallDisk | undefined => {
  const directory = temporaryDirectory('small-disk');
  const image = join(directory, 'image');
  const path = join(directory, 'mount');
  mkdirSync(path);
  writeFileSync(image, Buffer.alloc(mebibytes * 1024 ** 2));
  if (!ok('mkfs.ext4', '-q', '-F', image) || !ok('mount', '-o', 'loop', image, path)) return undefined;
  atEnd(() => void ok('umount', path));
  const file = join(path, 'ballast');
  return {
    path,
    fill: () => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(file, Buffer.alloc(Math.floor(bavail * bsize * 0.97)));
    },
    empty: () => {
      writeFileSync(file, '');
    },
  };
};

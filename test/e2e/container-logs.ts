import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryDirectory } from '../harness/temporary-directory';
import type { ClusterPod } from './cluster';

/** The directory of each node that the kubelet would keep at /var/log. */
const directories = new Map<string, string>();

export const logDirectoryOf = (node: string): string => {
  const directory = directories.get(node) ?? temporaryDirectory(`var-log-${node}`);
  directories.set(node, directory);
  mkdirSync(join(directory, 'pods'), { recursive: true });
  return directory;
};

/** Of whose lines the path of a log file speaks. */
export type LoggingPod = Pick<ClusterPod, 'name' | 'namespace' | 'node'> & {
  readonly containers: readonly { readonly name: string }[];
};

export interface ContainerLog {
  /** Writes lines as a container runtime does that speaks CRI, each a nanosecond after the one before. */
  readonly write: (lines: readonly string[], time?: Date) => void;
  /** Writes what no such runtime would. */
  readonly writeRaw: (bytes: string | Buffer) => void;
  /** Moves the file out of the way as the kubelet does, and compresses the one that it moved before. */
  readonly rotate: () => void;
}

/** A line of the file: the runtime's time, and whether the program's line ends with it (`F`) or goes on (`P`). */
export const cri = (line: string | Buffer, time: Date, nanoseconds = 0, tag: 'F' | 'P' = 'F'): Buffer => {
  const fraction = `${nanoseconds}`.padStart(6, '0');
  const head = `${time.toISOString().replace('Z', `${fraction}Z`)} stdout ${tag} `;
  return Buffer.concat([Buffer.from(head), Buffer.from(line), Buffer.from('\n')]);
};

const folderOf = ({ namespace, name }: LoggingPod): string => `${namespace}_${name}_`;

/** Year to second, as the kubelet names what it moved. */
const stamp = (): string =>
  new Date()
    .toISOString()
    .replace(/\.\d+Z/, '')
    .replaceAll(/[-:]/g, '')
    .replace('T', '-');

/**
 * A log of a pod's first container.
 *
 * @see https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 */
export const containerLog = (pod: LoggingPod): ContainerLog => {
  const folder = `${folderOf(pod)}${randomUUID()}`;
  const directory = join(logDirectoryOf(pod.node), 'pods', folder, pod.containers[0]?.name ?? 'none');
  mkdirSync(directory, { recursive: true });
  const file = join(directory, '0.log');
  const writeRaw = (bytes: string | Buffer): void => {
    appendFileSync(file, bytes);
  };
  return {
    write: (lines, time = new Date()) => {
      writeRaw(Buffer.concat(lines.map((line, index) => cri(line, time, index))));
    },
    writeRaw,
    rotate: () => {
      for (const name of readdirSync(directory).filter((each) => /\d{8}-\d{6}$/.test(each))) {
        const path = join(directory, name);
        writeFileSync(`${path}.tmp`, gzipSync(readFileSync(path)));
        renameSync(`${path}.tmp`, `${path}.gz`);
        rmSync(path);
      }
      renameSync(file, `${file}.${stamp()}`);
      writeFileSync(file, '');
    },
  };
};

/** What a pod wrote to files that were never moved, without the runtime's part of the line. */
export const writtenLines = (pod: LoggingPod): readonly string[] => {
  const pods = join(logDirectoryOf(pod.node), 'pods');
  return readdirSync(pods)
    .filter((folder) => folder.startsWith(folderOf(pod)))
    .flatMap((folder) =>
      readdirSync(join(pods, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.log'))
        .flatMap((name) => readFileSync(join(pods, folder, name), 'utf8').split('\n'))
        .filter((line) => line !== '')
        .map((line) => line.replace(/^\S+ \S+ F /, '')),
    );
};

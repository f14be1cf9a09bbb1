import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamLabel, StructuredMetadata } from '../../lib/catalog/log-streams';
import type { Profile } from '../../lib/profile/profile';
import { atEnd } from '../harness/at-end';
import { logDirectoryOf } from './container-logs';
import type { LokiApi, StoredLine } from './loki-api';

/** `<namespace>_<pod>_<uid>/<container>/<count>.log` */
const fileName = /^([^_/]+)_([^_/]+)_[^_/]+\/([^/]+)\/\d+\.log$/;
const criLine = /^(\S+)\.(\d{9})Z stdout F (.*)$/;

/** A field of the line, if it is JSON that has the field. */
const fieldOf = (line: string, field: string): string | undefined => {
  try {
    const value = (JSON.parse(line) as Partial<Record<string, unknown>> | null)?.[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** What the agent makes of a line of a file, as its configuration says. */
const shipped = (file: string, text: string): StoredLine => {
  const [, namespace = '', pod = '', container = ''] = fileName.exec(file) ?? [];
  const [, second = '', nanoseconds = '', line = ''] = criLine.exec(text) ?? [];
  const stream = { job: 'fluent-bit', service: container, namespace, container } satisfies Record<StreamLabel, string>;
  const metadata: Partial<Record<StructuredMetadata, string>> = {
    pod,
    ...Object.fromEntries(
      (['trace_id', 'span_id'] as const).flatMap((field) => {
        const value = fieldOf(line, field);
        return value === undefined ? [] : [[field, value]];
      }),
    ),
  };
  const time = BigInt(Date.parse(`${second}Z`)) * 1_000_000n + BigInt(nanoseconds);
  return { stream, metadata, time, line };
};

/**
 * Stands in for the Fluent Bit of a node, which not every machine has: reads the files that Fluent Bit would read, and
 * sends Loki what it would send. It knows whole lines as CRI writes them, and nothing of rotation, limits or odd bytes.
 */
export const startLogAgentStandIn = (node: string, loki: LokiApi, { namespaces, logs }: Profile): void => {
  const directory = join(logDirectoryOf(node), 'pods');
  const read = new Map<string, number>();
  const isReduced = (file: string, { line }: StoredLine): boolean =>
    logs.reduction.debug === 'drop' &&
    file.startsWith(`${namespaces.application}_`) &&
    fieldOf(line, 'level') === 'DEBUG';

  /** Sends what is new, and takes it for read once Loki has it. */
  const step = async (): Promise<void> => {
    const lines: StoredLine[] = [];
    const reached = new Map<string, number>();
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      if (!fileName.test(file)) continue;
      const all = readFileSync(join(directory, file), 'utf8').split('\n').slice(0, -1);
      lines.push(
        ...all
          .slice(read.get(file) ?? 0)
          .map((text) => shipped(file, text))
          .filter((line) => !isReduced(file, line)),
      );
      reached.set(file, all.length);
    }
    if (lines.length > 0) await loki.push(lines);
    for (const [file, count] of reached) read.set(file, count);
  };

  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      // Loki may be away: what is new stays new.
      await step().catch(() => undefined);
      await sleep(250);
    }
  };
  const running = run();
  atEnd(async () => {
    isStopped = true;
    await running;
  });
};

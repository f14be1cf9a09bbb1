import { SpanKind, type Tracer } from '@opentelemetry/api';
import type { Random } from '../runtime/random';
import { inSpan } from '../runtime/spans';
import { sleep, stopwatch } from '../runtime/timing';

const medianSeconds = { select: 0.012, insert: 0.02, update: 0.018, delete: 0.015 };
type Operation = keyof typeof medianSeconds;

export interface DatabaseOptions {
  readonly tracer: Tracer;
  readonly random: Random;
  /** Runs a query on a connection, when there is one. */
  readonly connected: <V>(query: () => Promise<V>) => Promise<V>;
  readonly onAnswer?: (operation: Operation, seconds: number) => void;
}

/** Runs the queries, one after the other. */
export type Query = (...operations: readonly Operation[]) => Promise<void>;

/** Plays a database: queries that take their time. A span includes the wait for a connection. */
export const connectDatabase =
  ({ tracer, random, connected, onAnswer }: DatabaseOptions): Query =>
  async (...operations) => {
    for (const operation of operations) {
      const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
      await inSpan(tracer, { name: operation, kind: SpanKind.CLIENT, attributes }, () =>
        connected(async () => {
          const elapsed = stopwatch();
          // One in two hundred meets a lock or a cold page.
          await sleep(random.logNormal(medianSeconds[operation], 0.6) * (random.chance(0.005) ? 15 : 1));
          onAnswer?.(operation, elapsed());
        }),
      );
    }
  };

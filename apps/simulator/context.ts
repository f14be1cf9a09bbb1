import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a user action carries from service to service. */
export interface Context {
  /** 32 hexadecimal digits, the same in every service that the action touches. */
  readonly traceId: string;
  /** 16 hexadecimal digits of this service's part. */
  readonly spanId: string;
  readonly correlationId: string;
}

// Not from the seed: two pods, or one pod before and after a restart, would share trace ids.
const hexadecimal = (bytes: number): string => randomBytes(bytes).toString('hex');

export const newContext = (): Context => ({
  traceId: hexadecimal(16),
  spanId: hexadecimal(8),
  correlationId: randomUUID(),
});

const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/;

/**
 * This service's part of the caller's trace; a trace of its own when the caller sent none.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const contextFrom = (headers: IncomingHttpHeaders): Context => {
  const fresh = newContext();
  const correlationId = headers['x-correlation-id'];
  return {
    ...fresh,
    traceId: traceparent.exec(headers['traceparent']?.toString() ?? '')?.[1] ?? fresh.traceId,
    correlationId: typeof correlationId === 'string' ? correlationId : fresh.correlationId,
  };
};

export const contextHeaders = ({ traceId, spanId, correlationId }: Context): Record<string, string> => ({
  traceparent: `00-${traceId}-${spanId}-01`,
  'x-correlation-id': correlationId,
});

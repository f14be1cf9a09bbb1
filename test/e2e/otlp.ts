import { randomBytes } from 'node:crypto';

export const newTraceId = (): string => randomBytes(16).toString('hex');
export const newSpanId = (): string => randomBytes(8).toString('hex');

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

type Attributes = Readonly<Record<string, string>>;

export interface NewSpan {
  readonly traceId: string;
  readonly name: string;
  /** 1 ms by default; it begins now. */
  readonly seconds?: number;
  readonly spanId?: string;
  readonly parentId?: string;
  /** `server` by default. */
  readonly kind?: keyof typeof kinds;
  readonly failed?: boolean;
  readonly attributes?: Attributes;
}

/** Spans of one process. */
export interface NewSpans {
  readonly service: string;
  /** What else is known of the process. */
  readonly resource?: Attributes;
  readonly spans: readonly NewSpan[];
}

const attributesOf = (attributes: Attributes): readonly object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));

const nanoseconds = (milliseconds: number): string => `${BigInt(Math.round(milliseconds * 1000)) * 1000n}`;

const spanOf = ({ seconds = 0.001, attributes = {}, failed = false, ...span }: NewSpan, now: number): object => ({
  traceId: span.traceId,
  spanId: span.spanId ?? newSpanId(),
  ...(span.parentId !== undefined && { parentSpanId: span.parentId }),
  name: span.name,
  kind: kinds[span.kind ?? 'server'],
  startTimeUnixNano: nanoseconds(now),
  endTimeUnixNano: nanoseconds(now + seconds * 1000),
  attributes: attributesOf(attributes),
  status: failed ? { code: 2, message: 'it failed' } : {},
});

/**
 * Sends spans over OTLP/HTTP, as JSON, and resolves once they are acknowledged.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export const sendSpans = async (url: string, ...processes: readonly NewSpans[]): Promise<void> => {
  const now = Date.now();
  const resourceSpans = processes.map(({ service, resource = {}, spans }) => ({
    resource: { attributes: attributesOf({ 'service.name': service, ...resource }) },
    scopeSpans: [{ scope: { name: 'test' }, spans: spans.map((span) => spanOf(span, now)) }],
  }));
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans }),
  });
  const text = await response.text();
  // Refused in part is answered with 200 too.
  if (!response.ok || text.includes('rejectedSpans')) throw new Error(`${url} answered ${response.status}: ${text}`);
};

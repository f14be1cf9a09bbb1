import {
  isSpanContextValid,
  SpanStatusCode,
  trace,
  TraceFlags,
  type SpanContext,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import type { spanAttributes, SpanAttributeName } from '../../lib/catalog/spans';

/** Attributes of the catalog. */
export type SpanAttributes = {
  readonly [N in SpanAttributeName]?: (typeof spanAttributes)[N]['type'] extends 'number' ? number : string;
};

export interface SpanFacts {
  readonly name: string;
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
}

/** The span that is active here, if the work is part of a trace. */
export const activeSpan = (): SpanContext | undefined => {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span : undefined;
};

/** The active trace, unless it is not recorded: what points to it would lead nowhere. */
export const recordedTraceId = (): string | undefined => {
  const span = activeSpan();
  return span && span.traceFlags & TraceFlags.SAMPLED ? span.traceId : undefined;
};

/** Says more about the active span. */
export const annotate = (attributes: SpanAttributes): void => {
  trace.getActiveSpan()?.setAttributes(attributes);
};

/** Says that what the active span stands for failed. */
export const recordFailure = (problem: unknown): void => {
  const span = trace.getActiveSpan();
  const error = problem instanceof Error ? problem : new Error(String(problem));
  span?.recordException(error);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  annotate({ 'error.message': error.message });
};

/** Runs the work in a span of its own, which fails when the work does. */
export const inSpan = <V>(tracer: Tracer, { name, ...options }: SpanFacts, work: () => V | Promise<V>): Promise<V> =>
  tracer.startActiveSpan(name, options, async (span) => {
    try {
      return await work();
    } catch (error) {
      recordFailure(error);
      throw error;
    } finally {
      span.end();
    }
  });

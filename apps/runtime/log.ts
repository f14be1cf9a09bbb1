import { pino, type Level } from 'pino';
import type { ComponentName } from '../../lib/catalog/components';
import type { logFields, LogField, LogFieldName, LogLevel } from '../../lib/catalog/logs';
import { correlationId } from './correlation';
import { activeSpan } from './spans';

interface ValueOf {
  readonly string: string;
  readonly number: number;
  readonly object: Readonly<Record<string, unknown>>;
}
type FieldValue<N extends LogFieldName> = (typeof logFields)[N] extends LogField<infer T> ? ValueOf[T] : never;
type Entry = { readonly [N in LogFieldName]?: FieldValue<N> };

/** The fields that the writer does not fill in itself. */
export type Fields = Omit<Entry, 'timestamp' | 'level' | 'service' | 'module' | 'message' | 'trace_id' | 'span_id'>;

/** One JSON line for each notable event, with the catalog's fields. */
export type Log = (level: LogLevel, module: string, message: string, fields?: Fields) => void;

export interface LogOptions {
  readonly service: ComponentName;
  /** Events below it are not written. */
  readonly level: LogLevel;
  readonly write: (line: string) => void;
}

const pinoLevels: Readonly<Record<LogLevel, Level>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'fatal',
};

/** What the action and the trace that are active here are called. */
const ids = (): Entry => {
  const correlation = correlationId();
  const span = activeSpan();
  return {
    ...(correlation !== undefined && { correlation_id: correlation }),
    ...(span && { trace_id: span.traceId, span_id: span.spanId }),
  };
};

export const createLog = ({ service, level, write }: LogOptions): Log => {
  const base: Entry = { service };
  const logger = pino(
    {
      level: pinoLevels[level],
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      messageKey: 'message',
      base,
      mixin: ids,
    },
    { write },
  );
  return (level, module, message, fields) => {
    const entry: Entry = { module, ...fields };
    logger[pinoLevels[level]](entry, message);
  };
};

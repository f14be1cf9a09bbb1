import type { Service } from '../../lib/catalog/components';
import { logLevels, type logFields, type LogField, type LogFieldName, type LogLevel } from '../../lib/catalog/logs';
import type { Context } from './context';

interface ValueOf {
  readonly string: string;
  readonly number: number;
  readonly object: Readonly<Record<string, unknown>>;
}
type FieldValue<N extends LogFieldName> = (typeof logFields)[N] extends LogField<infer T> ? ValueOf[T] : never;

/** The fields that the writer does not fill in itself. */
type Field = Exclude<LogFieldName, 'timestamp' | 'level' | 'service' | 'module' | 'message' | 'trace_id' | 'span_id'>;
export type Fields = { readonly [N in Field]?: FieldValue<N> };

/** One JSON line for each notable event, with the catalog's fields. */
export type Log = (level: LogLevel, module: string, message: string, context?: Context, fields?: Fields) => void;

export interface LogOptions {
  readonly service: Service;
  /** Events below it are not written. */
  readonly level: LogLevel;
  readonly write: (line: string) => void;
}

const severity = (level: LogLevel): number => Object.keys(logLevels).indexOf(level);

export const createLog = (options: LogOptions): Log => {
  const lowest = severity(options.level);
  return (level, module, message, context, fields) => {
    if (severity(level) < lowest) return;
    const entry: { readonly [N in LogFieldName]?: FieldValue<N> } = {
      timestamp: new Date().toISOString(),
      level,
      service: options.service,
      module,
      message,
      ...(context && {
        correlation_id: context.correlationId,
        trace_id: context.traceId,
        span_id: context.spanId,
      }),
      ...fields,
    };
    options.write(`${JSON.stringify(entry)}\n`);
  };
};

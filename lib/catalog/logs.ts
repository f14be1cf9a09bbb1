import { oneOf, upTo, type LabelBound } from './label-bound';
import { services } from './components';
import type { Origin } from './metric';

/** Levels in rising order of severity. */
export const logLevels = {
  DEBUG: 'Detailed information for diagnosis.',
  INFO: 'General operational messages.',
  WARN: 'Potentially harmful situations.',
  ERROR: 'Error events that might allow the application to continue.',
  FATAL: 'Severe error events that lead to termination.',
} as const;
export type LogLevel = keyof typeof logLevels;

export type LogFieldType = 'string' | 'number' | 'object';

type FieldBound = LabelBound | 'unbounded';

export interface LogField<T extends LogFieldType = LogFieldType, B extends FieldBound = FieldBound> {
  readonly type: T;
  readonly help: string;
  readonly origin: Origin;
  /** Every line has it. */
  readonly required: boolean;
  /** The values it may hold; `unbounded` when it must never become a label. */
  readonly bound: B;
}

type Declaration<B> = Pick<LogField, 'help' | 'origin'> & Partial<Pick<LogField, 'required'>> & { readonly bound?: B };

const field = <T extends LogFieldType, B extends FieldBound = 'unbounded'>(
  type: T,
  { help, origin, required, bound }: Declaration<B>,
): LogField<T, B> => ({
  type,
  help,
  origin,
  required: required ?? false,
  // Where `bound` is left out, `B` is its default.
  bound: bound ?? ('unbounded' as B),
});

/** The JSON line that every AutoServe service writes to standard output, field by field. */
export const logFields = {
  timestamp: field('string', { help: 'RFC 3339 time in UTC with milliseconds.', origin: 'guide', required: true }),
  level: field('string', {
    help: 'Severity.',
    origin: 'guide',
    required: true,
    bound: oneOf(...(Object.keys(logLevels) as LogLevel[])),
  }),
  service: field('string', {
    help: 'The service that wrote the line.',
    origin: 'guide',
    required: true,
    bound: oneOf(...services),
  }),
  module: field('string', {
    help: 'Part of the service.',
    origin: 'guide',
    required: true,
    bound: upTo(50, 'auth', 'tasks'),
  }),
  message: field('string', { help: 'What happened, for a person.', origin: 'guide', required: true }),
  correlation_id: field('string', {
    help: 'One value through every service that a user action touches.',
    origin: 'guide',
  }),
  user_id: field('string', { help: 'Who acted.', origin: 'guide' }),
  request_id: field('string', { help: 'One HTTP request.', origin: 'guide' }),
  duration_ms: field('number', { help: 'How long it took, in milliseconds.', origin: 'guide' }),
  metadata: field('object', { help: 'Anything else, such as ip_address and user_agent.', origin: 'guide' }),
  task_status: field('string', {
    help: 'State that a Celery task ended in.',
    origin: 'guide',
    bound: oneOf('SUCCESS', 'FAILURE', 'RETRY', 'REVOKED'),
  }),
  action: field('string', {
    help: 'Scaling decision.',
    origin: 'guide',
    bound: oneOf('scale_up', 'scale_down', 'no_change'),
  }),
  trace_id: field('string', { help: 'W3C trace id, 32 hexadecimal digits.', origin: 'addition' }),
  span_id: field('string', { help: 'W3C span id, 16 hexadecimal digits.', origin: 'addition' }),
} as const satisfies Record<string, LogField>;
export type LogFieldName = keyof typeof logFields;

/** Bytes of a line as it is stored, for sizing. */
export const typicalLineBytes = 400;

/** Which lines are dropped at the node before they are sent. */
export interface LogReduction {
  readonly debug: 'keep' | 'drop';
  /** INFO lines of busy modules are kept for a share of the traces, 0 to 1: all of a trace's, or none. */
  readonly info: 'keep' | { readonly modules: readonly string[]; readonly keepRatio: number };
}

export const keepEverything: LogReduction = { debug: 'keep', info: 'keep' };

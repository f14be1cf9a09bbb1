import type { Service } from '../../lib/catalog/components';
import type { LogLevel } from '../../lib/catalog/logs';
import type { logQueries } from '../../lib/signals/logs';

/** What a line of AutoServe says, beside when. */
export interface Event {
  readonly level: LogLevel;
  readonly service: Service;
  readonly module: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** An event that differs in these fields, or its line made into another text. */
type Decoy = Partial<Event> | ((line: string) => string);

export interface Question {
  /** Events that the query is after. */
  readonly meant: readonly [Event, ...Event[]];
  /** What it must not find: the first event that is meant, but for what the name says. */
  readonly decoys: Readonly<Record<string, Decoy>>;
}

const scaling = (action: string): Event => ({
  level: 'INFO',
  service: 'ml-controller',
  module: 'scaling',
  message: 'scaling of the worker',
  action,
});

/** What each of the guide's queries is asked for. */
export const questions: Readonly<Record<keyof typeof logQueries, Question>> = {
  errors: {
    meant: [{ level: 'ERROR', service: 'backend', module: 'http', message: 'the order could not be stored' }],
    decoys: {
      'a lesser level': { level: 'WARN' },
      'a lesser level that speaks of an ERROR': { level: 'WARN', message: 'the last ERROR was an hour ago' },
      'another service': { service: 'worker' },
      'no JSON': (line) => `ERROR ${line}`,
      'JSON that is cut off': (line) => line.slice(0, -2),
    },
  },
  authenticationFailures: {
    meant: [{ level: 'WARN', service: 'backend', module: 'auth', message: 'authentication of ann failed' }],
    decoys: {
      success: { message: 'authentication of ann succeeded' },
      'failure of something else': { message: 'the login page failed' },
      authorization: { message: 'authorization of ann failed' },
      'the other way round': { message: 'failed authentication' },
      'in another field than the message': { message: 'ann came', metadata: { note: 'authentication failed' } },
      'another service': { service: 'worker' },
    },
  },
  slowRequests: {
    meant: [{ level: 'INFO', service: 'backend', module: 'http', message: 'answered', duration_ms: 1001 }],
    decoys: {
      'exactly a second': { duration_ms: 1000 },
      'no duration': { duration_ms: undefined },
      'a duration elsewhere': { duration_ms: undefined, metadata: { duration_ms: 1001 } },
      'another service': { service: 'worker' },
    },
  },
  failedTasks: {
    meant: [
      { level: 'ERROR', service: 'worker', module: 'tasks', message: 'task 7 has failed', task_status: 'FAILURE' },
    ],
    decoys: {
      'a task to be tried again': { task_status: 'RETRY' },
      'a task without an end': { task_status: undefined },
      'another word': { message: 'task 7 was given up' },
      'another service': { service: 'backend' },
    },
  },
  scalingDecisions: {
    meant: [scaling('scale_up'), scaling('scale_down')],
    decoys: {
      'a decision to do nothing': { action: 'no_change' },
      'no word of scaling': { module: 'models', message: 'decided' },
      'another service': { service: 'backend' },
    },
  },
};

import { Duration } from 'cdk8s';
import { services } from '../catalog/components';
import { sumBy } from '../query/logql/aggregate';
import type { Vector, Window } from '../query/logql/expression';
import { where, whereAnyOf, whereNumber } from '../query/logql/filter';
import { pipe, type Lines } from '../query/logql/lines';
import type { LogQuery } from '../query/logql/log-query';
import { bytesRate, countOverTime, quantileOverTime, unwrap } from '../query/logql/range';
import { select } from '../query/logql/select';
import { contains, json, noParserError } from '../query/logql/stages';
import { anyOf, re } from '../query/promql/matcher';

const backend = select({ service: 'backend' });

/** The guide's queries for troubleshooting, as it writes them. */
export const logQueries = {
  errors: {
    title: 'Errors of the backend',
    help: 'What the backend logged at level ERROR.',
    expression: pipe(backend, contains('ERROR'), json, where('level', 'ERROR'), noParserError),
    range: Duration.hours(1),
  },
  authenticationFailures: {
    title: 'Authentication failures',
    help: 'Who failed to log in, and from where.',
    expression: pipe(
      backend,
      contains('auth'),
      contains('failed'),
      json,
      where('message', re('.*authentication.*failed.*')),
    ),
    range: Duration.hours(1),
  },
  slowRequests: {
    title: 'High latency requests',
    help: 'Requests that took the backend more than a second.',
    expression: pipe(backend, json, whereNumber('duration_ms', '>', 1000)),
    range: Duration.hours(1),
  },
  failedTasks: {
    title: 'Worker task failures',
    help: 'Tasks that ended in failure, once their retries were spent.',
    expression: pipe(
      select({ service: 'worker' }),
      contains('task'),
      contains('failed'),
      json,
      where('task_status', 'FAILURE'),
    ),
    range: Duration.hours(1),
  },
  scalingDecisions: {
    title: 'ML scaling decisions',
    help: 'When the ML controller chose to scale a service up or down.',
    expression: pipe(
      select({ service: 'ml-controller' }),
      contains('scaling'),
      json,
      where('action', re('scale_(up|down)')),
    ),
    range: Duration.hours(6),
  },
} as const satisfies Readonly<Record<string, LogQuery<Lines>>>;

/** Every line of AutoServe's own services. */
export const autoServeLines = select({ service: anyOf(...services) });

/**
 * The lines that belong to one trace.
 *
 * @param traceId 32 hexadecimal digits, or a variable that Grafana fills in, as in `${__value.raw}`.
 * @throws RangeError when it is neither.
 */
export const ofTrace = (lines: Lines, traceId: string): Lines => {
  if (!/^([0-9a-f]{32}|\$\{[\w.:]+\})$/.test(traceId))
    throw new RangeError(`trace id ${JSON.stringify(traceId)}: give 32 hexadecimal digits, or a variable of Grafana`);
  return pipe(lines, where('trace_id', traceId));
};

/** Those that tell of an error, by the level that Loki found in them. */
export const errorsAmong = (lines: Lines<'unparsed'>): Lines<'unparsed'> =>
  pipe(lines, whereAnyOf('detected_level', 'error', 'critical', 'fatal'));

/** Lines in the window that tell of an error, by service. */
export const errorLines = (window: Window, lines = autoServeLines): Vector<'service'> =>
  sumBy(countOverTime(errorsAmong(lines), window), 'service');

/** Bytes of lines per second that are shipped, by service: what fills the storage of Loki. */
export const shippedBytes = (window: Window, lines = select({ job: 'fluent-bit' })): Vector<'service'> =>
  sumBy(bytesRate(lines, window), 'service');

/** How long requests took in milliseconds, as the backend's lines tell, by part of it; no metric knows the part. */
export const requestDuration = (quantile: number, window: Window): Vector<'module'> =>
  quantileOverTime(quantile, unwrap(pipe(backend, json), 'duration_ms'), window, 'module');

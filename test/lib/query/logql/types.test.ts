import { Duration } from 'cdk8s';
import { backend as metrics } from '../../../../lib/catalog/backend';
import { sumBy, topk } from '../../../../lib/query/logql/aggregate';
import type { Vector } from '../../../../lib/query/logql/expression';
import { and, or, where, whereAnyOf, whereNumber } from '../../../../lib/query/logql/filter';
import { pipe } from '../../../../lib/query/logql/lines';
import { above, ratio } from '../../../../lib/query/logql/operators';
import { avgOverTime, countOverTime, quantileOverTime, rate, unwrap } from '../../../../lib/query/logql/range';
import { select } from '../../../../lib/query/logql/select';
import { contains, json, noErrors, noParserError } from '../../../../lib/query/logql/stages';
import { not } from '../../../../lib/query/promql/matcher';
import { select as selectMetric } from '../../../../lib/query/promql/select';
import * as promql from '../../../../lib/query/promql/operators';

const window = Duration.minutes(5);
const lines = select({ service: 'backend' });
const parsed = pipe(lines, json);
const sound = pipe(parsed, noErrors);
const slow = whereNumber('duration_ms', '>', 1);
const durations = unwrap(parsed, 'duration_ms');
const byService = sumBy(rate(lines, window), 'service');
const byPod = sumBy(rate(lines, window), 'service', 'pod');
const strangers = { service: 'backend', user_id: '1' } as const;

interface Mistake {
  /** Never called: the compiler alone reads it, and fails when the line below the directive has no error. */
  readonly wrong: () => unknown;
  /** The nearest thing that is right, so that no line is refused for another reason. */
  readonly right: () => unknown;
}

/** Every wrong use that the types promise to refuse. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'a stream label that is not shipped': {
    // @ts-expect-error no such label
    wrong: () => select({ service: 'backend', app: 'a' }),
    right: () => select({ service: 'backend', container: 'a' }),
  },
  'structured metadata in a selector': {
    // @ts-expect-error it is no label of the stream
    wrong: () => select({ service: 'backend', detected_level: 'error' }),
    right: () => pipe(select({ service: 'backend' }), where('detected_level', 'error')),
  },
  'a label that is not shipped, in matchers that are kept in a constant': {
    // @ts-expect-error no such label
    wrong: () => select(strangers),
    right: () => select({ service: strangers.service }),
  },
  'a value that a closed stream label never holds': {
    // @ts-expect-error no such job
    wrong: () => select({ job: 'promtail' }),
    right: () => select({ job: 'fluent-bit' }),
  },
  'a field before json': {
    // @ts-expect-error its fields are not known yet
    wrong: () => pipe(lines, where('module', 'auth'), json),
    right: () => pipe(lines, json, where('module', 'auth')),
  },
  'a field without json': {
    // @ts-expect-error its fields are not known
    wrong: () => pipe(lines, contains('auth'), where('module', 'auth')),
    right: () => pipe(lines, contains('auth'), where('pod', 'a')),
  },
  'a field among metadata without json': {
    // @ts-expect-error its fields are not known
    wrong: () => pipe(lines, or(where('pod', 'a'), where('module', 'auth'))),
    right: () => pipe(lines, or(where('pod', 'a'), where('trace_id', 'a'))),
  },
  'json twice': {
    // @ts-expect-error it is parsed already
    wrong: () => pipe(parsed, json),
    right: () => pipe(lines, json),
  },
  'a parser error before json': {
    // @ts-expect-error nothing was parsed
    wrong: () => pipe(lines, noParserError),
    right: () => pipe(lines, json, noParserError),
  },
  'a field that no line has': {
    // @ts-expect-error no such field
    wrong: () => where('task_state', 'FAILURE'),
    right: () => where('task_status', 'FAILURE'),
  },
  'an object': {
    // @ts-expect-error it has no value to compare
    wrong: () => where('metadata', not('')),
    right: () => where('message', not('')),
  },
  'a number as text': {
    // @ts-expect-error compare it with a number
    wrong: () => where('duration_ms', '1000'),
    right: () => whereNumber('duration_ms', '==', 1000),
  },
  'a text as a number': {
    // @ts-expect-error it is no number
    wrong: () => whereNumber('user_id', '>', 1000),
    right: () => whereNumber('duration_ms', '>', 1000),
  },
  'a value that a closed label never holds': {
    // @ts-expect-error Loki says warn
    wrong: () => where('detected_level', 'warning'),
    right: () => where('detected_level', 'warn'),
  },
  'a value that a closed field never holds': {
    // @ts-expect-error no such level
    wrong: () => where('level', 'EROR'),
    right: () => where('level', 'ERROR'),
  },
  'a value among others that a closed label never holds': {
    // @ts-expect-error Loki says warn
    wrong: () => whereAnyOf('detected_level', 'error', 'warning'),
    right: () => whereAnyOf('detected_level', 'error', 'warn'),
  },
  'one of no values': {
    // @ts-expect-error nothing would match
    wrong: () => whereAnyOf('pod'),
    right: () => whereAnyOf('pod', 'a'),
  },
  'a stage as a filter': {
    // @ts-expect-error and() joins filters
    wrong: () => and(where('pod', 'a'), contains('b')),
    right: () => pipe(lines, where('pod', 'a'), contains('b')),
  },
  'a count of lines of which some may be no JSON': {
    // @ts-expect-error one line with an error fails the query
    wrong: () => countOverTime(parsed, window),
    right: () => countOverTime(sound, window),
  },
  'a count of lines on which a number may be none': {
    // @ts-expect-error one line with an error fails the query
    wrong: () => rate(pipe(sound, slow), window),
    right: () => rate(pipe(sound, slow, noErrors), window),
  },
  'a count of lines on which one of two filters compares with a number': {
    // @ts-expect-error one line with an error fails the query
    wrong: () => rate(pipe(sound, and(where('level', 'ERROR'), slow)), window),
    right: () => rate(pipe(sound, and(where('level', 'ERROR'), where('module', 'auth'))), window),
  },
  'numbers of lines that are not parsed': {
    // @ts-expect-error its fields are not known
    wrong: () => unwrap(lines, 'duration_ms'),
    right: () => unwrap(parsed, 'duration_ms'),
  },
  'numbers of a text': {
    // @ts-expect-error it is no number
    wrong: () => unwrap(parsed, 'user_id'),
    right: () => unwrap(parsed, 'duration_ms'),
  },
  'an unbounded field as a label': {
    // @ts-expect-error one series for each user
    wrong: () => sumBy(rate(sound, window), 'user_id'),
    right: () => sumBy(rate(sound, window), 'action'),
  },
  'the trace as a label': {
    // @ts-expect-error one series for each trace
    wrong: () => sumBy(rate(lines, window), 'trace_id'),
    right: () => sumBy(rate(lines, window), 'pod'),
  },
  'a field as a label without json': {
    // @ts-expect-error its fields are not known
    wrong: () => sumBy(rate(lines, window), 'module'),
    right: () => sumBy(rate(sound, window), 'module'),
  },
  'a number as a label': {
    // @ts-expect-error one series for each duration
    wrong: () => avgOverTime(durations, window, 'duration_ms'),
    right: () => avgOverTime(durations, window, 'module'),
  },
  'a quantile by an unbounded field': {
    // @ts-expect-error one series for each request
    wrong: () => quantileOverTime(0.5, durations, window, 'request_id'),
    right: () => quantileOverTime(0.5, durations, window, 'service'),
  },
  'a rate of which no sum was taken, where a vector belongs': {
    // @ts-expect-error it has a series for each trace
    wrong: () => above(rate(lines, window), 1),
    right: () => above(sumBy(rate(lines, window)), 1),
  },
  'the highest of a rate of which no sum was taken': {
    // @ts-expect-error it has a series for each trace
    wrong: () => topk(3, rate(lines, window)),
    right: () => topk(3, byService),
  },
  'a sum of quantiles': {
    // @ts-expect-error it is the quantile of nothing
    wrong: () => sumBy(quantileOverTime(0.5, durations, window, 'pod'), 'pod'),
    right: () => quantileOverTime(0.5, durations, window, 'pod'),
  },
  'lines where a vector belongs': {
    // @ts-expect-error lines are no numbers
    wrong: () => above(lines, 1),
    right: () => above(byService, 1),
  },
  'a vector where lines belong': {
    // @ts-expect-error numbers have no lines
    wrong: () => pipe(byService, contains('a')),
    right: () => pipe(lines, contains('a')),
  },
  'a ratio whose part has more labels': {
    // @ts-expect-error no series of the whole has a pod
    wrong: () => ratio(byPod, byService),
    right: () => ratio(byPod, byPod),
  },
  'a ratio whose whole has more labels': {
    // @ts-expect-error no series of the part has a pod
    wrong: () => ratio(byService, byPod),
    right: () => ratio(byService, byService),
  },
  'a ratio whose labels are left to be guessed': {
    // @ts-expect-error the sum of all has no labels
    wrong: () => ratio(byService, sumBy(rate(lines, window))),
    right: () => ratio(sumBy(rate(lines, window)), sumBy(rate(lines, window))),
  },
  'a vector with fewer labels than its type says': {
    // @ts-expect-error pod is missing
    wrong: (): Vector<'service' | 'pod'> => byService,
    right: (): Vector<'service' | 'pod'> => byPod,
  },
  'a window as text': {
    // @ts-expect-error 5min is no duration
    wrong: () => rate(lines, '5min'),
    right: () => rate(lines, '$__auto'),
  },
  "Prometheus' window": {
    // @ts-expect-error Loki has no scrape interval
    wrong: () => rate(lines, '$__rate_interval'),
    right: () => rate(lines, '$__auto'),
  },
  'a ratio of lines to metrics': {
    // @ts-expect-error they are in different stores
    wrong: () => ratio(sumBy(rate(lines, window)), selectMetric(metrics.active_users)),
    right: () => ratio(sumBy(rate(lines, window)), sumBy(rate(lines, window))),
  },
  'a ratio of metrics to lines': {
    // @ts-expect-error they are in different stores
    wrong: () => promql.ratio(selectMetric(metrics.db_connections_active), byPod),
    right: () => promql.ratio(selectMetric(metrics.db_connections_active), selectMetric(metrics.db_connections_max)),
  },
};

test.each(Object.entries(mistakes))('%s does not compile; what it meant does and builds', (_, { right }) => {
  expect(right).not.toThrow();
});

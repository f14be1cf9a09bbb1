import { Duration } from 'cdk8s';
import { sumBy, topk } from '../../../../lib/query/logql/aggregate';
import { and, or, where, whereAnyOf, whereNumber } from '../../../../lib/query/logql/filter';
import { pipe, type Lines } from '../../../../lib/query/logql/lines';
import {
  above,
  atLeast,
  atMost,
  below,
  constant,
  or as orElse,
  ratio,
  times,
} from '../../../../lib/query/logql/operators';
import {
  avgOverTime,
  bytesOverTime,
  bytesRate,
  countOverTime,
  maxOverTime,
  quantileOverTime,
  rate,
  unwrap,
} from '../../../../lib/query/logql/range';
import { select } from '../../../../lib/query/logql/select';
import {
  contains,
  json,
  lacks,
  lacksMatch,
  matches,
  noErrors,
  noParserError,
} from '../../../../lib/query/logql/stages';
import { anyOf, not, notRe, re } from '../../../../lib/query/promql/matcher';
import { syntaxErrors } from './parse';

const window = Duration.minutes(5);
const backend = select({ service: 'backend' });
const parsed = pipe(backend, json);
const counted = (lines: Lines<'unparsed'>) => sumBy(countOverTime(lines, window), 'service');
const a = counted(backend);
const b = counted(select({ service: 'worker' }));

const count = (service: string) => `sum by (service) (count_over_time({service="${service}"}[5m]))`;
const [A, B] = [count('backend'), count('worker')];

test.each<readonly [{ readonly text: string }, string]>([
  // Selectors: the labels in the catalog's order, whatever the order of writing.
  [backend, '{service="backend"}'],
  [select({ container: 'app', job: 'fluent-bit' }), '{job="fluent-bit", container="app"}'],
  [
    select({ service: anyOf('backend', 'ml-controller'), namespace: not('kube-system'), container: notRe('istio-.*') }),
    '{service=~"backend|ml-controller", namespace!="kube-system", container!~"istio-.*"}',
  ],
  [select({ service: not('') }), '{service!=""}'],
  // Line filters.
  [pipe(backend, contains('a'), lacks('b')), '{service="backend"} |= "a" != "b"'],
  [
    pipe(backend, matches(String.raw`took \d+s`), lacksMatch('a|b')),
    String.raw`{service="backend"} |~ "took \\d+s" !~ "a|b"`,
  ],
  // Loki refuses a bare NUL.
  [pipe(backend, contains('a\0"b\n')), String.raw`{service="backend"} |= "a\x00\"b\n"`],
  [pipe(parsed, contains('after')), '{service="backend"} | json |= "after"'],
  // Label filters: metadata without parsing, fields after it.
  [
    pipe(backend, where('trace_id', 'ab'), where('service', not('x'))),
    '{service="backend"} | trace_id="ab" | service!="x"',
  ],
  [
    pipe(parsed, where('level', 'WARN'), where('message', re('a.*'))),
    '{service="backend"} | json | level="WARN" | message=~"a.*"',
  ],
  [
    pipe(backend, whereAnyOf('detected_level', 'error', 'fatal')),
    '{service="backend"} | detected_level=~"^(error|fatal)$"',
  ],
  [pipe(parsed, whereAnyOf('user_id', 'a.b')), String.raw`{service="backend"} | json | user_id=~"^(a\\.b)$"`],
  [pipe(parsed, whereNumber('duration_ms', '==', 0.5)), '{service="backend"} | json | duration_ms == 0.5'],
  [pipe(parsed, whereNumber('duration_ms', '!=', -1)), '{service="backend"} | json | duration_ms != -1'],
  [pipe(parsed, whereNumber('duration_ms', '<=', 1e21)), '{service="backend"} | json | duration_ms <= 1e+21'],
  [pipe(parsed, noParserError, noErrors), '{service="backend"} | json | __error__!="JSONParserErr" | __error__=""'],
  // Parentheses where the tree would change without them, and nowhere else.
  [
    pipe(parsed, or(where('user_id', 'a'), and(where('user_id', 'b'), where('level', 'INFO')))),
    '{service="backend"} | json | user_id="a" or user_id="b" and level="INFO"',
  ],
  [
    pipe(parsed, and(or(where('user_id', 'a'), where('user_id', 'b')), where('level', 'INFO'))),
    '{service="backend"} | json | (user_id="a" or user_id="b") and level="INFO"',
  ],
  [
    pipe(backend, or(where('pod', 'a'), or(where('pod', 'b'), where('pod', 'c')))),
    '{service="backend"} | pod="a" or (pod="b" or pod="c")',
  ],
  // Ranges: a space keeps the window off the last stage.
  [rate(backend, '$__auto'), 'rate({service="backend"}[$__auto])'],
  [
    countOverTime(pipe(backend, contains('a')), Duration.hours(36)),
    'count_over_time({service="backend"} |= "a" [1d12h])',
  ],
  [bytesRate(backend, window), 'bytes_rate({service="backend"}[5m])'],
  [bytesOverTime(backend, window), 'bytes_over_time({service="backend"}[5m])'],
  [
    quantileOverTime(0.95, unwrap(parsed, 'duration_ms'), window, 'pod', 'module'),
    'quantile_over_time(0.95, {service="backend"} | json | unwrap duration_ms | __error__="" [5m]) by (pod, module)',
  ],
  [
    avgOverTime(unwrap(parsed, 'duration_ms'), window),
    'avg_over_time({service="backend"} | json | unwrap duration_ms | __error__="" [5m]) by ()',
  ],
  [
    maxOverTime(unwrap(parsed, 'duration_ms'), '$__auto', 'level'),
    'max_over_time({service="backend"} | json | unwrap duration_ms | __error__="" [$__auto]) by (level)',
  ],
  // Aggregations.
  [sumBy(rate(backend, window)), 'sum(rate({service="backend"}[5m]))'],
  [
    sumBy(rate(pipe(parsed, noErrors), window), 'detected_level', 'action'),
    'sum by (detected_level, action) (rate({service="backend"} | json | __error__="" [5m]))',
  ],
  [topk(3, a), `topk(3, ${A})`],
  // Operators.
  [ratio(a, b), `${A} / ${B}`],
  [ratio(a, ratio(b, a)), `${A} / (${B} / ${A})`],
  [ratio(ratio(a, b), a), `${A} / ${B} / ${A}`],
  [above(ratio(a, b), 0.05), `${A} / ${B} > 0.05`],
  [orElse(a, times(b, 0)), `${A} or ${B} * 0`],
  [ratio(orElse(a, times(b, 0)), b), `(${A} or ${B} * 0) / ${B}`],
  [orElse(sumBy(rate(backend, window)), constant(0)), 'sum(rate({service="backend"}[5m])) or vector(0)'],
  [ratio(above(a, 0), b), `(${A} > 0) / ${B}`],
  [above(above(a, 1), b), `${A} > 1 > ${B}`],
  [atLeast(a, b), `${A} >= ${B}`],
  [below(a, -1), `${A} < -1`],
  [atMost(a, 1e21), `${A} <= 1e+21`],
])('%# is written as %s', (expression, text) => {
  expect(expression.text).toBe(text);
  expect(syntaxErrors(expression.text)).toEqual([]);
});

test('an expression remembers every range that it looks at', () => {
  const { uses } = above(ratio(a, sumBy(rate(pipe(backend, contains('x')), '$__auto'), 'service')), 0.5);
  expect(uses).toEqual([
    { lines: '{service="backend"}', window },
    { lines: '{service="backend"} |= "x"', window: '$__auto' },
  ]);
});

test('the state of lines says what the types say of it', () => {
  const sound = pipe(parsed, noErrors);
  const states: readonly ['unparsed', 'parsed', 'error-free', 'parsed'] = [
    pipe(backend, where('pod', 'a')).state,
    pipe(parsed, noParserError).state,
    pipe(sound, where('level', 'ERROR'), contains('a')).state,
    pipe(sound, or(where('level', 'ERROR'), whereNumber('duration_ms', '>', 1))).state,
  ];
  expect(states).toEqual(['unparsed', 'parsed', 'error-free', 'parsed']);
});

const noMatcher = 'Loki wants one matcher that is not met by ""';

test.each<readonly [string, () => unknown, string]>([
  ['no matcher at all', () => select({}), noMatcher],
  ['a matcher that is left open', () => select({ service: undefined }), noMatcher],
  ['an empty value', () => select({ service: '' }), noMatcher],
  ['a pattern that matches nothing', () => select({ service: re('.*') }), noMatcher],
  ['a pattern that matches nothing among others', () => select({ service: re('a|') }), noMatcher],
  ['exclusions alone', () => select({ service: not('a'), namespace: notRe('b') }), noMatcher],
  [
    'a label that is not shipped',
    // @ts-expect-error nor does it compile
    () => select({ service: 'backend', pod: 'a' }),
    'no stream has a label pod: the labels that are shipped are job, service, namespace, container',
  ],
  [
    'a job that is none',
    // @ts-expect-error nor does it compile
    () => select({ job: 'promtail' }),
    'label job is never "promtail": it is one of fluent-bit',
  ],
  // @ts-expect-error nor does it compile
  ['a level that is none', () => where('level', 'EROR'), 'label level is never "EROR": it is one of DEBUG, INFO, WARN'],
  [
    'a level among others that Loki never finds',
    // @ts-expect-error nor does it compile
    () => whereAnyOf('detected_level', 'error', 'warning'),
    'label detected_level is never "warning"',
  ],
  [
    'a field that no line has',
    // @ts-expect-error nor does it compile
    () => where('task_state', 'FAILURE'),
    'no line can be chosen by task_state: choose by timestamp, level,',
  ],
  [
    'an object',
    // @ts-expect-error nor does it compile
    () => where('metadata', '{}'),
    'no line can be chosen by metadata',
  ],
  [
    'a field before json',
    // @ts-expect-error nor does it compile
    () => pipe(backend, where('level', 'ERROR'), json),
    '| level="ERROR" needs lines that are parsed or error-free: these are unparsed',
  ],
  [
    'json twice',
    // @ts-expect-error nor does it compile
    () => pipe(backend, json, json),
    '| json needs lines that are unparsed: these are parsed',
  ],
  ['a bad pattern for lines', () => matches('(?=a)'), '/(?=a)/: RE2 has no look-around'],
  ['a bad pattern for lines to lack', () => lacksMatch('['), 'Unterminated character class'],
  ['an infinite number', () => whereNumber('duration_ms', '>', Infinity), 'Infinity'],
  ['a threshold that is no number', () => above(a, NaN), 'NaN'],
  ['a quantile of 95', () => quantileOverTime(95, unwrap(parsed, 'duration_ms'), window), 'quantile 95'],
  ['the highest none', () => topk(0, a), 'topk of 0'],
])('%s is refused by name', (_, build, message) => {
  expect(build).toThrow(message);
});

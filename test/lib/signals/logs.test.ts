import { Duration } from 'cdk8s';
import { checkLogQueries } from '../../../lib/query/logql/log-query';
import {
  autoServeLines,
  errorLines,
  logQueries,
  ofTrace,
  requestDuration,
  shippedBytes,
} from '../../../lib/signals/logs';
import { syntaxErrors } from '../query/logql/parse';

const all = '{service=~"backend|worker|ml-controller"}';
const errors = `sum by (service) (count_over_time(${all} | detected_level=~"^(error|critical|fatal)$" [$__auto]))`;

test("the guide's queries are written as the guide writes them", () => {
  expect(Object.values(logQueries).map(({ expression }) => expression.text)).toEqual([
    '{service="backend"} |= "ERROR" | json | level="ERROR" | __error__!="JSONParserErr"',
    '{service="backend"} |= "auth" |= "failed" | json | message=~".*authentication.*failed.*"',
    '{service="backend"} | json | duration_ms > 1000',
    '{service="worker"} |= "task" |= "failed" | json | task_status="FAILURE"',
    '{service="ml-controller"} |= "scaling" | json | action=~"scale_(up|down)"',
  ]);
});

test.each([
  [errorLines('$__auto'), errors],
  [shippedBytes(Duration.minutes(5)), 'sum by (service) (bytes_rate({job="fluent-bit"}[5m]))'],
  [
    requestDuration(0.95, Duration.minutes(5)),
    'quantile_over_time(0.95, {service="backend"} | json | unwrap duration_ms | __error__="" [5m]) by (module)',
  ],
])('%# is written as %s', (signal, text) => {
  expect(signal.text).toBe(text);
});

const trace = '0af7651916cd43dd8448eb211c80319c';

test.each([
  [ofTrace(autoServeLines, trace), `${all} | trace_id="${trace}"`],
  [
    ofTrace(logQueries.errors.expression, '${__value.raw}'),
    `${logQueries.errors.expression.text} | trace_id="\${__value.raw}"`,
  ],
])('%# asks for one trace: %s', (lines, text) => {
  expect(lines.text).toBe(text);
});

test.each(['', '*', trace.slice(1), trace.toUpperCase(), `${trace}0`, '$trace', '${a"}'])(
  'the trace id %j is refused',
  (id) => {
    expect(() => ofTrace(autoServeLines, id)).toThrow(`trace id ${JSON.stringify(id)}: give 32 hexadecimal digits`);
  },
);

test("Grafana's grammar has no objection to any of them", () => {
  const signals = [errorLines, shippedBytes].map((signal) => signal('$__auto'));
  const queries = Object.values(logQueries).map(({ expression }) => expression);
  const traced = [...queries, autoServeLines].map((lines) => ofTrace(lines, trace));
  for (const { text } of [...signals, requestDuration(0.5, '$__auto'), ...queries, ...traced])
    expect(syntaxErrors(text)).toEqual([]);
});

test('the guide keeps lines for a week, and every query can be asked of them', () => {
  expect(checkLogQueries(logQueries, Duration.hours(168))).toEqual([]);
});

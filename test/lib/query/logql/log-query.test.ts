import { Duration } from 'cdk8s';
import { sumBy } from '../../../../lib/query/logql/aggregate';
import { checkLogQueries, type LogQuery } from '../../../../lib/query/logql/log-query';
import { ratio } from '../../../../lib/query/logql/operators';
import { countOverTime } from '../../../../lib/query/logql/range';
import { select } from '../../../../lib/query/logql/select';
import type { Window } from '../../../../lib/query/logql/expression';

const backend = select({ service: 'backend' });
const count = (window: Window) => sumBy(countOverTime(backend, window), 'service');
const query = (range: Duration, expression: LogQuery['expression'] = backend): LogQuery => ({
  title: 'a',
  help: 'b',
  expression,
  range,
});

test('queries that look no further back than lines are kept have no problem', () => {
  const queries = {
    exact: query(Duration.days(7)),
    window: query(Duration.hours(1), count(Duration.days(7))),
    variable: query(Duration.hours(1), count('$__auto')),
  };
  expect(checkLogQueries(queries, Duration.days(7))).toEqual([]);
});

test('every range and window that is longer than the retention is named', () => {
  const fix = 'lines are kept for 7d: shorten it or lengthen the retention of logs';
  const queries = {
    good: query(Duration.hours(1)),
    past: query(Duration.days(8)),
    both: query(Duration.days(30), ratio(count(Duration.hours(169)), count(Duration.days(7)))),
  };
  expect(checkLogQueries(queries, Duration.days(7))).toEqual([
    { path: 'logQueries.past.range', value: '8d', fix },
    { path: 'logQueries.both.range', value: '30d', fix },
    { path: 'logQueries.both.expression', value: '7d1h', fix },
  ]);
});

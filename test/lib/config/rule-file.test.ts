import { Duration } from 'cdk8s';
import { nodeExporter } from '../../../lib/catalog/node-exporter';
import { recorded } from '../../../lib/catalog/recorded';
import { checkRules, ruleFile, type RuleGroup } from '../../../lib/config/rule-file';
import { avgBy } from '../../../lib/query/promql/aggregate';
import type { Window } from '../../../lib/query/promql/expression';
import { rate } from '../../../lib/query/promql/range';
import { select } from '../../../lib/query/promql/select';

const series = recorded['instance:node_cpu_utilisation:ratio_rate5m'];

const groupOver = (window: Window, name = 'nodes'): RuleGroup => ({
  name,
  rules: [{ series, expr: avgBy(rate(select(nodeExporter.node_cpu_seconds_total), window), 'instance') }],
});

const check = (...groups: readonly RuleGroup[]) =>
  checkRules(groups, {
    intervalOf: (exposer) => Duration.seconds(exposer === 'node-exporter' ? 15 : 1),
    retention: Duration.days(30),
  });

test.each<readonly [string, Window]>([
  ['of exactly four scrapes', Duration.seconds(60)],
  ['as long as the retention', Duration.days(30)],
])('a window %s is accepted', (_, window) => {
  expect(check(groupOver(window))).toEqual([]);
});

test.each<readonly [string, Window, value: string, fix: string]>([
  ['shorter than four scrapes', Duration.millis(59_999), '[59s999ms]', 'at least 4 samples, one each 15s'],
  ['longer than the retention', Duration.days(31), '[31d]', 'raise prometheus.retention'],
  ['that follows a time picker', '$__rate_interval', '[$__rate_interval]', 'give its window as a Duration'],
])('a window %s is refused by path, value and fix', (_, window, value, fix) => {
  expect(check(groupOver(window))).toEqual([
    {
      path: `rules.nodes.${series.name}`,
      value: `node_cpu_seconds_total${value}`,
      fix: expect.stringContaining(fix) as string,
    },
  ]);
});

test('a series that two groups record is refused where it comes again', () => {
  const minute = Duration.minutes(5);
  expect(check(groupOver(minute), groupOver(minute, 'again'))).toEqual([
    { path: `rules.again.${series.name}`, value: series.name, fix: 'it is recorded twice: drop one rule' },
  ]);
});

test('a group is written as Prometheus reads it', () => {
  expect(ruleFile([groupOver(Duration.minutes(5))])).toEqual({
    groups: [
      {
        name: 'nodes',
        rules: [{ record: series.name, expr: 'avg by (instance) (rate(node_cpu_seconds_total[5m]))' }],
      },
    ],
  });
});

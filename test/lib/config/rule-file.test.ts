import { Duration } from 'cdk8s';
import { nodeExporter } from '../../../lib/catalog/node-exporter';
import { recorded } from '../../../lib/catalog/recorded';
import { checkRules, record, ruleFile, type AlertingRule, type RuleGroup } from '../../../lib/config/rule-file';
import { avgBy, maxBy } from '../../../lib/query/promql/aggregate';
import type { Window } from '../../../lib/query/promql/expression';
import { constant } from '../../../lib/query/promql/operators';
import { avgOverTime, rate } from '../../../lib/query/promql/range';
import { select } from '../../../lib/query/promql/select';

const series = recorded['instance:node_cpu_utilisation:ratio_rate5m'];

const groupOver = (window: Window, name = 'nodes'): RuleGroup => ({
  name,
  rules: [{ series, labels: {}, expr: avgBy(rate(select(nodeExporter.node_cpu_seconds_total), window), 'instance') }],
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
    { path: `rules.again.${series.name}`, value: series.name, fix: 'there are two rules of that name: drop one' },
  ]);
});

test('one series may be recorded by several rules that set different labels', () => {
  const requests = (service: string) => record(recorded['service:requests:rate5m'], constant(1), { service });
  expect(check({ name: 'services', rules: [requests('backend'), requests('worker')] })).toEqual([]);
});

test('a window over recorded series holds samples of the group that records them', () => {
  const read = record(
    recorded['service:queue_depth:sum'],
    maxBy(avgOverTime(select(recorded['service:requests:rate5m']), Duration.minutes(3)), 'service'),
  );
  const slow: RuleGroup = {
    name: 'slow',
    interval: Duration.minutes(1),
    rules: [record(recorded['service:requests:rate5m'], constant(1), { service: 'backend' })],
  };
  expect(check(slow, { name: 'reader', rules: [read] })).toEqual([
    {
      path: 'rules.reader.service:queue_depth:sum',
      value: 'service:requests:rate5m[3m]',
      fix: expect.stringContaining('one each 1m') as string,
    },
  ]);
});

const watchdog: AlertingRule = {
  alert: 'Watchdog',
  expr: constant(1),
  for: Duration.minutes(0),
  labels: { severity: 'none' },
  annotations: { summary: 'always' },
};

test('an alert that says nothing is refused by path and fix', () => {
  const silent = { ...watchdog, annotations: { summary: ' ' } };
  expect(check({ name: 'alerts', rules: [silent] })).toEqual([
    { path: 'rules.alerts.Watchdog.summary', value: '""', fix: expect.stringContaining('Watchdog') as string },
  ]);
});

test('rules, their interval and labels are written as Prometheus reads them', () => {
  const requests = record(recorded['service:requests:rate5m'], constant(1), { service: 'backend' });
  expect(ruleFile([{ name: 'all', interval: Duration.minutes(1), rules: [requests, watchdog] }])).toEqual({
    groups: [
      {
        name: 'all',
        interval: '1m',
        rules: [
          { record: 'service:requests:rate5m', expr: 'vector(1)', labels: { service: 'backend' } },
          {
            alert: 'Watchdog',
            expr: 'vector(1)',
            for: '0s',
            labels: { severity: 'none' },
            annotations: { summary: 'always' },
          },
        ],
      },
    ],
  });
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

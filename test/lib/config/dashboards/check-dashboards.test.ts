import { Duration } from 'cdk8s';
import { backend } from '../../../../lib/catalog/backend';
import { postgresExporter } from '../../../../lib/catalog/postgres-exporter';
import { scrape } from '../../../../lib/catalog/scrape';
import { checkDashboards, type Answerable } from '../../../../lib/config/dashboards/check-dashboards';
import {
  lines,
  row,
  serviceMap,
  table,
  timeSeries,
  traces,
  type Dashboard,
  type Panel,
} from '../../../../lib/config/dashboards/panel';
import { labelValues, streamLabelValues, type Variable } from '../../../../lib/config/dashboards/variable';
import { select as selectLines } from '../../../../lib/query/logql/select';
import { raw } from '../../../../lib/query/promql/expression';
import { chosen } from '../../../../lib/query/promql/matcher';
import { rate } from '../../../../lib/query/promql/range';
import { select } from '../../../../lib/query/promql/select';
import { errorLines } from '../../../../lib/signals/logs';
import {
  firesAbove,
  firesBelow,
  legend,
  plot,
  plotLogs,
  searchTraces,
  showLines,
  tellsOf,
  type Signal,
} from '../../../../lib/signals/signal';
import { traceQueries } from '../../../../lib/signals/traces';
import { refuse } from '../../../../lib/units/problem';

const service: Variable = { name: 'service', label: 'Service', values: labelValues(select(scrape.up), 'job') };
const namespace: Variable = {
  name: 'namespace',
  label: 'Namespace',
  values: labelValues(select(scrape.up, { job: chosen('service') }), 'namespace'),
};

const up: Signal = {
  title: 'Up',
  description: 'All of them are up while all is well.',
  unit: 'boolean',
  queries: [plot(select(scrape.up, { job: chosen('service') }), legend`${'job'}`)],
};
const busy = select(backend.db_connections_active);
const share: Signal = { ...up, unit: 'ratio', queries: [plot(busy, legend`a`)] };
const requestsOver = (window: Duration): Signal => ({
  ...up,
  queries: [plot(rate(select(backend.http_requests_total), window), legend`a`)],
});
const linesOver = (window: Duration): Signal => ({
  ...up,
  queries: [plotLogs(errorLines(window), legend`a`)],
});
const ofDatabase = plot(select(postgresExporter.pg_up), legend`a`);
const search = searchTraces(traceQueries.errors);
const weird = (text: string): Signal => ({
  ...up,
  queries: [plot(raw('the builder writes no such thing', text, [scrape.up]), legend`a`)],
});

const answerable: Answerable = {
  features: [],
  jobs: ['backend'],
  retention: { metrics: Duration.days(15), logs: Duration.days(7) },
};

const dashboard: Dashboard = { uid: 'logs', description: 'Whether it is up.', variables: [service], rows: [] };
const withPanel = (...panels: readonly Panel[]): Dashboard => ({ ...dashboard, rows: [row('Row', panels)] });

test.each<readonly [string, Dashboard]>([
  ['nothing in it', dashboard],
  ['a panel', withPanel(timeSeries(up))],
  ['one signal in two ways', withPanel(timeSeries(up), table(up))],
  ['a variable that is filled by the one before', { ...withPanel(timeSeries(up)), variables: [service, namespace] }],
  ['a window as long as data are kept', withPanel(timeSeries(requestsOver(Duration.days(15))))],
  ['a window as long as lines are kept', withPanel(timeSeries(linesOver(Duration.days(7))))],
  ["Grafana's own variables", withPanel(timeSeries(weird('rate(up[$__rate_interval])')))],
  [
    'a threshold in the unit of the alert',
    withPanel(timeSeries({ ...share, watchedBy: [firesAbove('HighErrorRate')] })),
  ],
  ['an alert of something else', withPanel(timeSeries({ ...up, watchedBy: [tellsOf('HighErrorRate')] }))],
  [
    'two thresholds of one side',
    withPanel(
      timeSeries({
        ...share,
        watchedBy: [firesAbove('HighErrorRate'), firesAbove('HighTaskFailureRatio')],
        limits: { bad: 'above', red: 1 },
      }),
    ),
  ],
  ['a panel for each value', withPanel(timeSeries(up, { forEach: 'service' }))],
  ['a table that is sorted', withPanel(table(share, { highest: 'a' }))],
  [
    'a panel that is left out with what it asks for',
    withPanel(timeSeries({ ...up, queries: [ofDatabase] }, { onlyWith: 'database' })),
  ],
])('there is no objection to a dashboard with %s', (_, valid) => {
  expect([...checkDashboards([valid], answerable)]).toEqual([]);
});

const panelPath = 'dashboards.logs.Row.Up';

test.each<readonly [string, Dashboard, path: string, value: string, fix: string]>([
  ['a variable that it has not', { ...withPanel(timeSeries(up)), variables: [] }, panelPath, '$service', 'declare it'],
  [
    'a variable of which the deployment has nothing',
    { ...withPanel(timeSeries(up)), variables: [{ ...service, onlyWith: 'database' }] },
    panelPath,
    '$service',
    'the dashboard has no such variable',
  ],
  [
    'a value that is put in as it is',
    withPanel(timeSeries(weird('up{job="${service:raw}"}'))),
    panelPath,
    '${service:raw}',
    'write $name',
  ],
  [
    'a window in which nothing is kept any more',
    withPanel(timeSeries(requestsOver(Duration.days(16)))),
    panelPath,
    '16d',
    'it is kept for 15d only',
  ],
  [
    'a window in which no lines are kept any more',
    withPanel(timeSeries(linesOver(Duration.days(8)))),
    panelPath,
    '8d',
    'it is kept for 7d only',
  ],
  [
    'a metric of what is not deployed',
    withPanel(timeSeries({ ...up, queries: [ofDatabase] })),
    panelPath,
    'pg_up',
    'postgres-exporter is not deployed',
  ],
  [
    'a description that is no sentence',
    withPanel(timeSeries({ ...up, description: 'up or not' })),
    `${panelPath}.description`,
    '"up or not"',
    'what good looks like',
  ],
  [
    'a threshold that counts something else',
    withPanel(timeSeries({ ...up, watchedBy: [firesAbove('HighErrorRate')] })),
    `${panelPath}.watchedBy`,
    'HighErrorRate',
    'its threshold counts ratio, the panel boolean',
  ],
  [
    'thresholds of both sides',
    withPanel(timeSeries({ ...share, watchedBy: [firesAbove('HighErrorRate'), firesBelow('LowDiskSpace')] })),
    panelPath,
    'above and below',
    'of one side',
  ],
  [
    'a limit on the other side than the alert',
    withPanel(timeSeries({ ...share, watchedBy: [firesAbove('HighErrorRate')], limits: { bad: 'below', red: 1 } })),
    panelPath,
    'above and below',
    'of one side',
  ],
  ['a panel that is too wide', withPanel(timeSeries(up, { width: 25 })), `${panelPath}.width`, '25', '1 to 24'],
  ['a panel without width', withPanel(timeSeries(up, { width: 0 })), `${panelPath}.width`, '0', '1 to 24'],
  ['half a column', withPanel(timeSeries(up, { width: 7.5 })), `${panelPath}.width`, '7.5', '1 to 24'],
  ['a panel without height', withPanel(timeSeries(up, { height: 0 })), `${panelPath}.height`, '0', '1 or more'],
  [
    'a panel for each value of a variable that it has not',
    withPanel(timeSeries(up, { forEach: 'node' })),
    `${panelPath}.forEach`,
    'node',
    'declare it',
  ],
  [
    'a row for each value of a variable that it has not',
    { ...dashboard, rows: [row('Row', [timeSeries(up)], { forEach: 'node' })] },
    'dashboards.logs.Row.forEach',
    'node',
    'declare it',
  ],
  [
    'a table that is sorted by a column that it has not',
    withPanel(table(share, { highest: 'p95' })),
    `${panelPath}.highest`,
    'p95',
    'it has a',
  ],
  [
    'a panel that asks two data sources',
    withPanel(timeSeries({ ...up, queries: [...up.queries, plotLogs(errorLines('$__auto'), legend`a`)] })),
    panelPath,
    'several data sources',
    'make a panel of each',
  ],
  [
    'two questions to Jaeger',
    withPanel(traces({ ...up, queries: [search, search] })),
    panelPath,
    '2 questions',
    'the first alone',
  ],
  ['one panel twice', withPanel(timeSeries(up), timeSeries(up)), panelPath, 'Up', 'twice as timeseries: show it once'],
  ['a row without panels', { ...dashboard, rows: [row('Row', [])] }, 'dashboards.logs.Row', 'no panels', 'or drop it'],
  [
    'two rows of one title',
    { ...dashboard, rows: [row('Row', [timeSeries(up)]), row('Row', [table(up)])] },
    'dashboards.logs.Row',
    'Row',
    'rename one',
  ],
  ['numbers shown as lines', withPanel(lines(up)), panelPath, 'lines', 'show it as timeseries'],
  [
    'lines shown as numbers',
    withPanel(timeSeries({ ...up, queries: [showLines(selectLines({ job: 'fluent-bit' }))] })),
    panelPath,
    'timeseries',
    'show it as lines',
  ],
  [
    'numbers among lines',
    withPanel(
      lines({
        ...up,
        queries: [showLines(selectLines({ job: 'fluent-bit' })), plotLogs(errorLines('$__auto'), legend`a`)],
      }),
    ),
    panelPath,
    'lines',
    'show it as timeseries',
  ],
  ['traces shown as a map', withPanel(serviceMap({ ...up, queries: [search] })), panelPath, 'service-map', 'as traces'],
  [
    'a variable that is filled by the one behind it',
    { ...withPanel(timeSeries(up)), variables: [namespace, service] },
    'dashboards.logs.variables.namespace',
    '$service',
    'declare that first',
  ],
  [
    'a variable that is filled by itself',
    {
      ...withPanel(timeSeries(up)),
      variables: [{ ...service, values: streamLabelValues(selectLines({ service: chosen('service') }), 'service') }],
    },
    'dashboards.logs.variables.service',
    '$service',
    'declare that first',
  ],
])('%s is found', (_, invalid, path, value, fix) => {
  expect([...checkDashboards([invalid], answerable)]).toEqual([
    { path, value, fix: expect.stringContaining(fix) as unknown },
  ]);
});

test('two dashboards of one uid are found, and what is wrong with both is said at once', () => {
  const narrow = withPanel(timeSeries(up, { width: 0 }));
  expect(() => {
    refuse([...checkDashboards([narrow, narrow], answerable)]);
  }).toThrow(/^3 problems:\n.*width: 0.*\n {2}dashboards\.logs: logs: two dashboards have that uid.*\n.*width: 0/);
});

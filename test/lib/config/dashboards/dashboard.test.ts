import { backend } from '../../../../lib/catalog/backend';
import { services } from '../../../../lib/catalog/components';
import { recorded } from '../../../../lib/catalog/recorded';
import { scrape } from '../../../../lib/catalog/scrape';
import { grafanaDashboard, type DashboardSettings } from '../../../../lib/config/dashboards/dashboard';
import {
  bars,
  heatmap,
  lines,
  row,
  serviceMap,
  stat,
  states,
  table,
  timeSeries,
  traces,
  type Dashboard,
  type Panel,
} from '../../../../lib/config/dashboards/panel';
import { labelValues, type Variable } from '../../../../lib/config/dashboards/variable';
import { production } from '../../../../lib/profile/production';
import { select as selectLines } from '../../../../lib/query/logql/select';
import { chosen } from '../../../../lib/query/promql/matcher';
import { histogramQuantile, rate } from '../../../../lib/query/promql/range';
import { select } from '../../../../lib/query/promql/select';
import { errorLines } from '../../../../lib/signals/logs';
import {
  exemplarsOf,
  firesAbove,
  legend,
  plot,
  plotLogs,
  precise,
  searchTraces,
  showLines,
  tellsOf,
  upOrDown,
  type Signal,
} from '../../../../lib/signals/signal';
import { traceQueries } from '../../../../lib/signals/traces';
import type { DashboardJson, PanelJson } from '../../../harness/dashboards';

const service: Variable = { name: 'service', label: 'Service', values: labelValues(select(scrape.up), 'job') };
const database: Variable = { ...service, name: 'database', onlyWith: 'database' };

const ofChosen = { service: chosen('service') } as const;
const description = 'It is well while all is well.';
const buckets = rate(select(backend.http_request_duration_seconds), '$__rate_interval');

const errors: Signal = {
  title: 'Errors',
  description,
  unit: 'ratio',
  queries: [plot(select(recorded['service:request_errors:ratio_rate5m'], ofChosen), legend`${'service'}`)],
  watchedBy: [firesAbove('HighErrorRate'), tellsOf('ServiceDown')],
};
const requests: Signal = {
  title: 'Requests',
  description,
  unit: 'requests/s',
  queries: [plot(select(recorded['service:requests:rate5m'], ofChosen), legend`${'service'}`)],
  band: 'request_rate',
};
const latency: Signal = {
  title: 'Latency',
  description,
  unit: 'seconds',
  queries: [
    plot(histogramQuantile(0.95, buckets), legend`p95`),
    exemplarsOf(histogramQuantile(0.95, buckets), legend`p95 now`),
  ],
  limits: { bad: 'above', orange: 0.5 },
};
const up: Signal = {
  title: 'Up',
  description,
  unit: 'boolean',
  queries: [plot(select(scrape.up), legend`${'job'}`)],
  states: upOrDown,
};
const perService: Signal = {
  title: 'Services',
  description,
  unit: 'requests/s',
  queries: [
    plot(select(recorded['service:requests:rate5m']), legend`Requests`),
    precise(plot(select(recorded['service:request_errors:ratio_rate5m']), legend`Errors`, 'ratio'), 2),
  ],
};
const spread: Signal = { title: 'Spread', description, unit: 'seconds', queries: [plot(select(scrape.up), legend`a`)] };
const written: Signal = {
  title: 'Lines',
  description,
  unit: 'lines',
  queries: [plotLogs(errorLines('$__auto'), legend`${'service'}`)],
  emptyWhileWell: 'Nothing is written.',
};
const latest: Signal = {
  title: 'Latest',
  description,
  unit: 'lines',
  queries: [showLines(selectLines({ service: chosen('service') }))],
};
const found: Signal = {
  title: 'Traces',
  description,
  unit: 'traces',
  queries: [searchTraces(traceQueries.errors)],
};

const everything: Dashboard = {
  uid: 'slos',
  description: 'Whether everything can be shown.',
  variables: [service, database],
  range: '24h',
  rows: [
    row('Over time', [
      timeSeries(errors, { to: ['logs'], forEach: 'service' }),
      timeSeries(requests, { stacked: true }),
      timeSeries(latency, { width: 12, height: 6 }),
      states(up),
      heatmap(spread),
      timeSeries(written, { onlyWith: 'database' }),
    ]),
    row('Now', [stat(errors), bars(written), table(perService, { highest: 'Requests' })], { forEach: 'service' }),
    row('One by one', [lines(latest), traces(found), serviceMap(found)], { onlyWith: 'tail-sampling' }),
  ],
};

const settings: DashboardSettings = {
  environment: 'production',
  features: ['database', 'tail-sampling'],
  alerts: production.alerts.table,
  runbooks: 'https://example.org/runbooks',
  links: { prometheus: 'https://prometheus.example.org', alertmanager: 'https://alertmanager.example.org' },
  applicationNamespace: 'autoserve',
};

const rendered = (dashboard: Dashboard, override: Partial<DashboardSettings> = {}) =>
  grafanaDashboard(dashboard, { ...settings, ...override }) as DashboardJson;
/** One panel by itself. */
const shown = (panel: Panel): PanelJson => {
  const found = rendered({ ...everything, rows: [row('Row', [panel])] }).panels[1];
  if (found === undefined) throw new Error('the panel is left out');
  return found;
};

test('everything that can be shown', () => {
  expect(rendered(everything)).toMatchSnapshot();
});

test('what a deployment has not is left out, and the panels behind it move up', () => {
  const { panels, templating } = rendered(everything, { features: [] });
  expect(panels.map(({ title, gridPos: { x, y } }) => [title, x, y])).toEqual([
    ['Over time', 0, 0],
    ['Errors', 0, 1],
    ['Requests', 12, 1],
    ['Latency', 0, 9],
    ['Up', 12, 9],
    ['Spread', 0, 17],
    ['Now', 0, 25],
    ['Errors', 0, 26],
    ['Lines', 4, 26],
    ['Services', 12, 26],
  ]);
  expect(templating.list.map(({ name }) => name)).toEqual(['service']);
});

test('a panel keeps its id, and so the links to it, when others come before it', () => {
  const idOf = (...before: readonly Panel[]) =>
    rendered({ ...everything, rows: [row('Row', [...before, timeSeries(requests)])] }).panels.at(-1)?.id;
  expect(idOf(timeSeries(errors), stat(requests))).toBe(idOf());
  expect(idOf()).toBeGreaterThan(0);
});

test('a row of which a deployment has nothing is left out', () => {
  const rows = [row('Row', [timeSeries(errors, { onlyWith: 'database' })]), row('Next', [timeSeries(requests)])];
  expect(rendered({ ...everything, rows }, { features: [] }).panels.map(({ title }) => title)).toEqual([
    'Next',
    'Requests',
  ]);
});

test('each query of a table is a column under its name, in its unit, and the highest stand first', () => {
  const { options, fieldConfig, ...json } = shown(table(perService, { highest: 'Requests' }));
  expect(json).toMatchObject({
    targets: [
      { refId: 'A', instant: true, format: 'table' },
      { refId: 'B', instant: true, format: 'table' },
    ],
    transformations: [
      { id: 'merge' },
      { id: 'organize', options: { renameByName: { 'Value #A': 'Requests', 'Value #B': 'Errors' } } },
    ],
  });
  expect(options).toMatchObject({ sortBy: [{ displayName: 'Requests', desc: true }] });
  expect(fieldConfig?.overrides).toEqual(
    expect.arrayContaining([
      { matcher: { id: 'byName', options: 'Errors' }, properties: [{ id: 'unit', value: 'percentunit' }] },
      { matcher: { id: 'byName', options: 'Errors' }, properties: [{ id: 'decimals', value: 2 }] },
    ]),
  );
});

test('the values of a table with one query stand in one column', () => {
  const [query] = perService.queries;
  expect(shown(table({ ...perService, queries: [query] }))).toMatchObject({
    transformations: [{ id: 'merge' }, { id: 'organize', options: { renameByName: { Value: 'Requests' } } }],
  });
});

test('where a band is expected, it is asked for and shaded for every service, on lines alone', () => {
  const { targets = [], fieldConfig } = shown(timeSeries(requests));
  expect(targets.map(({ refId, expr }) => [refId, expr])).toEqual([
    ['A', 'service:requests:rate5m{service=~"$service"}'],
    ['B', 'avg by (service) (anomaly_expected_lower{service=~"$service", signal="request_rate"})'],
    ['C', 'avg by (service) (anomaly_expected_upper{service=~"$service", signal="request_rate"})'],
  ]);
  for (const name of services)
    expect(fieldConfig?.overrides).toContainEqual({
      matcher: { id: 'byName', options: `${name}: expected at most` },
      properties: expect.arrayContaining([
        { id: 'custom.fillBelowTo', value: `${name}: expected at least` },
      ]) as unknown,
    });
  expect(shown(stat(requests)).targets).toHaveLength(1);
});

test('thresholds are dashed lines over time, and colours of values of now', () => {
  expect(shown(timeSeries(errors)).fieldConfig?.defaults.custom).toMatchObject({ thresholdsStyle: { mode: 'dashed' } });
  expect(shown(timeSeries(requests)).fieldConfig?.defaults.custom).toMatchObject({ thresholdsStyle: { mode: 'off' } });
  expect(shown(stat(errors))).toMatchObject({ fieldConfig: { defaults: { color: { mode: 'thresholds' } } } });
});

test.each([
  ['over time', timeSeries(errors), { range: true }],
  ['of now', stat(errors), { instant: true }],
  ['for a table', table(errors), { instant: true, format: 'table' }],
  ['for a heatmap', heatmap(errors), { range: true, format: 'heatmap' }],
  ['of lines over time', timeSeries(written), { queryType: 'range' }],
  ['of lines now', bars(written), { queryType: 'instant' }],
])('a question %s is asked as such', (_, panel, expected) => {
  expect(shown(panel).targets?.[0]).toMatchObject(expected);
});

test('a question for exemplars asks for these over time, and for nothing else but now', () => {
  expect(shown(timeSeries(latency)).targets).toMatchObject([
    { refId: 'A', range: true },
    { refId: 'B', exemplar: true, instant: true },
  ]);
  expect(shown(timeSeries(latency)).targets?.[0]).not.toHaveProperty('exemplar');
});

test('an empty panel says why, if it may be empty', () => {
  expect(shown(timeSeries(written)).fieldConfig?.defaults.noValue).toBe('Nothing is written.');
  expect(shown(timeSeries(errors)).fieldConfig?.defaults).not.toHaveProperty('noValue');
});

test('a panel leads to other dashboards with the same choices, and to the runbooks of its alerts', () => {
  expect(shown(timeSeries(errors, { to: ['logs', 'traces'] })).links?.map(({ title, url }) => [title, url])).toEqual([
    ['Logs', '/d/logs?${__url_time_range}&${__all_variables}'],
    ['Traces', '/d/traces?${__url_time_range}&${__all_variables}'],
    ['Runbook of HighErrorRate', 'https://example.org/runbooks/HighErrorRate.md'],
    ['Runbook of ServiceDown', 'https://example.org/runbooks/ServiceDown.md'],
  ]);
});

test('deployments of the application and the beginnings of alerts are marked, those of the chosen services', () => {
  const marks = (variables: readonly Variable[]) =>
    rendered({ ...everything, variables }).annotations.list.map(({ name, expr }) => [name, expr]);
  const [deployments, began] = marks([service]);
  expect(deployments).toEqual([
    'Deployments',
    'max by (replicaset) (kube_replicaset_created{namespace="autoserve"}) * 1000',
  ]);
  expect(began?.[1]).toContain('ALERTS_FOR_STATE{');
  expect(began?.[1]).toContain('alertstate="firing"');
  expect(began?.[1]?.match(/service=~"\$service"/g)).toHaveLength(2);
  expect(marks([])[1]?.[1]).not.toContain('$');
});

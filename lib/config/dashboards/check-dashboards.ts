import type { Duration } from 'cdk8s';
import { alertFacts, type Feature } from '../../catalog/alerts';
import type { Metric } from '../../catalog/metric';
import type { JobName } from '../../catalog/scrape-jobs';
import type { Window } from '../../query/promql/expression';
import type { Query, Signal } from '../../signals/signal';
import { isLonger, prometheusDuration } from '../../units/duration';
import type { Problem } from '../../units/problem';
import { rowsIn, variablesIn } from './dashboard';
import type { Dashboard, Panel, PanelKind } from './panel';
import { queriesOf } from './visualisation';

/** What a deployment can answer. */
export interface Answerable {
  readonly features: readonly Feature[];
  readonly jobs: readonly JobName[];
  readonly retention: { readonly metrics: Duration; readonly logs: Duration };
}

/**
 * As Grafana reads them: `$service`, `${service}` and `${service:raw}`, but none of its own, and no group of a pattern
 * as in `$1`.
 */
const namesIn = (text: string): readonly { readonly name: string; readonly format: string }[] =>
  [...text.matchAll(/\$(?:\{([a-zA-Z_]\w*)(?::(\w+))?\}|([a-zA-Z_]\w*))/g)]
    .map(([, braced = '', format = '', plain = '']) => ({ name: braced || plain, format }))
    .filter(({ name }) => !/^(__|\d+$)/.test(name));

/** The query as it is sent, less what Grafana fills in. */
const textOf = (query: Query): string => {
  if (query.source === 'jaeger') return query.traces.kind === 'search' ? query.traces.service : '';
  return 'lines' in query ? query.lines.text : query.expr.text;
};

const windowsOf = (query: Query): readonly (Window | '$__auto' | undefined)[] => {
  if (query.source === 'jaeger') return [];
  return ('lines' in query ? query.lines.uses : query.expr.uses).map(({ window }) => window);
};

/** The kinds of panel that can show what a query answers; `undefined` for all that show numbers. */
const kindOf = (query: Query): PanelKind | undefined => {
  if (query.source === 'jaeger') return query.traces.kind === 'search' ? 'traces' : 'service-map';
  return 'lines' in query ? 'lines' : undefined;
};

const notForNumbers: readonly PanelKind[] = ['lines', 'traces', 'service-map'];

/** The metrics that a query asks for. */
export const metricsOf = (query: Query): readonly Metric[] =>
  query.source === 'prometheus' ? query.expr.uses.map(({ metric }) => metric) : [];

function* checkQuery(path: string, query: Query, names: readonly string[], answerable: Answerable): Iterable<Problem> {
  const text = textOf(query);
  for (const { name, format } of namesIn(text)) {
    if (!names.includes(name))
      yield { path, value: `$${name}`, fix: 'the dashboard has no such variable: declare it or drop the matcher' };
    if (format !== '')
      yield { path, value: `\${${name}:${format}}`, fix: 'a format could let a value out of its matcher: write $name' };
  }
  const { metrics, logs } = answerable.retention;
  const kept = query.source === 'loki' ? logs : metrics;
  for (const window of windowsOf(query))
    if (typeof window === 'object' && isLonger(window, kept))
      yield {
        path,
        value: prometheusDuration(window),
        fix: `it is kept for ${prometheusDuration(kept)} only: shorten the window`,
      };
  for (const { name, exposedBy } of metricsOf(query))
    if (!['scrape', 'alerts', 'rules', ...answerable.jobs].includes(exposedBy))
      yield { path, value: name, fix: `${exposedBy} is not deployed: show the panel only with what brings it` };
}

function* checkSignal(path: string, signal: Signal): Iterable<Problem> {
  if (!/^[A-Z].*\.$/s.test(signal.description))
    yield {
      path: `${path}.description`,
      value: JSON.stringify(signal.description),
      fix: 'say in a sentence or two what good looks like',
    };
  for (const { alert, fires } of signal.watchedBy ?? []) {
    const { threshold } = alertFacts(alert);
    if (fires !== undefined && threshold !== signal.unit)
      yield {
        path: `${path}.watchedBy`,
        value: alert,
        fix: `its threshold counts ${threshold ?? 'nothing'}, the panel ${signal.unit}: link it without its threshold`,
      };
  }
  const sides = new Set([
    ...(signal.watchedBy ?? []).flatMap(({ fires }) => fires ?? []),
    ...(signal.limits ? [signal.limits.bad] : []),
  ]);
  if (sides.size > 1)
    yield {
      path,
      value: [...sides].join(' and '),
      fix: 'Grafana colours in one direction: keep the thresholds of one side',
    };
}

function* checkPanel(path: string, panel: Panel, names: readonly string[], answerable: Answerable): Iterable<Problem> {
  const { signal, width, height, forEach, highest } = panel;
  if (!(Number.isInteger(width) && width >= 1 && width <= 24))
    yield { path: `${path}.width`, value: `${width}`, fix: 'a dashboard has 24 columns: give 1 to 24' };
  if (!(Number.isInteger(height) && height >= 1))
    yield { path: `${path}.height`, value: `${height}`, fix: 'give a whole number of grid rows, 1 or more' };
  if (forEach !== undefined && !names.includes(forEach))
    yield { path: `${path}.forEach`, value: forEach, fix: 'the dashboard has no such variable: declare it' };
  yield* checkSignal(path, signal);
  const queries = queriesOf(panel);
  const columns = queries.flatMap((query) => ('legend' in query ? query.legend : []));
  if (highest !== undefined && !columns.includes(highest))
    yield { path: `${path}.highest`, value: highest, fix: `there is no such column: it has ${columns.join(', ')}` };
  if (new Set(signal.queries.map(({ source }) => source)).size > 1)
    yield { path, value: 'several data sources', fix: 'a panel asks one data source: make a panel of each' };
  if (signal.queries[0].source === 'jaeger' && signal.queries.length > 1)
    yield { path, value: `${signal.queries.length} questions`, fix: 'Grafana asks Jaeger the first alone: split it' };
  for (const kind of new Set(signal.queries.map(kindOf)))
    if (kind === undefined ? notForNumbers.includes(panel.kind) : kind !== panel.kind)
      yield { path, value: panel.kind, fix: `it cannot show what is asked: show it as ${kind ?? 'timeseries'}` };
  for (const query of queries) yield* checkQuery(path, query, names, answerable);
}

/** Everything by which a dashboard would be empty, wrong or open to what people type. */
export function* checkDashboards(dashboards: readonly Dashboard[], answerable: Answerable): Iterable<Problem> {
  const uids = new Set<string>();
  for (const dashboard of dashboards) {
    const { uid } = dashboard;
    const variables = variablesIn(dashboard, answerable);
    const path = `dashboards.${uid}`;
    if (uids.has(uid))
      yield { path, value: uid, fix: 'two dashboards have that uid: give each its own, of lib/catalog/dashboards.ts' };
    uids.add(uid);
    const names: readonly string[] = variables.map(({ name }) => name);
    for (const { values, name } of variables)
      for (const { name: used } of namesIn(values.selector))
        if (!names.slice(0, names.indexOf(name)).includes(used))
          yield {
            path: `${path}.variables.${name}`,
            value: `$${used}`,
            fix: 'it is filled by what is chosen before it: declare that first',
          };
    for (const { title, panels } of dashboard.rows)
      if (panels.length === 0)
        yield { path: `${path}.${title}`, value: 'no panels', fix: 'show a signal in the row, or drop it' };
    const titles = new Set<string>();
    for (const { title, panels, forEach } of rowsIn(dashboard, answerable)) {
      if (titles.has(`row ${title}`))
        yield { path: `${path}.${title}`, value: title, fix: 'two rows have that title: rename one' };
      titles.add(`row ${title}`);
      if (forEach !== undefined && !names.includes(forEach))
        yield {
          path: `${path}.${title}.forEach`,
          value: forEach,
          fix: 'the dashboard has no such variable: declare it',
        };
      for (const panel of panels) {
        const panelPath = `${path}.${title}.${panel.signal.title}`;
        // One signal may be shown in two ways.
        const shown = `${panel.kind} ${panel.signal.title}`;
        if (titles.has(shown))
          yield {
            path: panelPath,
            value: panel.signal.title,
            fix: `it is there twice as ${panel.kind}: show it once, or as another kind`,
          };
        titles.add(shown);
        yield* checkPanel(panelPath, panel, names, answerable);
      }
    }
  }
}

import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
  type DataSourceRef,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DashboardLink,
  type DynamicConfigValue,
  type Panel as GrafanaPanel,
  type ThresholdsConfig,
  type FieldColor,
  type GridPos,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Heatmap, YAxisConfigBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Logs } from '@grafana/grafana-foundation-sdk/logs';
import { PanelBuilder as NodeGraph } from '@grafana/grafana-foundation-sdk/nodegraph';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { AlertTable } from '../../catalog/alerts';
import type { MetricQuery, Query } from '../../signals/signal';
import { bandOverrides, bandQueries } from './band';
import { dataSource } from './data-source';
import { toDashboard, toRunbook } from './links';
import type { Panel, PanelKind } from './panel';
import { target, type Asked } from './target';
import { idle, limitsOf, lines, mappings, steps } from './thresholds';
import { grafanaUnit } from './unit';

export interface PanelSettings {
  readonly alerts: AlertTable;
  /** Base URL of the runbooks. */
  readonly runbooks: string;
}

/** What every builder of a panel can do. */
interface PanelBuilder extends Builder<GrafanaPanel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(ref: DataSourceRef): this;
  gridPos(position: GridPos): this;
  links(links: Builder<DashboardLink>[]): this;
  repeat(variable: string): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  colorScheme(color: Builder<FieldColor>): this;
  noValue(text: string): this;
  withTarget(target: Builder<Dataquery>): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
}

/** What is shown of now: the latest of each series. Loki's answer to a question of now is one table, a row for each. */
const shownValues = ({ signal }: Panel): ReduceDataOptionsBuilder => {
  const [{ source }] = signal.queries;
  const options = new ReduceDataOptionsBuilder();
  return source === 'loki' ? options.values(true) : options.calcs(['lastNotNull']);
};

const bottomLegend = () =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);

const allSeries = () => new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);

const timeSeries = ({ signal, stacked = false }: Panel, hasLimits: boolean): TimeSeries => {
  const builder = new TimeSeries()
    .legend(bottomLegend())
    .tooltip(allSeries())
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 0)
    .showPoints(VisibilityMode.Auto)
    // Beginning at 0, a difference does not look larger than it is.
    .axisSoftMin(0)
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        hasLimits ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
      ),
    );
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (signal.unit === 'ratio' && signal.band === undefined) builder.axisSoftMax(0.01);
  return builder;
};

/** Each query of a table is a column. */
const table = ({ signal, highest }: Panel): Table => {
  const columns = signal.queries.filter(
    (query): query is MetricQuery => 'legend' in query && query.source === 'prometheus',
  );
  const valueField = (index: number): string => (columns.length > 1 ? `Value #${refIdOf(index)}` : 'Value');
  const builder = new Table()
    .filterable(true)
    .minWidth(100)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true, __name__: true },
        indexByName: {},
        renameByName: Object.fromEntries(columns.map(({ legend }, index) => [valueField(index), legend])),
      },
    });
  // Labels are text: neither a unit nor the text for what is no number applies to them.
  builder.overrideByFieldType('string', [
    { id: 'unit', value: 'string' },
    { id: 'mappings', value: [] },
  ]);
  for (const { legend, unit, decimals } of columns) {
    if (unit !== undefined) builder.overrideByName(legend, [{ id: 'unit', value: grafanaUnit(unit) }]);
    if (decimals !== undefined) builder.overrideByName(legend, [{ id: 'decimals', value: decimals }]);
  }
  if (highest !== undefined) builder.sortBy([new TableSortByFieldStateBuilder().displayName(highest).desc(true)]);
  return builder;
};

/** Columns of found traces, and how many pixels they need; their names have the rest. */
const traceColumns = { 'Trace ID': 80, 'Start time': 155, Duration: 85 };

const builders: Readonly<Record<PanelKind, (panel: Panel, hasLimits: boolean) => PanelBuilder>> = {
  timeseries: timeSeries,
  stat: (panel) =>
    new Stat()
      .reduceOptions(shownValues(panel))
      .graphMode(BigValueGraphMode.None)
      .colorMode(BigValueColorMode.Value)
      .textMode(BigValueTextMode.Auto),
  bars: (panel) => {
    const builder = new BarGauge()
      .reduceOptions(shownValues(panel))
      .orientation(VizOrientation.Horizontal)
      .displayMode(BarGaugeDisplayMode.Basic)
      .valueMode(BarGaugeValueMode.Color)
      .showUnfilled(true)
      .min(0);
    return panel.signal.unit === 'ratio' ? builder.max(1) : builder;
  },
  table,
  states: ({ signal }) =>
    new StateTimeline()
      .showValue(VisibilityMode.Auto)
      .mergeValues(true)
      .fillOpacity(70)
      .rowHeight(0.85)
      // Of what comes and goes, it would list the words for nothing at all as one of the states.
      .legend(bottomLegend().showLegend(signal.emptyWhileWell === undefined)),
  heatmap: ({ signal }) => new Heatmap().yAxis(new YAxisConfigBuilder().unit(grafanaUnit(signal.unit))),
  lines: () =>
    new Logs().showTime(true).wrapLogMessage(true).enableLogDetails(true).sortOrder(LogsSortOrder.Descending),
  traces: () => {
    const builder = new Table().filterable(true);
    for (const [column, width] of Object.entries(traceColumns))
      builder.overrideByName(column, [{ id: 'custom.width', value: width }]);
    return builder;
  },
  'service-map': () => new NodeGraph(),
};

const asked: Readonly<Record<PanelKind, Asked>> = {
  timeseries: 'range',
  stat: 'now',
  bars: 'now',
  table: 'rows',
  states: 'range',
  heatmap: 'buckets',
  lines: 'range',
  traces: 'range',
  'service-map': 'range',
};

/** A, B, C and so on. */
const refIdOf = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

const colorOf = ({ kind, signal }: Panel, hasLimits: boolean): FieldColorModeId => {
  const byValue = hasLimits || signal.states !== undefined;
  // By thresholds, a state timeline would show these in the place of the states.
  if (kind === 'timeseries' || kind === 'states') return FieldColorModeId.PaletteClassicByName;
  return byValue || kind === 'stat' ? FieldColorModeId.Thresholds : FieldColorModeId.PaletteClassicByName;
};

/** All that a panel asks: its signal, and where one is expected the band. */
export const queriesOf = ({ kind, signal }: Panel): readonly Query[] => [
  ...signal.queries,
  ...(signal.band !== undefined && kind === 'timeseries' ? bandQueries(signal.band) : []),
];

/** A panel as Grafana shows it, wherever it is placed. */
export const visualisation = (panel: Panel, id: number, { alerts, runbooks }: PanelSettings): PanelBuilder => {
  const { kind, signal, to = [], forEach } = panel;
  const queries = queriesOf(panel);
  const limits = limitsOf(signal, alerts);
  const builder = builders[kind](panel, limits.length > 0)
    .id(id)
    .title(signal.title)
    .description(signal.description)
    .datasource(dataSource(signal.queries[0].source))
    .unit(grafanaUnit(signal.unit))
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(kind === 'timeseries' ? lines(limits) : steps(limits)),
    )
    .colorScheme(new FieldColorBuilder().mode(colorOf(panel, limits.length > 0)))
    .links([
      ...to.map(toDashboard),
      ...(signal.watchedBy ?? [])
        .filter(({ alert }) => alerts[alert] !== 'off')
        .map(({ alert }) => toRunbook(runbooks, alert)),
    ]);
  const [first] = signal.queries;
  if (kind !== 'table' && first.source === 'prometheus' && first.decimals !== undefined)
    builder.decimals(first.decimals);
  if (signal.states !== undefined) builder.mappings(mappings(signal.states));
  else if (asked[kind] !== 'range') builder.mappings(idle);
  const empty = signal.emptyWhileWell ?? signal.emptyWithout;
  if (empty !== undefined) builder.noValue(empty);
  if (forEach !== undefined) builder.repeat(forEach);
  for (const [index, query] of queries.entries()) builder.withTarget(target(query, refIdOf(index), asked[kind]));
  if (queries.length > signal.queries.length)
    for (const { name, properties } of bandOverrides) builder.overrideByName(name, properties);
  return builder;
};

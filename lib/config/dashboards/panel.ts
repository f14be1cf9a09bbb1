import type { Feature } from '../../catalog/alerts';
import type { DashboardUid, VariableName } from '../../catalog/dashboards';
import type { Signal } from '../../signals/signal';
import type { Variable } from './variable';

/** How a signal is shown. */
export type PanelKind =
  'timeseries' | 'stat' | 'bars' | 'table' | 'states' | 'heatmap' | 'lines' | 'traces' | 'service-map';

export interface PanelOptions {
  /** Columns of the 24 that a dashboard has. */
  readonly width?: number;
  /** Grid rows of about 30 pixels each. */
  readonly height?: number;
  /** Where to look next, with the same time and the same choices. */
  readonly to?: readonly DashboardUid[];
  /** Only in deployments that have it. */
  readonly onlyWith?: Feature;
  /** One on top of the other: the parts of a whole. */
  readonly stacked?: boolean;
  /** The column, by the legend of its query, by which a table is sorted: the highest first. */
  readonly highest?: string;
  /** One panel for each value that is chosen. */
  readonly forEach?: VariableName;
}

export interface Panel extends PanelOptions {
  readonly kind: PanelKind;
  readonly signal: Signal;
  readonly width: number;
  readonly height: number;
}

const shown =
  (kind: PanelKind, width: number, height: number) =>
  (signal: Signal, options: PanelOptions = {}): Panel => ({ kind, signal, width, height, ...options });

/** Values over time. */
export const timeSeries = shown('timeseries', 8, 8);
/** Values of now, as large numbers. */
export const stat = shown('stat', 4, 4);
/** Values of now side by side, each as a bar. */
export const bars = shown('bars', 8, 8);
/** Values of now, a row for each series; each query is a column. */
export const table = shown('table', 12, 8);
/** States over time: one band for each series. */
export const states = shown('states', 12, 8);
/** How observations spread over the buckets of a histogram, over time. */
export const heatmap = shown('heatmap', 12, 8);
/** Log lines, the newest first. */
export const lines = shown('lines', 24, 10);
/** Traces that were found, each a link to its spans. */
export const traces = shown('traces', 12, 8);
/** Who calls whom. */
export const serviceMap = shown('service-map', 12, 12);

/** Panels of one topic, under its name. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly onlyWith?: Feature;
  /** Once for each value that is chosen. */
  readonly forEach?: VariableName;
}

export const row = (title: string, panels: readonly Panel[], options: Omit<Row, 'title' | 'panels'> = {}): Row => ({
  title,
  panels,
  ...options,
});

export interface Dashboard {
  readonly uid: DashboardUid;
  /** Which question it answers, and for whom. */
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
  /** How far back it looks when it is opened, as Grafana writes it; `6h` when left out. */
  readonly range?: '1h' | '6h' | '24h' | '7d' | '30d';
}

import type { DisplayUnit } from '../../signals/signal';

/** The units that Grafana knows under a name of its own. */
const known: Partial<Readonly<Record<DisplayUnit, string>>> = {
  ratio: 'percentunit',
  percent: 'percent',
  seconds: 's',
  milliseconds: 'ms',
  bytes: 'bytes',
  'bytes/s': 'binBps',
  dollars: 'currencyUSD',
  'dollars/s': 'suffix: $/s',
  timestamp: 'dateTimeAsIso',
  boolean: 'none',
  info: 'none',
  quantity: 'short',
  load: 'short',
  times: 'suffix:×',
  'requests/s': 'reqps',
  'operations/s': 'ops',
};

/** What there are so many of that thousands are written as k. */
const plentiful: readonly DisplayUnit[] = ['series', 'samples', 'samples/s', 'lines', 'lines/s', 'rows', 'inodes'];

/**
 * A unit by Grafana's name for it, or spelled out behind the number.
 *
 * @see https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit
 */
export const grafanaUnit = (unit: DisplayUnit): string =>
  known[unit] ?? (plentiful.includes(unit) ? `si: ${unit}` : `suffix: ${unit}`);

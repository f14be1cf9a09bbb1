import {
  MappingType,
  SpecialValueMatch,
  type Threshold,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { alertFacts, type AlertTable } from '../../catalog/alerts';
import type { Signal } from '../../signals/signal';

const good = 'green';
const notable = 'orange';
const bad = 'red';
const neutral = 'text';

/** A value from which on, or down to which, something is wrong. */
interface Limit {
  readonly bad: 'above' | 'below';
  readonly value: number;
  readonly color: string;
}

/** The thresholds of the alerts that watch a signal, as the profile sets them, and its own limits. */
export const limitsOf = ({ watchedBy = [], limits }: Signal, alerts: AlertTable): readonly Limit[] => {
  const ofAlerts = watchedBy.flatMap(({ alert, fires }) => {
    const settings = alerts[alert];
    if (fires === undefined || settings === 'off' || !('threshold' in settings)) return [];
    const color = alertFacts(alert).severity === 'critical' ? bad : notable;
    return [{ bad: fires, value: settings.threshold, color }];
  });
  if (limits === undefined) return ofAlerts;
  const { orange, red } = limits;
  return [
    ...ofAlerts,
    ...(orange === undefined ? [] : [{ bad: limits.bad, value: orange, color: notable }]),
    ...(red === undefined ? [] : [{ bad: limits.bad, value: red, color: bad }]),
  ];
};

const worstOf = (limits: readonly Limit[]): string => {
  const colors = limits.map(({ color }) => color);
  return [bad, notable].find((color) => colors.includes(color)) ?? good;
};

/** Each value at which there are limits, from the lowest on. */
const valuesOf = (limits: readonly Limit[]): readonly number[] =>
  [...new Set(limits.map(({ value }) => value))].toSorted((a, b) => a - b);

/** Colours by value, of the worst limit that it is beyond. Grafana's steps colour all that lies above them, up to the next. */
export const steps = (limits: readonly Limit[]): Threshold[] => {
  if (limits.length === 0) return [{ value: null, color: neutral }];
  const colorFrom = (from: number): string =>
    worstOf(limits.filter(({ bad, value }) => (bad === 'above' ? value <= from : value > from)));
  return [
    { value: null, color: colorFrom(-Infinity) },
    ...valuesOf(limits).map((value) => ({ value, color: colorFrom(value) })),
  ];
};

/** Lines at the limits, each in its own colour: they colour nothing else. */
export const lines = (limits: readonly Limit[]): Threshold[] => [
  { value: null, color: good },
  ...valuesOf(limits).map((value) => ({ value, color: worstOf(limits.filter((limit) => limit.value === value)) })),
];

const colors = { good, bad, neutral } as const;

/** Words in the place of numbers that stand for states. */
export const mappings = (states: NonNullable<Signal['states']>): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(states).map(([value, { text, is }], index) => [value, { text, color: colors[is], index }]),
    ),
  },
];

/** A share or a quantile of nothing is no number, and neither good nor bad. */
export const idle: ValueMapping[] = [
  {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NotANumber, result: { text: '–', color: neutral } },
  },
];

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

/** Colours by value. Grafana's steps name the colour of all that lies above them, up to the next. */
export const steps = (limits: readonly Limit[]): Threshold[] => {
  const [first] = limits;
  if (first === undefined) return [{ value: null, color: neutral }];
  const rising = limits.toSorted((a, b) => a.value - b.value);
  if (first.bad === 'above')
    return [{ value: null, color: good }, ...rising.map(({ value, color }) => ({ value, color }))];
  const [lowest] = rising;
  return [
    { value: null, color: lowest?.color ?? good },
    ...rising.map(({ value }, index) => ({ value, color: rising[index + 1]?.color ?? good })),
  ];
};

/** Lines at the limits, each in its own colour: they colour nothing else. */
export const lines = (limits: readonly Limit[]): Threshold[] => [
  { value: null, color: good },
  ...limits.toSorted((a, b) => a.value - b.value).map(({ value, color }) => ({ value, color })),
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

import { Duration } from 'cdk8s';
import type { AlertName } from '../../lib/catalog/alerts';
import type { LabelOf, Metric } from '../../lib/catalog/metric';
import { quoted } from '../../lib/query/text';

/**
 * The value of a series at so many seconds after its target started; nothing where there is no sample. `clock` is the
 * Unix time of that moment, for a series that tells one.
 */
export type Shape = (seconds: number, clock: number) => number | undefined;

export const hold =
  (value: number): Shape =>
  () =>
    value;

/** A counter, or a gauge that changes evenly. */
export const rise =
  (perSecond: number, from = 0): Shape =>
  (seconds) =>
    from + perSecond * seconds;

/** A counter that goes on at one pace per second after the other, each for so long; after the last it stands still. */
export const counting =
  (...paces: readonly (readonly [perSecond: number, lasts: Duration])[]): Shape =>
  (seconds) => {
    let count = 0;
    let left = seconds;
    for (const [perSecond, lasts] of paces) {
      const within = Math.min(left, lasts.toSeconds());
      count += perSecond * within;
      left -= within;
    }
    return count;
  };

/** One shape until a moment, and from then on another that begins there. */
export const until =
  (moment: Duration, first: Shape, then: Shape): Shape =>
  (seconds, clock) =>
    seconds < moment.toSeconds() ? first(seconds, clock) : then(seconds - moment.toSeconds(), clock);

/** The moment that lay so far back when this shape began, as Unix time. */
export const ago =
  (before: Duration): Shape =>
  (seconds, clock) =>
    clock - seconds - before.toSeconds();

/** A counter of events that come so many at a time, each time after as long a pause. */
export const bursts =
  (pause: Duration, events = 1): Shape =>
  (seconds) =>
    Math.floor(seconds / pause.toSeconds()) * events;

export const never: Shape = () => undefined;

/** One series that Prometheus scrapes. */
export interface Series {
  /** As PromQL names it. */
  readonly selector: string;
  /** Whether it starts again at 0 with its target. */
  readonly counts: boolean;
  readonly shape: Shape;
}

type LabelsOf<M extends Metric> = { readonly [L in LabelOf<M> | 'le']?: string };

const selectorOf = (name: string, labels: Readonly<Record<string, string | undefined>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${quoted(value ?? '')}`)
    .join(', ')}}`;

/** A series of a catalogued metric; of a histogram, one of its parts. */
export const series = <M extends Metric>(
  { name, type, buckets }: M,
  labels: LabelsOf<M>,
  shape: Shape,
  part: '' | '_bucket' | '_sum' | '_count' = '',
): Series => {
  const { le } = labels;
  if (le !== undefined && le !== '+Inf' && !buckets.includes(Number(le)))
    throw new RangeError(`${name} has no bucket up to ${le}: it has ${buckets.join(', ')}`);
  return { selector: selectorOf(`${name}${part}`, labels), counts: type !== 'gauge', shape };
};

/** Observations of a histogram per second, by the bucket bound that each just fits; `+Inf` for more than all. */
export const observations = <M extends Metric<'histogram'>>(
  metric: M,
  labels: LabelsOf<M>,
  perSecond: Readonly<Record<string, number>>,
): readonly Series[] => {
  const bounds = [...metric.buckets.map((bound) => (Number.isInteger(bound) ? `${bound}.0` : `${bound}`)), '+Inf'];
  const known = new Set(bounds.map(Number));
  for (const bound of Object.keys(perSecond))
    if (!known.has(bound === '+Inf' ? NaN : Number(bound)) && bound !== '+Inf')
      throw new RangeError(`${metric.name} has no bucket up to ${bound}: it has ${metric.buckets.join(', ')}`);
  const upTo = (bound: string): number =>
    Object.entries(perSecond).reduce(
      (sum, [fits, rate]) => sum + (bound === '+Inf' || (fits !== '+Inf' && Number(fits) <= Number(bound)) ? rate : 0),
      0,
    );
  const all = rise(upTo('+Inf'));
  return [
    ...bounds.map((le) => ({
      selector: selectorOf(`${metric.name}_bucket`, { ...labels, le }),
      counts: true,
      shape: rise(upTo(le)),
    })),
    { selector: selectorOf(`${metric.name}_count`, labels), counts: true, shape: all },
  ];
};

/** What Alertmanager is told. */
export interface Firing {
  /** Beside `alertname` and `severity`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

export interface Scenario {
  readonly series: readonly Series[];
  /** How long it is watched; half an hour, unless a window and the wait are longer. */
  readonly lasts?: Duration;
}

/** What tells that an alert does what it says. From these two, what follows is tested too: no data, a counter that is
 * reset, a target that is gone and comes back. */
export interface AlertScenarios {
  /** At the end of each of these it fires, exactly so. */
  readonly fires: Readonly<Record<string, Scenario & { readonly firing: readonly Firing[] }>>;
  /** At no moment of these does it fire; they come as near as they can. */
  readonly silent: Readonly<Record<string, Scenario>>;
  /** At the end of each of these nothing fires any more, though it did and a longer window still sees why. */
  readonly resolved?: Readonly<Record<string, Scenario>>;
  /** An alert about what is absent fires while all targets are gone, and where there is no data at all. */
  readonly withoutData?: readonly Firing[];
  /** Between two evaluations; 15 s, or a minute where hours are watched. There is a sample each minute at least. */
  readonly every?: Duration;
  /**
   * How long the targets of `silent` are gone before they come back; 15 minutes, or until an alert about what is absent
   * has fired. Longer where what happens before and after, seen over one window, would rightly fire.
   */
  readonly gap?: Duration;
  /** When an alert about what was absent has ended, once its targets are back; as far as its windows reach. */
  readonly settles?: Duration;
}

export type ScenarioTable<N extends AlertName> = Readonly<Record<N, AlertScenarios>>;

export const seconds = (amount: number): Duration => Duration.seconds(amount);
export const minutes = (amount: number): Duration => Duration.minutes(amount);
export const hours = (amount: number): Duration => Duration.hours(amount);
export const days = (amount: number): Duration => Duration.days(amount);

import type { History } from './history';
import { median, robustDeviation, standardDeviation } from './statistics';

const hourSeconds = 3600;
const hoursOfWeek = 168;

/** Spread of a slot never falls below this share of the spread over the whole week: a few calm weeks prove little. */
const smallestShare = 0.3;

/** Where in the week a moment lies, in hours, 0 to 168. The week is of UTC and begins on a Thursday, as the epoch did. */
export const hourOfWeek = (seconds: number): number => (seconds / hourSeconds) % hoursOfWeek;

const slotOf = (seconds: number): number => Math.floor(hourOfWeek(seconds));
const wrapped = (slot: number): number => (slot + hoursOfWeek) % hoursOfWeek;

/** What is usual at each hour of the week. */
interface SeasonalProfile {
  /** The value that is expected at a moment, in seconds since the epoch. */
  expected(seconds: number): number;
  /** How far values usually are from it, as a standard deviation; above 0. */
  spread(seconds: number): number;
}

/** For each hour of the week what `summarise` makes of the values of that hour and of `around` hours on both sides. */
const byHour = (
  { times }: History,
  values: Float64Array,
  around: number,
  summarise: (values: Float64Array) => number,
): Float64Array => {
  const slots: number[][] = Array.from({ length: hoursOfWeek }, () => []);
  times.forEach((time, index) => slots[slotOf(time)]?.push(values[index] ?? NaN));
  const overall = summarise(values);
  return Float64Array.from(slots, (_, slot) => {
    const near: number[] = [];
    for (let other = slot - around; other <= slot + around; other += 1) near.push(...(slots[wrapped(other)] ?? []));
    return near.length === 0 ? overall : summarise(Float64Array.from(near));
  });
};

/** Between the middles of hours the profile is a straight line: a step every hour would look like a change. */
const between = (slots: Float64Array, seconds: number): number => {
  const place = hourOfWeek(seconds) - 0.5;
  const share = place - Math.floor(place);
  const [before = NaN, after = NaN] = [slots[wrapped(Math.floor(place))], slots[wrapped(Math.floor(place) + 1)]];
  return before + (after - before) * share;
};

/** Medians, which an outage or a burst in a few of the weeks does not move. `undefined` when the values never vary. */
export const learnProfile = (history: History): SeasonalProfile | undefined => {
  const centres = byHour(history, history.values, 0, median);
  const expected = (seconds: number): number => between(centres, seconds);
  const residuals = history.values.map((value, index) => value - expected(history.times[index] ?? NaN));
  // Where most values are the same, as of errors that seldom happen, the median distance is 0.
  const overall = robustDeviation(residuals) || standardDeviation(residuals);
  if (!(overall > 0)) return undefined;
  const spreads = byHour(history, residuals, 1, robustDeviation).map((spread) =>
    Math.max(spread, smallestShare * overall),
  );
  return { expected, spread: (seconds) => between(spreads, seconds) };
};

import { Duration } from 'cdk8s';
import { recorded } from './recorded';

/** A budget that is spent too fast, seen over a long window and, to fall silent soon after it is over, a short one. */
export interface BurnRate {
  readonly long: Duration;
  readonly short: Duration;
  /** How many times as fast as the objective allows over its whole period. */
  readonly factor: number;
}

/**
 * Fast: 2 % of a 30-day budget in an hour, 5 % in six. Slow: 10 % in one day and in three.
 *
 * @see https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 */
export const burnRates = {
  fast: [
    { long: Duration.hours(1), short: Duration.minutes(5), factor: 14.4 },
    { long: Duration.hours(6), short: Duration.minutes(30), factor: 6 },
  ],
  slow: [
    { long: Duration.days(1), short: Duration.hours(2), factor: 3 },
    { long: Duration.days(3), short: Duration.hours(6), factor: 1 },
  ],
} as const satisfies Readonly<Record<string, readonly [BurnRate, BurnRate]>>;

/** The recorded share of bad events over each window. */
export const sliErrors = [
  { window: Duration.minutes(5), series: recorded['slo:sli_error:ratio_rate5m'] },
  { window: Duration.minutes(30), series: recorded['slo:sli_error:ratio_rate30m'] },
  { window: Duration.hours(1), series: recorded['slo:sli_error:ratio_rate1h'] },
  { window: Duration.hours(2), series: recorded['slo:sli_error:ratio_rate2h'] },
  { window: Duration.hours(6), series: recorded['slo:sli_error:ratio_rate6h'] },
  { window: Duration.days(1), series: recorded['slo:sli_error:ratio_rate1d'] },
  { window: Duration.days(3), series: recorded['slo:sli_error:ratio_rate3d'] },
  { window: Duration.days(30), series: recorded['slo:sli_error:ratio_rate30d'] },
] as const;

type SliError = (typeof sliErrors)[number]['series'];

/** @throws RangeError when nothing records that window. */
export const sliErrorOver = (window: Duration): SliError => {
  const found = sliErrors.find((each) => each.window.toMilliseconds() === window.toMilliseconds());
  if (found === undefined) throw new RangeError(`no series holds ${window.toHumanString()}: record it in sliErrors`);
  return found.series;
};

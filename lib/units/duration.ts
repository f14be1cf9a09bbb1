import type { Duration } from 'cdk8s';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const inUnits = (duration: Duration, allowed: readonly (readonly [unit: string, milliseconds: number])[]): string => {
  const parts: string[] = [];
  let rest = duration.toMilliseconds();
  for (const [unit, size] of allowed) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest %= size;
  }
  return parts.join('') || '0s';
};

/**
 * Duration as Prometheus and Alertmanager read it, in the largest units that lose nothing: `5m`, `30d`, `1h30m`.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
 */
export const prometheusDuration = (duration: Duration): string => inUnits(duration, units);

/** Duration as Go reads it, which knows no days: `168h`, `1h30m`, `500ms`. */
export const goDuration = (duration: Duration): string => inUnits(duration, units.slice(1));

export const isLonger = (a: Duration, b: Duration): boolean => a.toMilliseconds() > b.toMilliseconds();

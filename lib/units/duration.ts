import type { Duration } from 'cdk8s';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/**
 * Duration as Prometheus and Alertmanager read it, in the largest units that lose nothing: `5m`, `30d`, `1h30m`.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
 */
export const prometheusDuration = (duration: Duration): string => {
  const parts: string[] = [];
  let rest = duration.toMilliseconds();
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest %= size;
  }
  return parts.join('') || '0s';
};

export const isLonger = (a: Duration, b: Duration): boolean => a.toMilliseconds() > b.toMilliseconds();

import type { Duration } from 'cdk8s';
import { prometheusDuration } from '../units/duration';

/** A string literal as PromQL and LogQL read it; Loki takes no bare NUL. */
export const quoted = (text: string): string =>
  `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n').replaceAll('\0', '\\x00')}"`;

/**
 * The pattern itself, when it is one of RE2: JavaScript's syntax less what would need backtracking.
 *
 * @throws SyntaxError when it is no such pattern.
 */
export const re2 = (pattern: string): string => {
  new RegExp(pattern);
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern))
    throw new SyntaxError(`/${pattern}/: RE2 has no look-around and no back-references: write it without`);
  return pattern;
};

/** The range in brackets behind a selector: a duration, or a variable that Grafana fills in. */
export const windowText = (window: Duration | `$__${string}`): string =>
  typeof window === 'string' ? window : prometheusDuration(window);

/** A quantile as an argument. @throws RangeError when it is no share between 0 and 1. */
export const quantileText = (quantile: number): string => {
  if (!(quantile > 0 && quantile < 1))
    throw new RangeError(`quantile ${quantile}: give a share between 0 and 1, as in 0.95`);
  return `${quantile}`;
};

/** How many series `topk` keeps. @throws RangeError when it is no positive whole number. */
export const countText = (count: number): string => {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`topk of ${count}: give a whole number, 1 or more`);
  return `${count}`;
};

import type { LabelBound } from '../../catalog/label-bound';
import { alternatives } from '../../units/regex';

/** What a label is compared with: a plain string means equality. */
export type Matcher = string | Comparison;

export interface Comparison {
  readonly operator: '!=' | '=~' | '!~';
  readonly value: string;
}

export const not = (value: string): Comparison => ({ operator: '!=', value });

/** The label matches the whole of an RE2 pattern. @throws SyntaxError when it is no such pattern. */
export const re = (pattern: string): Comparison => ({ operator: '=~', value: validRegex(pattern) });

/** @throws SyntaxError as `re` does. */
export const notRe = (pattern: string): Comparison => ({ operator: '!~', value: validRegex(pattern) });

/** The label is one of these values. */
export const anyOf = (...values: readonly [string, ...string[]]): Comparison => re(alternatives(values));

/** RE2 is JavaScript's syntax less what would need backtracking. */
const validRegex = (pattern: string): string => {
  new RegExp(pattern);
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern))
    throw new SyntaxError(`/${pattern}/: Prometheus has no look-around and no back-references: write it without`);
  return pattern;
};

const quote = (value: string): string => `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;

/** `label="value"`, checked against what the label may hold. */
export const matcherText = (label: string, matcher: Matcher, bound: LabelBound | undefined): string => {
  if (typeof matcher !== 'string') return `${label}${matcher.operator}${quote(matcher.value)}`;
  const isClosed = bound !== undefined && bound.values.length === bound.limit;
  if (isClosed && !bound.values.includes(matcher))
    throw new RangeError(`label ${label} is never ${JSON.stringify(matcher)}: it is one of ${bound.values.join(', ')}`);
  return `${label}=${quote(matcher)}`;
};

import type { VariableName } from '../../catalog/dashboards';
import type { LabelBound } from '../../catalog/label-bound';
import { alternatives } from '../../units/regex';
import { quoted, re2 } from '../text';

/** What a label is compared with: a plain string means equality. */
export type Matcher = string | Comparison;

export interface Comparison {
  readonly operator: '!=' | '=~' | '!~';
  readonly value: string;
}

export const not = (value: string): Comparison => ({ operator: '!=', value });

/** The label matches the whole of an RE2 pattern. @throws SyntaxError when it is no such pattern. */
export const re = (pattern: string): Comparison => ({ operator: '=~', value: re2(pattern) });

/** @throws SyntaxError as `re` does. */
export const notRe = (pattern: string): Comparison => ({ operator: '!~', value: re2(pattern) });

/** The label is one of these values. */
export const anyOf = (...values: readonly [string, ...string[]]): Comparison => re(alternatives(values));

/** The label is one of those chosen at the head of the dashboard; Grafana escapes each as part of a pattern. */
export const chosen = (variable: VariableName): Comparison => ({ operator: '=~', value: `$${variable}` });

/** The value itself. @throws RangeError when it is none of those that a closed label may hold. */
export const possibleValue = (label: string, value: string, bound: LabelBound | undefined): string => {
  const isClosed = bound !== undefined && bound.values.length === bound.limit;
  if (isClosed && !bound.values.includes(value))
    throw new RangeError(`label ${label} is never ${JSON.stringify(value)}: it is one of ${bound.values.join(', ')}`);
  return value;
};

/** `label="value"`, checked against what the label may hold. */
export const matcherText = (label: string, matcher: Matcher, bound: LabelBound | undefined): string => {
  if (typeof matcher !== 'string') return `${label}${matcher.operator}${quoted(matcher.value)}`;
  return `${label}=${quoted(possibleValue(label, matcher, bound))}`;
};

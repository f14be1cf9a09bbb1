import type { Duration } from 'cdk8s';
import type { Metric } from '../../catalog/metric';
import { prometheusDuration } from '../../units/duration';

/** Range of a rate: a rule states it, a panel follows the time picker. */
export type Window = Duration | '$__rate_interval';

export const windowText = (window: Window): string =>
  typeof window === 'string' ? window : prometheusDuration(window);

/** One look at a metric, and over which range if over any. */
export interface Use {
  readonly metric: Metric;
  readonly window?: Window;
}

/** How tightly the operators of PromQL bind; `atom` needs no parentheses anywhere. */
export const precedence = { or: 1, and: 2, comparison: 3, additive: 4, multiplicative: 5, atom: 6 } as const;

export interface Expression {
  readonly text: string;
  readonly precedence: number;
  /** Every metric that it asks. */
  readonly uses: readonly Use[];
}

/**
 * Instant vector whose series are told apart by exactly the labels `L`. The property is never set: it carries `L`
 * both ways, so that neither more nor fewer labels fit where `L` is asked for.
 */
export interface Vector<L extends string> extends Expression {
  readonly labels?: (label: L) => L;
}

export const atom = (text: string, uses: readonly Use[]): Expression => ({ text, precedence: precedence.atom, uses });

const inParentheses = (operand: Expression, loosest: number): string =>
  operand.precedence < loosest ? `(${operand.text})` : operand.text;

/** `left operator right` for an operator that groups from the left. */
export const binary = (left: Expression, operator: string, right: Expression, binds: number): Expression => ({
  text: `${inParentheses(left, binds)} ${operator} ${inParentheses(right, binds + 1)}`,
  precedence: binds,
  uses: [...left.uses, ...right.uses],
});

/** A number as PromQL reads it. */
export const scalar = (value: number): Expression => {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no number that a query can hold: give a finite one`);
  return atom(`${value}`, []);
};

/** PromQL that the builder cannot say, with the reason why. */
export const raw = <L extends string>(reason: string, text: string, uses: readonly Metric[]): Vector<L> => {
  if (reason.trim() === '')
    throw new TypeError(`raw query ${JSON.stringify(text)}: say why the builder cannot write it`);
  return { text, precedence: precedence.or, uses: uses.map((metric) => ({ metric })) };
};

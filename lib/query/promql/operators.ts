import type { Metric } from '../../catalog/metric';
import { atom, binary, precedence, scalar } from '../expression';
import { quoted, re2 } from '../text';
import type { Expression, Vector } from './expression';
import { selectorText, type ExactMatchers, type Matchers } from './select';

/** A second operand: a number, or a vector with exactly the labels of the first. */
type Operand<L extends string> = number | Vector<L>;

const toExpression = (operand: number | Expression): Expression =>
  typeof operand === 'number' ? scalar(operand) : operand;

const operator =
  (symbol: string, binds: number) =>
  <L extends string>(left: Vector<L>, right: Operand<NoInfer<L>>): Vector<L> =>
    binary(left, symbol, toExpression(right), binds);

export const plus = operator('+', precedence.additive);
export const minus = operator('-', precedence.additive);
export const times = operator('*', precedence.multiplicative);
export const dividedBy = operator('/', precedence.multiplicative);

/** `number - vector`, as in the share that is left. */
export const subtractedFrom = <L extends string>(from: number, vector: Vector<L>): Vector<L> =>
  binary(scalar(from), '-', vector, precedence.additive);

/** A part of a whole, 0 to 1; both sides have the same labels. */
export const ratio = <L extends string>(part: Vector<L>, whole: Vector<NoInfer<L>>): Vector<L> =>
  dividedBy(part, whole);

/** Each series as a part of one number, such as the sum of them all. */
export const shareOf = <L extends string>(parts: Vector<L>, whole: Vector<never>): Vector<L> =>
  binary(parts, '/ on () group_left ()', whole, precedence.multiplicative);

// A comparison keeps the series for which it holds, with their values.
export const above = operator('>', precedence.comparison);
export const atLeast = operator('>=', precedence.comparison);
export const below = operator('<', precedence.comparison);
export const atMost = operator('<=', precedence.comparison);
export const equals = operator('==', precedence.comparison);
export const differs = operator('!=', precedence.comparison);

const onText = (on: readonly string[]): string => (on.length > 0 ? ` on (${on.join(', ')})` : '');

/** The series of `left` that have a partner in `right` with the same labels `on`; all labels when none are named. */
export function and<L extends string>(left: Vector<L>, right: Vector<NoInfer<L>>): Vector<L>;
export function and<L extends string, K extends string>(
  left: Vector<L>,
  right: Vector<K>,
  ...on: readonly [L & K, ...(L & K)[]]
): Vector<L>;
export function and<L extends string>(left: Vector<L>, right: Expression, ...on: readonly string[]): Vector<L> {
  return binary(left, `and${onText(on)}`, right, precedence.and);
}

/** The series of `left` that have no partner in `right` with the same labels `on`; all labels when none are named. */
export function unless<L extends string>(left: Vector<L>, right: Vector<NoInfer<L>>): Vector<L>;
export function unless<L extends string, K extends string>(
  left: Vector<L>,
  right: Vector<K>,
  ...on: readonly [L & K, ...(L & K)[]]
): Vector<L>;
export function unless<L extends string>(left: Vector<L>, right: Expression, ...on: readonly string[]): Vector<L> {
  return binary(left, `unless${onText(on)}`, right, precedence.and);
}

/** `left`, whatever its labels, while `condition` finds anything at all. */
export const whenever = <L extends string>(left: Vector<L>, condition: Expression): Vector<L> =>
  binary(left, 'and on ()', condition, precedence.and);

/** All series of `left`, and those of `right` without a partner; only the labels of both are certain. */
export const or = <L extends string, K extends string>(left: Vector<L>, right: Vector<K>): Vector<L & K> => {
  return binary(left, 'or', right, precedence.or);
};

type EqualityLabel<X> = { [L in keyof X]: X[L] extends string ? L : never }[keyof X] & string;

/**
 * `left` with the labels `bring` of the one series of `info` that shares its labels `on`. The values are multiplied, so
 * that `info` must be 1.
 */
export const withLabelsOf = <L extends string, K extends string, const Bring extends readonly K[]>(
  left: Vector<L>,
  info: Vector<K>,
  on: readonly (L & K)[],
  bring: Bring,
): Vector<L | Bring[number]> =>
  binary(left, `* on (${on.join(', ')}) group_left (${bring.join(', ')})`, info, precedence.multiplicative);

/**
 * A label `target` that holds the first group of an RE2 pattern, which has to match the whole of the label `source`.
 *
 * @throws SyntaxError when it is no such pattern.
 */
export const labelFrom = <L extends string, T extends string>(
  vector: Vector<L>,
  target: T,
  source: L,
  pattern: string,
): Vector<L | T> =>
  atom(`label_replace(${[vector.text, quoted(target), '"$1"', quoted(source), quoted(re2(pattern))].join(', ')})`, [
    ...vector.uses,
  ]);

/** How far each value is from 0. */
export const abs = <L extends string>(vector: Vector<L>): Vector<L> => atom(`abs(${vector.text})`, vector.uses);

/** Seconds since a moment that the value tells as Unix time. */
export const secondsSince = <L extends string>(timestamp: Vector<L>): Vector<L> =>
  binary(atom('time()', []), '-', timestamp, precedence.additive);

/** One series without labels that always has this value. */
export const constant = (value: number): Vector<never> => atom(`vector(${scalar(value).text})`, []);

/** One series of value 1, with the labels that are matched by equality, when nothing is selected. */
export const absent = <M extends Metric, const X extends Matchers<M>>(
  metric: M,
  matchers: ExactMatchers<M, X>,
): Vector<EqualityLabel<X>> =>
  atom(`absent(${selectorText({ metric, matchers, suffix: metric.type === 'histogram' ? '_count' : '' })})`, [
    { metric },
  ]);

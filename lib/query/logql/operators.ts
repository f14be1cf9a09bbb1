import { atom, binary, precedence, scalar } from '../expression';
import type { Vector } from './expression';

const operator =
  (symbol: string, binds: number) =>
  <L extends string>(left: Vector<L>, right: number | Vector<NoInfer<L>>): Vector<L> =>
    binary(left, symbol, typeof right === 'number' ? scalar(right) : right, binds);

const dividedBy = operator('/', precedence.multiplicative);
export const times = operator('*', precedence.multiplicative);

/** A part of a whole, 0 to 1; both sides have the same labels. */
export const ratio = <L extends string>(part: Vector<L>, whole: Vector<NoInfer<L>>): Vector<L> =>
  dividedBy(part, whole);

// A comparison keeps the series for which it holds, with their values.
export const above = operator('>', precedence.comparison);
export const atLeast = operator('>=', precedence.comparison);
export const below = operator('<', precedence.comparison);
export const atMost = operator('<=', precedence.comparison);

/** All series of `left`, and those of `right` without a partner. */
export const or = <L extends string>(left: Vector<L>, right: Vector<NoInfer<L>>): Vector<L> =>
  binary(left, 'or', right, precedence.or);

/** One series without labels that always has this value. */
export const constant = (value: number): Vector<never> => atom(`vector(${scalar(value).text})`, []);

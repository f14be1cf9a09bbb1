/** How tightly the operators of PromQL and LogQL bind; `atom` needs no parentheses anywhere. */
export const precedence = { or: 1, and: 2, comparison: 3, additive: 4, multiplicative: 5, atom: 6 } as const;

/** Text that operators can join, and each use that it makes of what is stored. */
export interface Expression<U> {
  readonly text: string;
  readonly precedence: number;
  readonly uses: readonly U[];
}

export const atom = <U>(text: string, uses: readonly U[]): Expression<U> => ({
  text,
  precedence: precedence.atom,
  uses,
});

const inParentheses = (operand: Expression<unknown>, loosest: number): string =>
  operand.precedence < loosest ? `(${operand.text})` : operand.text;

/** `left operator right` for an operator that groups from the left. */
export const binary = <U>(
  left: Expression<U>,
  operator: string,
  right: Expression<U>,
  binds: number,
): Expression<U> => ({
  text: `${inParentheses(left, binds)} ${operator} ${inParentheses(right, binds + 1)}`,
  precedence: binds,
  uses: [...left.uses, ...right.uses],
});

/** A number as PromQL and LogQL read it. @throws RangeError when it is not finite. */
export const scalar = (value: number): Expression<never> => {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no number that a query can hold: give a finite one`);
  return atom(`${value}`, []);
};

import { alternatives } from '../../units/regex';
import { atom, binary, precedence, scalar, type Expression } from '../expression';
import { matcherText, possibleValue, re, type Comparison } from '../promql/matcher';
import type { Stage, State } from './lines';
import { lookUp, type Label, type Name, type NumberField, type Value } from './names';

type From<N extends Name> = [Exclude<N, Label>] extends [never] ? State : Exclude<State, 'unparsed'>;

/** A field that ought to be a number marks the lines on which it is none. */
type To<N extends Name> = [Extract<N, NumberField>] extends [never] ? 'same' : 'parsed';

/** A stage that keeps the lines for which it holds, by the names `N`. */
export type Filter<N extends Name> = Expression<N> & Stage<From<N>, To<N>>;

const toFilter = <N extends Name>(expression: Expression<N>): Filter<N> => {
  const facts = expression.uses.map(lookUp);
  const parsed = ['parsed', 'error-free'] as const;
  const stage: Stage = {
    operator: '|',
    text: expression.text,
    from: facts.some(({ isField }) => isField) ? parsed : ['unparsed', ...parsed],
    to: facts.some(({ isNumber }) => isNumber) ? 'parsed' : 'same',
  };
  // `From` and `To` say of N what the facts say of its names.
  return { ...expression, ...stage } as Filter<N>;
};

/**
 * The label or field equals a text, or compares with it as `not`, `re` and `notRe` say. A line that lacks it holds "".
 *
 * Loki takes some patterns for a part of the text: `al.*`, and alternatives that begin alike, as in `warn|warning`.
 * A pattern with ^ and $ around it is always taken for the whole.
 *
 * @see https://github.com/grafana/loki/issues/14433
 * @throws RangeError when it never holds that text, or is neither label nor field.
 */
export const where = <N extends Exclude<Name, NumberField>>(name: N, matcher: Value<N> | Comparison): Filter<N> =>
  toFilter(atom(matcherText(name, matcher, lookUp(name).bound), [name]));

/**
 * The label or field is one of these texts.
 *
 * @throws RangeError as `where` does.
 */
export const whereAnyOf = <N extends Exclude<Name, NumberField>>(
  name: N,
  ...values: readonly [Value<N>, ...Value<N>[]]
): Filter<N> => {
  const { bound } = lookUp(name);
  const texts = values.map((value) => possibleValue(name, value, bound));
  return toFilter(atom(matcherText(name, re(`^(${alternatives(texts)})$`), bound), [name]));
};

/**
 * The field is a number that compares so, or no number at all: `noErrors` behind it drops the latter.
 *
 * @throws RangeError when the number is not finite.
 */
export const whereNumber = <N extends NumberField>(
  field: N,
  operator: '>' | '>=' | '<' | '<=' | '==' | '!=',
  value: number,
): Filter<N> => toFilter(atom(`${field} ${operator} ${scalar(value).text}`, [field]));

export const and = <N extends Name, M extends Name>(left: Filter<N>, right: Filter<M>): Filter<N | M> =>
  toFilter(binary<N | M>(left, 'and', right, precedence.and));

export const or = <N extends Name, M extends Name>(left: Filter<N>, right: Filter<M>): Filter<N | M> =>
  toFilter(binary<N | M>(left, 'or', right, precedence.or));

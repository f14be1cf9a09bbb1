import { atom } from '../expression';
import { quantileText, windowText } from '../text';
import type { Expression, Vector, Window } from './expression';
import { selectorText, type Selection } from './select';

/** The buckets of a histogram, each as a rate or an increase; `le` tells them apart and cannot be lost. */
export interface Buckets<L extends string> extends Expression {
  readonly bucketLabels?: (label: L) => L;
  /** Keeps it from passing as a vector. */
  readonly labels?: 'take a histogramQuantile of it';
}

type Ranged<T, L extends string> = T extends 'histogram' ? Buckets<L> : Vector<L>;

const overRange = <T extends 'counter' | 'histogram', L extends string>(
  name: string,
  selection: Selection<T, L, number>,
  window: Window,
): Ranged<T, L> => {
  const series = selection.type === 'histogram' ? { ...selection, suffix: '_bucket' } : selection;
  const expression = atom(`${name}(${selectorText(series)}[${windowText(window)}])`, [
    { metric: selection.metric, window },
  ]);
  return expression;
};

/** Events per second. */
export const rate = <T extends 'counter' | 'histogram', L extends string>(
  selection: Selection<T, L, number>,
  window: Window,
): Ranged<T, L> => overRange('rate', selection, window);

/** Events in the window. */
export const increase = <T extends 'counter' | 'histogram', L extends string>(
  selection: Selection<T, L, number>,
  window: Window,
): Ranged<T, L> => overRange('increase', selection, window);

/**
 * The value below which a share `quantile` (0 to 1) of the observations lies, for each combination of the labels `by`.
 *
 * @throws RangeError when the quantile is no share.
 */
export const histogramQuantile = <L extends string, const By extends readonly L[]>(
  quantile: number,
  buckets: Buckets<L>,
  ...by: By
): Vector<By[number]> =>
  atom(
    `histogram_quantile(${quantileText(quantile)}, sum by (${[...by, 'le'].join(', ')}) (${buckets.text}))`,
    buckets.uses,
  );

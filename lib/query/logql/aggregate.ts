import { atom } from '../expression';
import { countText } from '../text';
import type { Vector } from './expression';
import type { Tally } from './range';

/** The sum for each combination of the labels `by`, and of no others. */
export const sumBy = <L extends string, const By extends readonly L[]>(
  tally: Tally<L>,
  ...by: By
): Vector<By[number]> => atom(`sum${by.length > 0 ? ` by (${by.join(', ')}) ` : ''}(${tally.text})`, tally.uses);

/**
 * The `count` highest series, labels and all.
 *
 * @throws RangeError when `count` is no positive whole number.
 */
export const topk = <L extends string>(count: number, vector: Vector<L>): Vector<L> =>
  atom(`topk(${countText(count)}, ${vector.text})`, vector.uses);

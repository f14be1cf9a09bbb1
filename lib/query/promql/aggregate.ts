import { atom } from '../expression';
import { countText } from '../text';
import type { Vector } from './expression';

const aggregation =
  (operator: string) =>
  // The labels are read off `by` alone: where a K were free, the context would choose labels that nobody wrote.
  <L extends string, const By extends readonly L[]>(vector: Vector<L>, ...by: By): Vector<By[number]> =>
    atom(`${operator}${by.length > 0 ? ` by (${by.join(', ')}) ` : ''}(${vector.text})`, vector.uses);

// Each keeps the labels that it is given, and no others.
export const sumBy = aggregation('sum');
export const avgBy = aggregation('avg');
export const minBy = aggregation('min');
export const maxBy = aggregation('max');
export const countBy = aggregation('count');

/**
 * The `count` highest series, labels and all.
 *
 * @throws RangeError when `count` is no positive whole number.
 */
export const topk = <L extends string>(count: number, vector: Vector<L>): Vector<L> =>
  atom(`topk(${countText(count)}, ${vector.text})`, vector.uses);

import {
  boundOf,
  labelsOf,
  type LabelBounds,
  type LabelValue,
  type LabelOf,
  type Metric,
  type MetricType,
} from '../../catalog/metric';
import { atom } from '../expression';
import type { Expression, Vector } from './expression';
import { matcherText, type Comparison, type Matcher } from './matcher';

export type Matchers<M> = { readonly [L in LabelOf<M>]?: LabelValue<M, L> | Comparison };

/** A metric and what its labels must be. */
export interface Selector {
  readonly metric: Metric;
  readonly matchers: Readonly<Record<string, Matcher | undefined>>;
  /** Last part of the stored name: '' or, for the parts of a histogram, `_bucket` and the like. */
  readonly suffix: string;
}

/** The series of a counter or a histogram. They mean nothing by themselves: take a rate or an increase. */
export interface Selection<T extends MetricType, L extends string, B extends number = never> extends Selector {
  readonly type: T;
  readonly labels?: (label: L) => L;
  readonly bounds?: readonly B[];
}

/** The series of a gauge are an instant vector as they stand, and can also be looked at over a window. */
export type GaugeSelection<L extends string> = Selection<'gauge', L> & Vector<L>;

type SelectionOf<M> =
  M extends Metric<infer T, LabelBounds, infer B>
    ? T extends 'gauge'
      ? GaugeSelection<LabelOf<M>>
      : Selection<T, LabelOf<M>, B>
    : never;

/**
 * The selector as PromQL, its matchers in the catalog's order.
 *
 * @throws RangeError when the series have no such label, or it never holds such a value.
 */
export const selectorText = ({ metric, suffix, matchers }: Selector): string => {
  // A recorded series may have it among its own.
  const labels = [...new Set([...labelsOf(metric), 'le'])];
  for (const label of Object.keys(matchers))
    if (!labels.includes(label))
      throw new RangeError(`${metric.name} has no label ${label}: it has ${labels.join(', ')}`);
  const texts = labels.flatMap((label) => {
    const matcher = matchers[label];
    return matcher === undefined ? [] : [matcherText(label, matcher, boundOf(metric, label))];
  });
  return `${metric.name}${suffix}${texts.length > 0 ? `{${texts.join(', ')}}` : ''}`;
};

/** Matchers of a metric's own labels and its target's, and of no others. */
export type ExactMatchers<M, X> = X & Readonly<Record<Exclude<keyof X, LabelOf<M>>, never>>;

/** @throws RangeError when a label never holds the value that it is compared with. */
export const select = <M extends Metric, const X extends Matchers<M>>(
  metric: M,
  matchers?: ExactMatchers<M, X>,
): SelectionOf<M> => {
  const selection = { type: metric.type, metric, matchers: matchers ?? {}, suffix: '' };
  const vector: Expression = atom(selectorText(selection), [{ metric }]);
  return { ...selection, ...vector } as unknown as SelectionOf<M>;
};

type Part<L extends string> = Selection<'counter', L>;

const part = <L extends string>(
  { metric, matchers }: Selection<'histogram', L, number>,
  suffix: string,
  more: Selector['matchers'] = {},
): Part<L> => ({ type: 'counter', metric, matchers: { ...matchers, ...more }, suffix });

/** How many values a histogram saw. */
export const countOf = <L extends string>(selection: Selection<'histogram', L, number>): Part<L> =>
  part(selection, '_count');

/** The sum of the values that a histogram saw. */
export const sumOf = <L extends string>(selection: Selection<'histogram', L, number>): Part<L> =>
  part(selection, '_sum');

/** A bucket's bound as its label `le` has it. Prometheus 3 stores it as a float: 1 is kept as "1.0". */
export const boundText = (bound: number): string => (Number.isInteger(bound) ? `${bound}.0` : `${bound}`);

/** How many values a histogram saw that were at most `bound`, which must be one of its bucket bounds. */
export const countWithin = <L extends string, B extends number>(
  selection: Selection<'histogram', L, B>,
  bound: NoInfer<B>,
): Part<L> => part(selection, '_bucket', { le: boundText(bound) });

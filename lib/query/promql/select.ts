import { labelsOf, type LabelOf, type Metric, type MetricType } from '../../catalog/metric';
import { atom, type Expression, type Vector } from './expression';
import { matcherText, type Matcher } from './matcher';

export type Matchers<M> = { readonly [L in LabelOf<M>]?: Matcher };

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
  M extends Metric<infer T, string, infer B>
    ? T extends 'gauge'
      ? GaugeSelection<LabelOf<M>>
      : Selection<T, LabelOf<M>, B>
    : never;

/** The selector as PromQL, its matchers in the catalog's order. */
export const selectorText = ({ metric, suffix, matchers }: Selector): string => {
  const texts = [...labelsOf(metric), 'le'].flatMap((label) => {
    const matcher = matchers[label];
    return matcher === undefined ? [] : [matcherText(label, matcher, metric.labels[label])];
  });
  return `${metric.name}${suffix}${texts.length > 0 ? `{${texts.join(', ')}}` : ''}`;
};

/** @throws RangeError when a closed label never holds the value. */
export const select = <M extends Metric>(metric: M, matchers: Matchers<M> = {}): SelectionOf<M> => {
  const selection = { type: metric.type, metric, matchers, suffix: '' };
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

/** How many values a histogram saw that were at most `bound`, which must be one of its bucket bounds. */
export const countWithin = <L extends string, B extends number>(
  selection: Selection<'histogram', L, B>,
  bound: NoInfer<B>,
  // Prometheus 3 stores the bound of a bucket as a float: 1 is kept as "1.0".
): Part<L> => part(selection, '_bucket', { le: Number.isInteger(bound) ? `${bound}.0` : `${bound}` });

import type { Duration } from 'cdk8s';
import { scrape } from '../../catalog/scrape';
import { atom, binary, precedence } from '../expression';
import { quantileText, windowText } from '../text';
import type { Expression, Vector, Window } from './expression';
import { selectorText, type GaugeSelection, type Selection, type Selector } from './select';

/** The buckets of a histogram, each as a rate or an increase; `le` tells them apart and cannot be lost. */
export interface Buckets<L extends string> extends Expression {
  readonly bucketLabels?: (label: L) => L;
  /** Keeps it from passing as a vector. */
  readonly labels?: 'take a histogramQuantile of it';
}

type Ranged<T, L extends string> = T extends 'histogram' ? Buckets<L> : Vector<L>;

const overWindow = (name: string, selector: Selector, window: Window, ...more: readonly string[]): Expression =>
  atom(`${name}(${[`${selectorText(selector)}[${windowText(window)}]`, ...more].join(', ')})`, [
    { metric: selector.metric, window },
  ]);

const overRange = <T extends 'counter' | 'histogram', L extends string>(
  name: string,
  selection: Selection<T, L, number>,
  window: Window,
): Ranged<T, L> =>
  overWindow(name, selection.type === 'histogram' ? { ...selection, suffix: '_bucket' } : selection, window);

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

/** The buckets of each combination of the labels `by`: what a rule records, for `recordedBuckets` to read. */
export const bucketsBy = <L extends string, const By extends readonly L[]>(
  buckets: Buckets<L>,
  ...by: By
): Vector<By[number] | 'le'> => atom(`sum by (${[...by, 'le'].join(', ')}) (${buckets.text})`, buckets.uses);

/** Buckets that a rule recorded as events per second. */
export const recordedBuckets = <L extends string>({
  text,
  uses,
}: Vector<L> & ('le' extends L ? unknown : never)): Buckets<Exclude<L, 'le'>> => atom(text, uses);

const ofGauge =
  (name: string) =>
  <L extends string>(selection: GaugeSelection<L>, window: Window): Vector<L> =>
    overWindow(name, selection, window);

// What a gauge was in the window.
export const avgOverTime = ofGauge('avg_over_time');
export const sumOverTime = ofGauge('sum_over_time');
/** How much a gauge rose in the window; below 0 where it fell. */
export const delta = ofGauge('delta');

/** What a gauge will be `ahead` from now, if it goes on as in the window. */
export const predictLinear = <L extends string>(
  selection: GaugeSelection<L>,
  window: Window,
  ahead: Duration,
): Vector<L> => overWindow('predict_linear', selection, window, `${ahead.toSeconds()}`);

/**
 * The series that have begun within the window, with what they counted since: the first event of a counter that is
 * absent until then, which `increase` cannot see. A target that was not scraped before tells nothing of when it began.
 */
export const appearedWithin = <L extends string>(selection: Selection<'counter', L>, window: Window): Vector<L> => {
  const now = atom(selectorText(selection), [{ metric: selection.metric }]);
  const samples = overWindow('count_over_time', selection, window);
  const ofItsJob = { metric: scrape.up, matchers: { job: selection.metric.exposedBy }, suffix: '' };
  const scrapes = overWindow('sum_over_time', ofItsJob, window);
  const fewerThanScrapes = binary(samples, '< on (job, instance) group_left ()', scrapes, precedence.comparison);
  return binary(now, 'and', fewerThanScrapes, precedence.and);
};

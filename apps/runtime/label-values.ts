import type { LabelBound } from '../../lib/catalog/label-bound';
import type { LabelBounds, Metric } from '../../lib/catalog/metric';

/** A value for each label, of those that the catalog lists. */
export type Labels<L extends LabelBounds = LabelBounds> = {
  readonly [N in keyof L]: L[N] extends LabelBound<infer V> ? V : never;
};

export const isValueOf = <V extends string>({ values }: LabelBound<V>, text: string): text is V =>
  values.some((value) => value === text);

/** The text as a value of the label. @throws RangeError when the catalog does not list it. */
export const valueOf = <V extends string>(bound: LabelBound<V>, text: string): V => {
  if (!isValueOf(bound, text)) throw new RangeError(`"${text}": the catalog has ${bound.values.join(', ')}`);
  return text;
};

/** @throws RangeError when a value is not one that the catalog lists for the label. */
export const checkLabels = (metric: Metric, labels: Labels): void => {
  for (const [label, { values }] of Object.entries(metric.labels)) {
    const value = labels[label];
    if (value === undefined || !values.includes(value))
      throw new RangeError(
        `${metric.name}: ${label} is ${value === undefined ? 'missing' : `"${value}"`}; the catalog has ${values.join(', ')}`,
      );
  }
};

/** Every combination of the values that the catalog lists for the labels. */
export const combinations = (metric: Metric): readonly Labels[] =>
  Object.entries(metric.labels).reduce<readonly Labels[]>(
    (partial, [label, { values }]) =>
      partial.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value }))),
    [{}],
  );

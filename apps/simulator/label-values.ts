import type { Metric } from '../../lib/catalog/metric';

export type Labels<L extends string> = Readonly<Record<L, string>>;

/** @throws RangeError when a value is not one that the catalog lists for the label. */
export const checkLabels = (metric: Metric, labels: Labels<string>): void => {
  for (const [label, { values }] of Object.entries(metric.labels)) {
    const value = labels[label];
    if (value === undefined || !values.includes(value))
      throw new RangeError(
        `${metric.name}: ${label} is ${value === undefined ? 'missing' : `"${value}"`}; the catalog has ${values.join(', ')}`,
      );
  }
};

/** Every combination of the values that the catalog lists for the labels. */
export const combinations = (metric: Metric): readonly Labels<string>[] =>
  Object.entries(metric.labels).reduce<readonly Labels<string>[]>(
    (partial, [label, { values }]) =>
      partial.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value }))),
    [{}],
  );

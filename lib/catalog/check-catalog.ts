import type { Problem } from '../units/problem';
import { isService } from './components';
import { maxSeries, type Metric } from './metric';
import { targetLabels } from './scrape-jobs';

/** Values of which there is one for each person, request or task; they belong in logs and traces. */
const unbounded = [
  'user_id',
  'request_id',
  'correlation_id',
  'session_id',
  'task_id',
  'trace_id',
  'span_id',
  'email',
  'ip_address',
];

/** Units that stand in the name, as Prometheus advises. */
const unitsInName: readonly string[] = ['seconds', 'bytes', 'dollars', 'timestamp'];

/** Names that exporters or rules chose are theirs; those of AutoServe follow Prometheus' naming advice. */
const isOurs = ({ exposedBy }: Metric): boolean => isService(exposedBy);

/** One pod of a service stays below this, whatever its traffic. */
const maxSeriesOfServiceMetric = 2000;

function* problemsOf(metric: Metric): Generator<Problem> {
  const path = `catalog.${metric.exposedBy}.${metric.name}`;
  const { name, type, unit, buckets } = metric;

  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))
    yield { path, value: name, fix: 'a metric name has letters, digits and _ only, and starts with a letter' };
  if (isOurs(metric)) {
    if (type === 'counter' && !name.endsWith('_total'))
      yield { path, value: name, fix: `end the name of a counter in _total: ${name}_total` };
    if (type !== 'counter' && name.endsWith('_total'))
      yield { path, value: name, fix: `_total is for counters, this is a ${type}: drop it` };
    if (unitsInName.includes(unit) && !name.includes(unit))
      yield { path, value: name, fix: `put the unit into the name: _${unit}` };
    if (maxSeries(metric) > maxSeriesOfServiceMetric)
      yield {
        path,
        value: `${maxSeries(metric)} series`,
        fix: `lower the bounds of its labels until one pod has at most ${maxSeriesOfServiceMetric}`,
      };
  }
  if (type === 'histogram' && buckets.length === 0)
    yield { path: `${path}.buckets`, value: 'none', fix: 'give a histogram its bucket bounds' };
  for (const [index, bound] of buckets.entries()) {
    const previous = buckets[index - 1] ?? -Infinity;
    if (bound <= previous)
      yield {
        path: `${path}.buckets`,
        value: buckets.join(', '),
        fix: `${bound} does not rise above ${previous}: sort the bounds`,
      };
  }
  for (const [label, { values, limit }] of Object.entries(metric.labels)) {
    const labelPath = `${path}.labels.${label}`;
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
      yield { path: labelPath, value: label, fix: 'a label name has letters, digits and _ only' };
    if (label.startsWith('__'))
      yield { path: labelPath, value: label, fix: 'names that start with __ are reserved for Prometheus: rename it' };
    // A recorded series may hold buckets.
    if ((label === 'le' && metric.exposedBy !== 'rules') || label === 'quantile')
      yield { path: labelPath, value: label, fix: 'the name is reserved for buckets and quantiles: rename it' };
    if (unbounded.includes(label))
      yield {
        path: labelPath,
        value: label,
        fix: 'it has no bound: put it into a log field or span attribute instead',
      };
    if (targetLabels(metric.exposedBy).includes(label))
      yield {
        path: labelPath,
        value: label,
        fix: 'the scrape job attaches a label of that name: rename one of the two',
      };
    if (limit < 1 || !Number.isInteger(limit))
      yield {
        path: labelPath,
        value: `${limit} values`,
        fix: 'bound the label by a whole number of values, 1 or more',
      };
    if (values.length > limit)
      yield {
        path: labelPath,
        value: `${values.length} values`,
        fix: `the bound is ${limit}: raise it or drop values`,
      };
    if (new Set(values).size < values.length)
      yield { path: labelPath, value: values.join(', '), fix: 'drop the repeated value' };
  }
}

/** Everything that is wrong with a catalog. */
export const checkCatalog = (metrics: readonly Metric[]): readonly Problem[] => {
  const problems = metrics.flatMap((metric) => [...problemsOf(metric)]);
  const exposers = new Map<string, string>();
  for (const { name, exposedBy } of metrics) {
    const other = exposers.get(name);
    if (other !== undefined)
      problems.push({
        path: `catalog.${exposedBy}.${name}`,
        value: name,
        fix: `${other} declares it already: rename one of the two`,
      });
    exposers.set(name, exposedBy);
  }
  return problems;
};

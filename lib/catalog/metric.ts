import type { LabelBound } from './label-bound';
import { jobsOf, targetLabels, type Exposer, type JobOf, type TargetLabel } from './scrape-jobs';

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** What a value counts. Seconds, bytes and dollars are base units and stand in the name. */
export type Unit =
  'seconds' | 'bytes' | 'dollars' | 'cores' | 'ratio' | 'timestamp' | 'boolean' | 'info' | CountedThing;
type CountedThing =
  | 'requests'
  | 'connections'
  | 'tasks'
  | 'users'
  | 'sessions'
  | 'workers'
  | 'records'
  | 'errors'
  | 'decisions'
  | 'pods'
  | 'quantity'
  | 'containers'
  | 'nodes'
  | 'replicas'
  | 'generations'
  | 'inodes'
  | 'packets'
  | 'periods'
  | 'operations'
  | 'transactions'
  | 'blocks'
  | 'rows'
  | 'scans'
  | 'locks'
  | 'targets'
  | 'samples'
  | 'series'
  | 'events'
  | 'restarts'
  | 'load'
  | 'lines'
  | 'streams'
  | 'chunks'
  | 'spans'
  | 'traces'
  | 'alerts'
  | 'notifications'
  | 'percent'
  | 'milliseconds';

/** Who says so: the monitoring guide names it, or it is added because a dashboard, alert or SLO needs it. */
export type Origin = 'guide' | 'addition';

/** Label names, each with what it may hold. */
export type LabelBounds = Readonly<Record<string, LabelBound>>;
type NoLabels = { readonly [L in never]: LabelBound };

export interface MetricFacts<T extends MetricType, L extends LabelBounds, B extends number> {
  readonly type: T;
  /** One sentence, as the service's own HELP line has it. */
  readonly help: string;
  readonly unit: Unit;
  readonly origin: Origin;
  /** The metric's own labels; those of its target come from the scrape job. */
  readonly labels: L;
  /** Upper bounds of a histogram's buckets in `unit`, rising, without +Inf; empty for the other types. */
  readonly buckets: readonly B[];
}

export interface Metric<
  T extends MetricType = MetricType,
  L extends LabelBounds = LabelBounds,
  B extends number = number,
  E extends Exposer = Exposer,
> extends MetricFacts<T, L, B> {
  readonly name: string;
  readonly exposedBy: E;
}

interface Declaration<L extends LabelBounds> {
  readonly help: string;
  readonly unit: Unit;
  readonly origin: Origin;
  readonly labels?: L;
}

const facts = <T extends MetricType, L extends LabelBounds, B extends number>(
  type: T,
  { help, unit, origin, labels }: Declaration<L>,
  buckets: readonly B[],
  // Where `labels` is left out, `L` has no keys.
): MetricFacts<T, L, B> => ({ type, help, unit, origin, labels: labels ?? ({} as L), buckets });

export const counter = <const L extends LabelBounds = NoLabels>(
  declaration: Declaration<L>,
): MetricFacts<'counter', L, never> => facts('counter', declaration, []);

export const gauge = <const L extends LabelBounds = NoLabels>(
  declaration: Declaration<L>,
): MetricFacts<'gauge', L, never> => facts('gauge', declaration, []);

/** A classic histogram: it answers as `_bucket` with `le`, `_sum` and `_count`. */
export const histogram = <const B extends number, const L extends LabelBounds = NoLabels>(
  declaration: Declaration<L> & { readonly buckets: readonly B[] },
): MetricFacts<'histogram', L, B> => facts('histogram', declaration, declaration.buckets);

/** Facts about any labels whatever; a wider bound would be inferred where a declaration has no labels. */
type AnyFacts = MetricFacts<MetricType, NoLabels, number>;

type Exposed<D extends AnyFacts, E extends Exposer> =
  D extends MetricFacts<infer T, infer L, infer B> ? Metric<T, L, B, E> : never;

/** The metrics of one exposer; each key is the metric's name, so that it is written once. */
export const exposedBy = <E extends Exposer, const D extends Record<string, AnyFacts>>(
  exposer: E,
  declarations: D,
): { readonly [N in keyof D]: Exposed<D[N], E> } =>
  Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, { ...declaration, name, exposedBy: exposer }]),
  ) as { readonly [N in keyof D]: Exposed<D[N], E> };

/** The labels by which one of its series is told from another: its own and its target's. */
export type LabelOf<M> =
  M extends Metric<MetricType, infer L, number, infer E> ? (keyof L & string) | TargetLabel<E> : never;

/** What one of these labels may hold, as far as it is known beforehand. */
export type LabelValue<M, Label extends LabelOf<M>> =
  M extends Metric<MetricType, infer L, number, infer E>
    ? Label extends keyof L
      ? L[Label] extends LabelBound<infer V>
        ? V
        : never
      : Label extends 'job'
        ? JobOf<E>
        : string
    : never;

/** Its labels in the order in which matchers are written: the target's first. */
export const labelsOf = (metric: Metric): readonly string[] => [
  ...targetLabels(metric.exposedBy),
  ...Object.keys(metric.labels),
];

/** What a label of its series may hold; nothing is known of most target labels. */
export const boundOf = ({ labels, exposedBy }: Metric, label: string): LabelBound | undefined => {
  const own = new Map(Object.entries(labels)).get(label);
  if (own !== undefined || label !== 'job' || exposedBy === 'rules' || exposedBy === 'alerts') return own;
  return jobsOf(exposedBy);
};

/** The names under which Prometheus stores it. */
export const seriesNames = ({ name, type }: Pick<Metric, 'name' | 'type'>): readonly string[] =>
  type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];

/** The most series that one target can expose of it. */
export const maxSeries = ({ labels, type, buckets }: Metric): number =>
  Object.values(labels).reduce((product, { limit }) => product * limit, 1) *
  (type === 'histogram' ? buckets.length + 3 : 1);

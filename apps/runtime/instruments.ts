import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { LabelBounds, Metric, MetricType } from '../../lib/catalog/metric';
import { checkLabels, combinations, type Labels } from './label-values';
import { recordedTraceId } from './spans';

/** A metric without labels takes no label argument. */
type Arguments<L extends LabelBounds, Rest extends unknown[]> = [keyof L] extends [never]
  ? Rest
  : [labels: Labels<L>, ...rest: Rest];

export interface CounterInstrument<L extends LabelBounds> {
  inc(...args: Arguments<L, [by?: number]>): void;
}
export interface GaugeInstrument<L extends LabelBounds> {
  set(...args: Arguments<L, [value: number]>): void;
  /** From now on the series is absent, until it is set again. */
  remove(...args: Arguments<L, []>): void;
}
export interface HistogramInstrument<L extends LabelBounds> {
  observe(...args: Arguments<L, [value: number]>): void;
}

type Instrument<M> =
  M extends Metric<infer T, infer L>
    ? { counter: CounterInstrument<L>; gauge: GaugeInstrument<L>; histogram: HistogramInstrument<L> }[T]
    : never;

/** One instrument for each metric, under the metric's name, of its kind and with its labels. */
export type Instruments<C> = { readonly [N in keyof C]: Instrument<C[N]> };

/** The series that can occur, for metrics where not every combination of label values can. */
export type Series<C> = {
  readonly [N in keyof C]?: C[N] extends Metric<MetricType, infer L> ? readonly Labels<L>[] : never;
};

export interface Exposition {
  readonly classic: Registry;
  readonly openMetrics: Registry<OpenMetricsContentType>;
}

type Update = (labels: Labels, value: number) => void;

interface Built {
  readonly updates: Readonly<Record<string, Update>>;
  readonly startAtZero: (labels: Labels) => void;
}

const exemplar = (): { exemplarLabels?: { trace_id: string } } => {
  const traceId = recordedTraceId();
  return traceId === undefined ? {} : { exemplarLabels: { trace_id: traceId } };
};

const builders = {
  // Each format has counters and histograms of its own: those with exemplars may be in an OpenMetrics registry alone,
  // and when prom-client writes OpenMetrics it strips `_total` from a counter's name for good.
  counter: (config, { classic, openMetrics }): Built => {
    const plain = new Counter({ ...config, registers: [classic] });
    const exemplified = new Counter({ ...config, registers: [openMetrics], enableExemplars: true });
    const inc = (labels: Labels, by = 1): void => {
      plain.inc({ ...labels }, by);
      exemplified.inc({ labels: { ...labels }, value: by, ...exemplar() });
    };
    return {
      updates: { inc },
      startAtZero: (labels) => {
        inc(labels, 0);
      },
    };
  },
  gauge: (config, { classic, openMetrics }): Built => {
    const gauge = new Gauge({ ...config, registers: [classic, openMetrics] });
    const set: Update = (labels, value) => {
      gauge.set({ ...labels }, value);
    };
    const remove = (labels: Labels): void => {
      gauge.remove({ ...labels });
    };
    return {
      updates: { set, remove },
      startAtZero: (labels) => {
        set(labels, 0);
      },
    };
  },
  histogram: (config, { classic, openMetrics }, buckets): Built => {
    const bounds = { ...config, buckets: [...buckets] };
    const plain = new Histogram({ ...bounds, registers: [classic] });
    const exemplified = new Histogram({ ...bounds, registers: [openMetrics], enableExemplars: true });
    return {
      updates: {
        observe: (labels, value) => {
          plain.observe({ ...labels }, value);
          exemplified.observe({ labels: { ...labels }, value, ...exemplar() });
        },
      },
      startAtZero: (labels) => {
        plain.zero({ ...labels });
        exemplified.zero({ ...labels });
      },
    };
  },
} satisfies Record<
  MetricType,
  (
    config: { name: string; help: string; labelNames: string[] },
    exposition: Exposition,
    buckets: readonly number[],
  ) => Built
>;

const build = (metric: Metric, exposition: Exposition, series: readonly Labels[] | undefined): unknown => {
  const { name, help, type, buckets, labels } = metric;
  const labelNames = Object.keys(labels);
  const { updates, startAtZero } = builders[type]({ name, help, labelNames }, exposition, buckets);
  for (const combination of series ?? combinations(metric)) {
    checkLabels(metric, combination);
    startAtZero(combination);
  }
  const checked = (update: Update): unknown =>
    labelNames.length === 0
      ? (value: number) => {
          update({}, value);
        }
      : (values: Labels, value: number) => {
          checkLabels(metric, values);
          update(values, value);
        };
  return Object.fromEntries(Object.entries(updates).map(([method, update]) => [method, checked(update)]));
};

/**
 * Instruments for exactly these metrics. Every series exists from the start, so that the rate of a first error is
 * not missed.
 *
 * @throws RangeError, here and later, when a label value is outside the catalog's bound.
 */
export const createInstruments = <C extends Readonly<Record<string, Metric>>>(
  metrics: C,
  series: Series<C>,
  exposition: Exposition,
): Instruments<C> =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [name, build(metric, exposition, series[name])]),
  ) as Instruments<C>;

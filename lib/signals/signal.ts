import type { alerts, AlertName } from '../catalog/alerts';
import type { AnomalySignal } from '../catalog/anomaly-signals';
import type { Unit } from '../catalog/metric';
import type { Range, Vector as LogVector } from '../query/logql/expression';
import type { Lines } from '../query/logql/lines';
import type { Use, Vector } from '../query/promql/expression';
import type { Expression } from '../query/expression';
import type { TraceQuery } from './traces';

/** What a value counts, at a moment or per second; or how many times as much it is as it should be. */
export type DisplayUnit = Unit | `${Unit}/s` | 'times';

/** How people call a series, with holes that are filled from its labels. It names no label beyond `L`. */
export interface Legend<L extends string> {
  readonly template: string;
  /** Never set: it carries `L`, so that a legend of labels that were aggregated away does not fit. */
  readonly labels?: L;
}

/** A word, and labels in its holes: legend`p95 of ${'service'}`. */
export const legend = <const Labels extends readonly string[]>(
  words: TemplateStringsArray,
  ...labels: Labels
): Legend<Labels[number]> => ({
  template: words.map((word, index) => (index < labels.length ? `${word}{{${labels[index] ?? ''}}}` : word)).join(''),
});

/** Series of Prometheus. */
export interface MetricQuery {
  readonly source: 'prometheus';
  readonly expr: Expression<Use>;
  readonly legend: string;
  /** Its own, in a table whose columns count different things. */
  readonly unit?: DisplayUnit;
  /** Digits behind the point, where the usual few hide what counts. */
  readonly decimals?: number;
  /** Asked for its exemplars, each a way to a trace; what it answers itself is of now alone. */
  readonly exemplars?: true;
}

/** Numbers that Loki counts off its lines. */
export interface LogCountQuery {
  readonly source: 'loki';
  readonly expr: Expression<Range>;
  readonly legend: string;
}

/** Lines of Loki, the newest first. */
export interface LineQuery {
  readonly source: 'loki';
  readonly lines: Lines;
}

export interface TraceSource {
  readonly source: 'jaeger';
  readonly traces: TraceQuery;
}

export type Query = MetricQuery | LogCountQuery | LineQuery | TraceSource;

/** Series of Prometheus under a name that their labels fill in. */
export const plot = <L extends string>(
  expr: Vector<L>,
  { template }: Legend<NoInfer<L>>,
  unit?: DisplayUnit,
): MetricQuery => ({ source: 'prometheus', expr, legend: template, ...(unit && { unit }) });

/** With so many digits behind the point. */
export const precise = (query: MetricQuery, decimals: number): MetricQuery => ({ ...query, decimals });

/** What leads from a latency to traces of it. It should read raw buckets: a recorded series has no exemplars. */
export const exemplarsOf = <L extends string>(expr: Vector<L>, name: Legend<NoInfer<L>>): MetricQuery => ({
  ...plot(expr, name),
  exemplars: true,
});

/** Numbers that Loki counts, under a name that their labels fill in. */
export const plotLogs = <L extends string>(expr: LogVector<L>, { template }: Legend<NoInfer<L>>): LogCountQuery => ({
  source: 'loki',
  expr,
  legend: template,
});

export const showLines = (lines: Lines): LineQuery => ({ source: 'loki', lines });

export const searchTraces = (traces: TraceQuery): TraceSource => ({ source: 'jaeger', traces });

/** An alert that watches the signal, and on which side of its threshold it fires, where the signal is what it compares. */
export interface Watch {
  readonly alert: AlertName;
  readonly fires?: 'above' | 'below';
}

type WithThreshold = {
  [N in AlertName]: (typeof alerts)[N] extends { readonly threshold: string } ? N : never;
}[AlertName];

/** The alert fires above its threshold, which the profile sets. */
export const firesAbove = (alert: WithThreshold): Watch => ({ alert, fires: 'above' });
export const firesBelow = (alert: WithThreshold): Watch => ({ alert, fires: 'below' });
/** The alert looks at something else of the same matter. */
export const tellsOf = (alert: AlertName): Watch => ({ alert });

/** What a number means that stands for a state. */
export interface State {
  readonly text: string;
  readonly is: 'good' | 'bad' | 'neutral';
}

/** A question to the telemetry that has a name: asked once, shown as any kind of panel. */
export interface Signal {
  readonly title: string;
  /** What it says, what good looks like, and what a bad value means. */
  readonly description: string;
  readonly unit: DisplayUnit;
  readonly queries: readonly [Query, ...Query[]];
  /** The alerts that watch it: their thresholds are drawn, their runbooks are linked. */
  readonly watchedBy?: readonly Watch[];
  /** Where no alert says so: from `orange` on a value deserves a look, from `red` on it is bad. */
  readonly limits?: { readonly bad: 'above' | 'below'; readonly orange?: number; readonly red?: number };
  /** What its numbers stand for. */
  readonly states?: Readonly<Record<number, State>>;
  /** The anomaly detector expects it within a band, one for each `service`. */
  readonly band?: AnomalySignal;
  /** Why there is nothing to see while all is well. Such a signal is there as soon as something is wrong. */
  readonly emptyWhileWell?: string;
  /** Why there is nothing to see in a cluster that lacks what it is about. */
  readonly emptyWithout?: string;
}

/** A boolean of which 1 is good. */
export const upOrDown: Signal['states'] = { 0: { text: 'down', is: 'bad' }, 1: { text: 'up', is: 'good' } };

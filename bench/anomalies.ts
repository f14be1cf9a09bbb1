import { growForest } from '../apps/anomaly-detector/isolation-forest';
import { learners } from '../apps/anomaly-detector/methods';
import { historyOf, type History } from '../apps/anomaly-detector/history';
import { hourOfWeek } from '../apps/anomaly-detector/seasonal-profile';
import { quantile } from '../apps/anomaly-detector/statistics';
import { randomFrom, type Random } from '../apps/runtime/random';
import { kinds, shapes, synthesise, type Kind, type SyntheticSignal } from './synthetic-signals';
import { median, table } from './table';

type Judge = (value: number, seconds: number) => boolean;
type Train = (history: History, random: Random) => Judge;

const learner =
  (method: keyof typeof learners): Train =>
  (history, random) => {
    const model = learners[method](history, random);
    return (value, seconds) => model?.(value, seconds).detected ?? false;
  };

/** The guide's sketch, given the hour of the week: a forest over the bare value that takes a tenth for unusual. */
const sketchedForest: Train = ({ times, values }, random) => {
  const features = (value: number, seconds: number): readonly number[] => {
    const ofDay = (2 * Math.PI * (hourOfWeek(seconds) % 24)) / 24;
    const ofWeek = (2 * Math.PI * hourOfWeek(seconds)) / 168;
    return [value, Math.sin(ofDay), Math.cos(ofDay), Math.sin(ofWeek), Math.cos(ofWeek)];
  };
  const points = Array.from(values, (value, index) => features(value, times[index] ?? NaN));
  const forest = growForest(points, { trees: 100, sample: 256, random });
  const threshold = quantile(Float64Array.from(points, forest), 0.9);
  return (value, seconds) => forest(features(value, seconds)) >= threshold;
};

/** All that are compared, under the names that the tables give them. */
const contenders = {
  'three-sigma': learner('three-sigma'),
  'forest as sketched': sketchedForest,
  forest: learner('forest'),
  seasonal: learner('seasonal'),
} as const satisfies Record<string, Train>;
type Contender = keyof typeof contenders;

/** Minutes in a row that a value must be unusual, as in the alert. */
export const persistence = 10;
/** Alerts that are closer in minutes are one. */
const apart = 30;

/** First and last minute, as an index. */
type Alert = readonly [from: number, to: number];

const alertsOf = ({ judged }: SyntheticSignal, judge: Judge): readonly Alert[] => {
  const alerts: [from: number, to: number][] = [];
  let inARow = 0;
  judged.forEach(([seconds, value], index) => {
    inARow = judge(value, seconds) ? inARow + 1 : 0;
    if (inARow < persistence) return;
    const last = alerts.at(-1);
    if (last && index - last[1] <= apart) last[1] = index;
    else alerts.push([index, index]);
  });
  return alerts;
};

/** What came of one kind of anomaly. */
interface Found {
  readonly injected: number;
  /** Minutes from the start of each that was found to its alert. */
  readonly delays: readonly number[];
}

export interface Outcome {
  readonly alerts: number;
  readonly trueAlerts: number;
  readonly found: Readonly<Record<Kind, Found>>;
}

const outcomeOf = (signal: SyntheticSignal, judge: Judge): Outcome => {
  const first = signal.judged[0]?.[0] ?? NaN;
  const alerts = alertsOf(signal, judge);
  const anomalies = signal.anomalies.map(({ kind, start, end }) => ({
    kind,
    start: (start - first) / 60,
    end: (end - first) / 60,
  }));
  const isDueTo = ([from, to]: Alert, { start, end }: (typeof anomalies)[number]): boolean =>
    to >= start && from < end + persistence;
  const foundOf = (kind: Kind): Found => {
    const injected = anomalies.filter((anomaly) => anomaly.kind === kind);
    const delays = injected.flatMap((anomaly) => {
      const alert = alerts.find((each) => isDueTo(each, anomaly));
      return alert ? [Math.max(0, alert[0] - anomaly.start)] : [];
    });
    return { injected: injected.length, delays };
  };
  return {
    alerts: alerts.length,
    trueAlerts: alerts.filter((alert) => anomalies.some((anomaly) => isDueTo(alert, anomaly))).length,
    found: { spike: foundOf('spike'), step: foundOf('step'), drift: foundOf('drift') },
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const together = (outcomes: readonly Outcome[]): Outcome => {
  const foundOf = (kind: Kind): Found => ({
    injected: sum(outcomes.map(({ found }) => found[kind].injected)),
    delays: outcomes.flatMap(({ found }) => found[kind].delays),
  });
  return {
    alerts: sum(outcomes.map(({ alerts }) => alerts)),
    trueAlerts: sum(outcomes.map(({ trueAlerts }) => trueAlerts)),
    found: { spike: foundOf('spike'), step: foundOf('step'), drift: foundOf('drift') },
  };
};

/** Share of alerts that are due to an anomaly, share of anomalies that are found, and the harmonic mean of the two. */
export const quality = ({ alerts, trueAlerts, found }: Outcome) => {
  const all = Object.values(found);
  const precision = alerts === 0 ? 1 : trueAlerts / alerts;
  const recall = sum(all.map(({ delays }) => delays.length)) / sum(all.map(({ injected }) => injected));
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall || 1) };
};

/** Others than those that the methods' settings were chosen by. */
const seeds = [201, 202, 203, 204];

/** What became of each contender, by the shape of the signal. */
export type Comparison = Readonly<Record<Contender, Readonly<Record<keyof typeof shapes, Outcome>>>>;

/** Every contender on the same signals, of every shape and seed. */
export const compare = (history: 'disturbed' | 'undisturbed'): Comparison => {
  const signals = Object.entries(shapes).map(
    ([name, shape]) => [name, seeds.map((seed) => synthesise(shape, seed, history === 'disturbed'))] as const,
  );
  const of = (train: Train) =>
    signals.map(([name, ofShape]) => [
      name,
      together(ofShape.map((signal) => outcomeOf(signal, train(historyOf(signal.history), randomFrom(1))))),
    ]);
  return Object.fromEntries(
    Object.entries(contenders).map(([name, train]) => [name, Object.fromEntries(of(train))]),
  ) as Comparison;
};

export const overall = (comparison: Comparison, contender: Contender): Outcome =>
  together(Object.values(comparison[contender]));

export const contenderNames = Object.keys(contenders) as Contender[];
const share = (ratio: number): string => ratio.toFixed(2);

/** A row for each contender, below the titles. */
export const comparisonRows = (comparison: Comparison): readonly (readonly string[])[] => [
  ['method', 'precision', 'recall', 'F1', 'false alerts', ...kinds.map((kind) => `${kind}s: found, delay`)],
  ...contenderNames.map((name) => {
    const outcome = overall(comparison, name);
    const { precision, recall, f1 } = quality(outcome);
    return [
      name,
      ...[precision, recall, f1].map(share),
      `${outcome.alerts - outcome.trueAlerts}`,
      ...kinds.map((kind) => {
        const { injected, delays } = outcome.found[kind];
        return `${delays.length} of ${injected}, ${delays.length === 0 ? '-' : median(delays).toFixed(0)} min`;
      }),
    ];
  }),
];

/** Precision and recall of each contender by the shape of the signal, below the titles. */
export const shapeRows = (comparison: Comparison): readonly (readonly string[])[] => [
  ['method', ...Object.keys(shapes)],
  ...contenderNames.map((name) => [
    name,
    ...Object.values(comparison[name]).map((outcome) => {
      const { precision, recall } = quality(outcome);
      return `${share(precision)}, ${share(recall)}`;
    }),
  ]),
];

export const anomalies = (): void => {
  const comparison = compare('disturbed');
  console.log(
    '\nAnomaly detection on synthetic signals with injected anomalies; docs/anomaly-detection.md says how.\n',
  );
  console.log(table(comparisonRows(comparison)));
  console.log('\nPrecision and recall by the shape of the signal.\n');
  console.log(table(shapeRows(comparison)));
};

if (require.main === module) anomalies();

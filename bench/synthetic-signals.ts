import type { Sample } from '../apps/anomaly-detector/history';
import { randomFrom, type Random } from '../apps/runtime/random';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

/** Weeks that a model learns from; the one after them is judged. */
const learntWeeks = 4;
const historyStep = 15 * minute;
/** A Thursday, as the epoch was. */
const start = 2800 * week;

export const kinds = ['spike', 'step', 'drift'] as const;
export type Kind = (typeof kinds)[number];

/** How long each lasts; a drift grows all the while. */
const lasts: Readonly<Record<Kind, number>> = { spike: 20 * minute, step: 4 * hour, drift: 18 * hour };

/** One a day, for the week that is judged. */
const program: readonly Kind[] = ['spike', 'step', 'spike', 'drift', 'spike', 'step', 'drift'];

/** Seconds since the epoch. */
interface Period {
  readonly start: number;
  readonly end: number;
}

interface Anomaly extends Period {
  readonly kind: Kind;
}

export interface SyntheticSignal {
  /** What a model learns from. */
  readonly history: readonly Sample[];
  /** A value a minute. */
  readonly judged: readonly Sample[];
  readonly anomalies: readonly Anomaly[];
}

/** Value of a signal whose load is `level`, about 1 on average; noise that wanders is the series' own. */
type Shape = (random: Random) => (level: number, seconds: number) => number;

/** Noise with a memory of some minutes, as a rate over five minutes has. */
const wander = (random: Random, deviation: number, memory = 0.95): (() => number) => {
  let noise = 0;
  return () => (noise = memory * noise + Math.sqrt(1 - memory ** 2) * deviation * random.normal());
};

/** Requests that are counted: the more there are, the less their number scatters. The load grows week by week. */
const requestRate: Shape = (random) => {
  const noise = wander(random, 0.06);
  const counted = wander(random, 1, 0.8);
  return (level, seconds) => {
    const rate = 40 * level * (1 + (0.02 * (seconds - start)) / week);
    return rate * (1 + noise()) + Math.sqrt(rate / 30) * counted();
  };
};

/** Rises with the load a little, and seldom for a moment by a lot. */
const latency: Shape = (random) => {
  const noise = wander(random, 0.08, 0.9);
  return (level) => {
    const rare = random.chance(0.002) ? random.exponential(2) : 0;
    return (0.2 + 0.1 * level) * Math.exp(noise() + rare);
  };
};

/** A few whole tasks, that come in bursts. */
const queueDepth: Shape = (random) => {
  const noise = wander(random, 0.5);
  return (level) => Math.round(6 * level * Math.exp(noise() - 0.125));
};

/** Few errors among many requests: it scatters most when there is little load, and is often next to nothing. */
const errorRatio: Shape = (random) => {
  const noise = wander(random, 1, 0.8);
  return (level) => 0.001 * level * (1 + noise() / Math.sqrt(6 * Math.max(level, 0.1)));
};

export const shapes = { requestRate, latency, queueDepth, errorRatio } as const satisfies Record<string, Shape>;

/** Load through the week, about 1 on average: a peak each day, and less on two of the days. */
const season = (seconds: number): number => {
  const angle = 2 * Math.PI * ((seconds % day) / day - 0.3);
  const quietDay = [2, 3].includes(Math.floor(seconds / day) % 7);
  return (quietDay ? 0.55 : 1) * (1 + 0.55 * Math.sin(angle) + 0.15 * Math.sin(2 * angle));
};

const isIn = (seconds: number, period: Period): boolean => seconds >= period.start && seconds < period.end;

/** A period of some length, somewhere within a longer one that begins here. */
const somewhere = (random: Random, from: number, within: number, length: number): Period => {
  const begin = from + Math.floor((random.uniform() * (within - length)) / minute) * minute;
  return { start: begin, end: begin + length };
};

/**
 * Weeks to learn from and a week of known anomalies to judge. Where the history is disturbed, each of its weeks has an
 * incident that nobody has taken out.
 */
export const synthesise = (shape: Shape, seed: number, disturbed: boolean): SyntheticSignal => {
  const random = randomFrom(seed);
  const judgedFrom = start + learntWeeks * week;
  const drawn = Array.from({ length: learntWeeks }, (_, index) =>
    somewhere(random, start + index * week, week, 90 * minute),
  );
  const incidents = disturbed ? drawn : [];
  const anomalies = program.map((kind, index) => ({
    kind,
    ...somewhere(random, judgedFrom + index * day, day, lasts[kind]),
    // From 60 % more than usual to two and a half times as much; or half of it.
    size: random.chance(0.25) ? -0.5 : 0.6 + 0.9 * random.uniform(),
  }));
  const factor = (seconds: number): number => {
    if (incidents.some((incident) => isIn(seconds, incident))) return 2.2;
    const anomaly = anomalies.find((each) => isIn(seconds, each));
    if (!anomaly) return 1;
    const grown = (seconds - anomaly.start) / (anomaly.end - anomaly.start);
    return 1 + anomaly.size * (anomaly.kind === 'drift' ? grown : 1);
  };
  const valueOf = shape(random);
  const samples = Array.from({ length: ((learntWeeks + 1) * week) / minute }, (_, index): Sample => {
    const seconds = start + index * minute;
    return [seconds, Math.max(0, valueOf(season(seconds), seconds) * factor(seconds))];
  });
  return {
    history: samples.filter(([seconds]) => seconds < judgedFrom && seconds % historyStep === 0),
    judged: samples.filter(([seconds]) => seconds >= judgedFrom),
    anomalies,
  };
};

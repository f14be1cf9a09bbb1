import type { Random } from '../runtime/random';
import type { History } from './history';

/** What a model says of a value. The value is unusual exactly when it lies outside the band. */
export interface Verdict {
  /** How unusual the value is, 0 to 1; from 0.5 on it is outside the band. */
  readonly score: number;
  readonly detected: boolean;
  /** Ends of the band, in the signal's unit; the lower one is never below 0, as the signals are not. */
  readonly lower: number;
  readonly upper: number;
}

/** Judges a value by the moment that it belongs to, in seconds since the epoch. */
export type Model = (value: number, seconds: number) => Verdict;

/** Learns what is usual; `undefined` of a history that never varies, from which nothing can be learnt. */
export type Learn = (history: History, random: Random) => Model | undefined;

interface Band {
  readonly lower: number;
  readonly upper: number;
}

const belowHalf = 0.499_999;

/** The verdict of a band, with a score that keeps to its side of 0.5. */
export const verdict = (value: number, { lower, upper }: Band, score: number): Verdict => {
  const detected = value < lower || value > upper;
  return {
    score: detected ? Math.min(Math.max(score, 0.5), 1) : Math.min(Math.max(score, 0), belowHalf),
    detected,
    lower: Math.max(0, lower),
    upper: Math.max(0, upper),
  };
};

/** A score of 0 where `distance` is 0, 0.5 at `limit`, and near 1 far beyond. */
export const scoreOf = (distance: number, limit: number): number => Math.abs(distance) / (Math.abs(distance) + limit);

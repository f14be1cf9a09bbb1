interface Smoothing {
  /** How fast the level follows what comes, 0 to 1. */
  readonly level: number;
  /** How fast the slope follows. */
  readonly slope: number;
}

const untrained: Smoothing = { level: 0.5, slope: 0.05 };
const candidates: readonly Smoothing[] = [0.2, 0.35, 0.5, 0.65, 0.8].flatMap((level) =>
  [0, 0.05, 0.1, 0.2, 0.4].map((slope) => ({ level, slope })),
);
const historyLength = 240;

/**
 * Holt's linear smoothing of one load: a level and a slope, from which the next value follows.
 *
 * @see https://otexts.com/fpp3/holt.html
 */
export class Forecast {
  private readonly history: number[] = [];
  private smoothing = untrained;

  observe(value: number): void {
    this.history.push(value);
    if (this.history.length > historyLength) this.history.shift();
  }

  /** What comes next; 0 before anything was observed. */
  predict(): number {
    return replay(this.history, this.smoothing).next;
  }

  /** Chooses the smoothing that would have predicted the history best. */
  train(): void {
    const error = (smoothing: Smoothing): number => replay(this.history, smoothing).squaredError;
    this.smoothing = candidates.reduce((best, each) => (error(each) < error(best) ? each : best), this.smoothing);
  }
}

const replay = (
  history: readonly number[],
  smoothing: Smoothing,
): { readonly next: number; readonly squaredError: number } => {
  let level = history[0] ?? 0;
  let slope = 0;
  let squaredError = 0;
  for (const value of history.slice(1)) {
    const predicted = level + slope;
    squaredError += (value - predicted) ** 2;
    const before = level;
    level = predicted + smoothing.level * (value - predicted);
    slope += smoothing.slope * (level - before - slope);
  }
  return { next: Math.max(0, level + slope), squaredError };
};

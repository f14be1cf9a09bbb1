import { growForest, type Forest } from './isolation-forest';
import { verdict, type Learn } from './model';
import { learnProfile } from './seasonal-profile';
import { quantile } from './statistics';

const trees = 100;
const sample = 256;

/** Share of the history that is taken for unusual, as far as it lies beyond the least deviations. */
const contamination = 0.0125;

/** Residuals are told apart in steps of so many deviations. */
const resolution = 0.125;
/** Never unusual within: else the quietest history would have its share of unusual values. Always unusual beyond. */
const [leastDeviations, mostDeviations] = [3.5, 16];

/** Scores of residuals on one side of what is expected, in steps; they never fall, though a forest's own may. */
const outwards = (forest: Forest, side: 1 | -1): Float64Array => {
  let highest = 0;
  return Float64Array.from({ length: mostDeviations / resolution + 1 }, (_, step) => {
    highest = Math.max(highest, forest([side * step * resolution]));
    return highest;
  });
};

/** In deviations: the furthest residual that is still usual. */
const limitOf = (scores: Float64Array, threshold: number): number => {
  const first = scores.findIndex((score) => score >= threshold);
  return first === -1 ? mostDeviations : Math.max(first * resolution, leastDeviations);
};

/**
 * An isolation forest over what the hour of the week leaves unexplained: the residual against the hour's median, in
 * the hour's deviations. It is asked once for every residual; a table of the answers is all that stays in memory.
 */
export const learnForest: Learn = (history, random) => {
  const profile = learnProfile(history);
  if (!profile) return undefined;
  const residual = (value: number, seconds: number): number =>
    (value - profile.expected(seconds)) / profile.spread(seconds);
  const points = Array.from(history.values, (value, index) => [residual(value, history.times[index] ?? NaN)]);
  const forest = growForest(points, { trees, sample, random });
  const threshold = quantile(Float64Array.from(points, forest), 1 - contamination);
  const [below, above] = [outwards(forest, -1), outwards(forest, 1)];
  const [lowest, highest] = [limitOf(below, threshold), limitOf(above, threshold)];

  /** The forest's own score, moved so that the threshold is 0.5 and what is expected is 0. */
  const scoreAt = (deviations: number): number => {
    const scores = deviations < 0 ? below : above;
    const calm = scores[0] ?? 0;
    const score = scores[Math.min(Math.ceil(Math.abs(deviations) / resolution), scores.length - 1)] ?? 1;
    return score < threshold
      ? (0.5 * (score - calm)) / (threshold - calm)
      : 0.5 + (0.5 * (score - threshold)) / (1 - threshold);
  };
  return (value, seconds) => {
    const [centre, spread] = [profile.expected(seconds), profile.spread(seconds)];
    const band = { lower: centre - lowest * spread, upper: centre + highest * spread };
    return verdict(value, band, scoreAt((value - centre) / spread));
  };
};

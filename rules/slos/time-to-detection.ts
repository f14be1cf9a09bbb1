import { Duration } from 'cdk8s';
import type { BurnRate } from '../../lib/catalog/burn-rates';
import { sliWindow } from './slis';
import { sloEvaluations } from './rules';

interface Timing {
  readonly evaluationInterval: Duration;
  /** How long the alert waits before it fires. */
  readonly for: Duration;
}

/**
 * From the beginning of an outage, in which a share `outage` of all events is bad, to the alert; at an even rate of
 * events, none bad before. Nothing where the alert never fires.
 */
export const timeToDetection = (
  burnRates: readonly BurnRate[],
  budget: number,
  outage: number,
  timing: Timing,
): Duration | undefined => {
  const seconds = burnRates
    .filter(({ factor }) => outage > factor * budget)
    .map(({ long, factor }) => (long.toSeconds() * factor * budget) / outage);
  if (seconds.length === 0) return undefined;
  // The first count grows over its own window; then the recorded series and the alert have to be evaluated.
  const ramp = sliWindow.toSeconds() / 2;
  const evaluations = (sloEvaluations + 1) * timing.evaluationInterval.toSeconds();
  return Duration.seconds(Math.ceil(Math.min(...seconds) + ramp + evaluations + timing.for.toSeconds()));
};

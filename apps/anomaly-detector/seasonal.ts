import { scoreOf, verdict, type Learn } from './model';
import { learnProfile } from './seasonal-profile';

/** Wider than the three of the plain rule: services have longer tails than a normal distribution. */
const deviations = 4;

/** Within four robust deviations of the median of the hour of the week. */
export const learnSeasonal: Learn = (history) => {
  const profile = learnProfile(history);
  if (!profile) return undefined;
  return (value, seconds) => {
    const [centre, limit] = [profile.expected(seconds), deviations * profile.spread(seconds)];
    return verdict(value, { lower: centre - limit, upper: centre + limit }, scoreOf(value - centre, limit));
  };
};

import { scoreOf, verdict, type Learn } from './model';
import { mean, standardDeviation } from './statistics';

const sigmas = 3;

/** The plain rule: within three standard deviations of the mean, whatever the hour. */
export const learnThreeSigma: Learn = ({ values }) => {
  const [centre, limit] = [mean(values), sigmas * standardDeviation(values)];
  if (!(limit > 0)) return undefined;
  const band = { lower: centre - limit, upper: centre + limit };
  return (value) => verdict(value, band, scoreOf(value - centre, limit));
};

const sorted = (values: Float64Array): Float64Array => Float64Array.from(values).sort();

/** The value below which this share of the values lies, 0 to 1; NaN of none. */
export const quantile = (values: Float64Array, share: number): number => {
  const all = sorted(values);
  const place = share * (all.length - 1);
  const below = all[Math.floor(place)] ?? NaN;
  const above = all[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
};

export const median = (values: Float64Array): number => quantile(values, 0.5);

export const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const standardDeviation = (values: Float64Array): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};

/** Median distance from 0, scaled so that it is the standard deviation where the values are normal about 0. */
export const robustDeviation = (residuals: Float64Array): number => 1.4826 * median(residuals.map(Math.abs));

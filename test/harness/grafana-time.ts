// How Grafana turns a time range and the width of a panel into the steps of a query.

/** Widths of a whole dashboard in pixels, on a common screen. */
const dashboardPixels = 1500;

/** Points that a panel asks for: one for each of its pixels. */
export const pointsOf = (columns: number): number => Math.round((columns / 24) * dashboardPixels);

/** Below a limit in milliseconds, the interval that is taken. */
const rounded: readonly (readonly [below: number, interval: number])[] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1500, 1000],
  [3500, 2000],
  [7500, 5000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
  [9_000_000, 7_200_000],
  [16_200_000, 10_800_000],
  [32_400_000, 21_600_000],
  [86_400_000, 43_200_000],
];

/**
 * Seconds between two points.
 *
 * @see https://github.com/grafana/grafana/blob/v13.2.2/packages/grafana-data/src/datetime/rangeutil.ts
 */
export const stepSeconds = (rangeSeconds: number, points: number, minSeconds: number): number => {
  const exact = (rangeSeconds * 1000) / points;
  const [, milliseconds = 86_400_000] = rounded.find(([below]) => exact < below) ?? [];
  return Math.max(milliseconds / 1000, minSeconds);
};

/**
 * What `$__rate_interval` stands for: at least four scrapes.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
 */
export const rateIntervalSeconds = (step: number, scrapeSeconds: number): number =>
  Math.max(step + scrapeSeconds, 4 * scrapeSeconds);

/** How the anomaly detector tells what is usual; `apps/anomaly-detector` has each. */
export const anomalyMethods = ['forest', 'seasonal', 'three-sigma'] as const;
export type AnomalyMethod = (typeof anomalyMethods)[number];

/** The history of a signal is held while its model learns: no more than this many values. */
export const mostHistoryPoints = 20_000;

/** The one that does best in docs/anomaly-detection.md. */
export const defaultAnomalyMethod: AnomalyMethod = 'forest';

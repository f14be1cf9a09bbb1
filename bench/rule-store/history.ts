import type { Metric } from '../../lib/catalog/metric';
import { scrapeJobs, type JobName } from '../../lib/catalog/scrape-jobs';
import { production } from '../../lib/profile/production';
import { sloEvaluations } from '../../rules/slos/rules';
import { valuesOf, type Values } from './healthy';
import { clusterOf, ownLabels, targetsOf, type Labels } from './pods';
import type { TimeSeries } from './remote-write';

/** What rules read of a metric. */
export interface Reading {
  readonly metric: Metric;
  /** Seconds that the longest look at it goes back; 0 where only its last value counts. */
  readonly window: number;
}

/** Seconds since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** One series, whose samples are computed when they are asked for. */
export interface SeriesHistory {
  readonly labels: Labels;
  readonly within: (period: Period) => TimeSeries['samples'];
}

const minute = 60;
/** Beyond its window a series goes back so far: windows end later while cycles are measured. */
const more = 10 * minute;
/** Scraped series go on so far into the future, for nothing is scraped while cycles are measured. */
export const ahead = 5 * minute;

const { scrapeInterval, evaluationInterval, jobIntervals } = production.prometheus;

const jobSeconds = (job: JobName): number =>
  (new Map(Object.entries(jobIntervals)).get(job) ?? scrapeInterval).toSeconds();

/** Evenly spread between 0 and 1, and the same each time. */
const spreadOut = (index: number): number => (index * 0.618_033_988_75) % 1;

const seriesHistory = (
  labels: Labels,
  values: Values,
  lasts: Period,
  every: number,
  offset: number,
): SeriesHistory => ({
  labels,
  within: ({ from, to }) => {
    const first = Math.ceil((Math.max(from, lasts.from) - offset) / every);
    const samples: [number, number][] = [];
    for (let index = first; index * every + offset < Math.min(to, lasts.to); index += 1) {
      const seconds = index * every + offset;
      samples.push([Math.round(seconds * 1000), values(seconds)]);
    }
    return samples;
  },
});

const boundText = (bound: number): string => (Number.isInteger(bound) ? `${bound}.0` : `${bound}`);

/** Names and labels of the series of a metric, as Prometheus stores them. */
const storedLabels = ({ name, type, buckets }: Metric, labels: Labels): readonly Labels[] =>
  type === 'histogram'
    ? [
        ...[...buckets.map(boundText), '+Inf'].map((le) => ({ __name__: `${name}_bucket`, ...labels, le })),
        { __name__: `${name}_sum`, ...labels },
        { __name__: `${name}_count`, ...labels },
      ]
    : [{ __name__: name, ...labels }];

/**
 * All series that rules read, of a cluster with so many pods of AutoServe. Rules compute the recorded ones, from what
 * is here; those that other rules look at over a window have a past.
 */
export function* history(pods: number, readings: readonly Reading[], now: number): Generator<SeriesHistory> {
  const cluster = clusterOf(pods);
  const jobs = Object.keys(scrapeJobs) as JobName[];
  let count = 0;
  for (const { metric, window } of readings) {
    const { exposedBy } = metric;
    // Nothing is wrong.
    if (exposedBy === 'alerts') continue;
    const from = now - window - more;
    if (exposedBy === 'rules') {
      if (window === 0) continue;
      const every = evaluationInterval.toSeconds() * sloEvaluations;
      for (const labels of ownLabels(metric, {}, cluster))
        for (const stored of storedLabels(metric, labels))
          yield seriesHistory(stored, valuesOf(metric, stored, now, 0), { from, to: now }, every, 0);
      continue;
    }
    for (const job of exposedBy === 'scrape' ? jobs : [exposedBy]) {
      const every = jobSeconds(job);
      for (const [index, target] of targetsOf(job, cluster).entries())
        for (const labels of ownLabels(metric, target, cluster)) {
          // All parts of a histogram begin alike, or its buckets would not rise.
          const phase = spreadOut((count += 1));
          for (const stored of storedLabels(metric, { ...target, ...labels })) {
            const values = valuesOf(metric, stored, now, phase);
            yield seriesHistory(stored, values, { from, to: now + ahead }, every, spreadOut(index) * every);
          }
        }
    }
  }
}

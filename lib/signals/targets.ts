import { Duration } from 'cdk8s';
import { scrape } from '../catalog/scrape';
import { countBy, maxBy, minBy, sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { equals, subtractedFrom } from '../query/promql/operators';
import { sumOverTime } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// Whether Prometheus gets what it asks its targets for, and how much that is.

const ofJobs = { job: chosen('service') } as const;

export const targetsDown: Signal = {
  title: 'Targets down',
  description:
    'Targets of the chosen components that do not answer Prometheus. 0 is good. Nothing is known of a target that is down: check whether its pod runs and can be reached.',
  unit: 'targets',
  queries: [plot(sumBy(subtractedFrom(1, select(scrape.up, ofJobs))), legend`down`)],
  watchedBy: [tellsOf('TargetDown'), tellsOf('ServiceDown')],
  limits: { bad: 'above', orange: 1 },
};

export const targetStates: Signal = {
  title: 'Components that answer',
  description:
    'Whether all targets of each component answer. A component whose band ends has no target left: its pods are gone, or Prometheus cannot find them.',
  unit: 'boolean',
  queries: [plot(minBy(select(scrape.up, ofJobs), 'job'), legend`${'job'}`)],
  watchedBy: [tellsOf('TargetDown'), tellsOf('JobMissing'), tellsOf('ServiceDown')],
  states: { 0: { text: 'some down', is: 'bad' }, 1: { text: 'all up', is: 'good' } },
};

export const downTargets: Signal = {
  title: 'Targets that are down',
  description:
    'Targets that do not answer, and where they run. Check whether the pod runs, then whether a network policy keeps Prometheus from it.',
  unit: 'boolean',
  queries: [plot(equals(select(scrape.up, ofJobs), 0), legend`Up`)],
  watchedBy: [tellsOf('TargetDown')],
  emptyWhileWell: 'Every target answers.',
};

export const targets: Signal = {
  title: 'Targets',
  description:
    'How many targets each component has. It follows deployments and scaling. A line that ends means that Prometheus no longer finds any.',
  unit: 'targets',
  queries: [plot(countBy(select(scrape.up, ofJobs), 'job'), legend`${'job'}`)],
  watchedBy: [tellsOf('JobMissing')],
};

export const scrapeDuration: Signal = {
  title: 'Slowest scrape',
  description:
    'Time that the slowest target of each component takes to answer a scrape. It should be steady and short. At the scrape timeout the target counts as down.',
  unit: 'seconds',
  queries: [plot(maxBy(select(scrape.scrape_duration_seconds, ofJobs), 'job'), legend`${'job'}`)],
  watchedBy: [tellsOf('TargetDown')],
};

const scraped = sumBy(select(scrape.scrape_samples_scraped, ofJobs), 'job');
const kept = sumBy(select(scrape.scrape_samples_post_metric_relabeling, ofJobs), 'job');
/** As long as the alert looks back. */
const added = sumBy(sumOverTime(select(scrape.scrape_series_added, ofJobs), Duration.hours(1)), 'job');

export const scrapedSamples: Signal = {
  title: 'Scrapes by component',
  description:
    'Targets of each component, how many of them answer, the slowest scrape, the samples that they offer, and those that are kept. What is offered and not kept costs scrape time, but no storage.',
  unit: 'samples',
  queries: [
    plot(countBy(select(scrape.up, ofJobs), 'job'), legend`Targets`, 'quantity'),
    plot(sumBy(select(scrape.up, ofJobs), 'job'), legend`Up`, 'quantity'),
    plot(maxBy(select(scrape.scrape_duration_seconds, ofJobs), 'job'), legend`Slowest`, 'seconds'),
    plot(scraped, legend`Offered`),
    plot(kept, legend`Kept`),
  ],
  watchedBy: [tellsOf('TargetDown')],
};

export const seriesAdded: Signal = {
  title: 'New series in an hour',
  description:
    'Series that each component added in the last hour. A restart adds all of its series once. A component that stays above the dashed line has a label with unbounded values.',
  unit: 'series',
  queries: [plot(added, legend`${'job'}`)],
  watchedBy: [firesAbove('SeriesChurnHigh')],
};

export const seriesByJob: Signal = {
  title: 'Series by component',
  description:
    'Series that Prometheus keeps of each component. Its memory grows with their sum. A component that grows without more pods has more labels or more values.',
  unit: 'series',
  queries: [plot(kept, legend`${'job'}`)],
  watchedBy: [tellsOf('SeriesChurnHigh')],
};

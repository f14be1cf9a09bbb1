import type { Duration } from 'cdk8s';
import { anomalyDetector } from '../../../lib/catalog/anomaly-detector';
import { isService } from '../../../lib/catalog/components';
import { scrape } from '../../../lib/catalog/scrape';
import { scrapeJobs } from '../../../lib/catalog/scrape-jobs';
import type { monitoringAlerts } from '../../../rules/alerts/monitoring';
import {
  ago,
  hold,
  minutes,
  never,
  seconds,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Shape,
} from '../scenario';

const targetOf = (job: string, number = 1) => ({
  job,
  instance: `10.0.0.${number}:8000`,
  namespace: 'monitoring',
  pod: `${job}-${number}`,
  node: 'node-1',
});

const up = (job: string, shape: Shape, number = 1) => series(scrape.up, targetOf(job, number), shape);

const watchdog: Firing = {
  labels: { service: 'prometheus' },
  summary: 'Alerts are evaluated and delivered',
  description: 'This one always fires. When it stops, no other alert arrives either.',
};

const ofStack = Object.keys(scrapeJobs).filter((job) => !isService(job));

const missing = (job: string): Firing => ({
  labels: { job, service: job },
  summary: `Prometheus finds no ${job}`,
  description: `None of its pods was found, so that alerts about ${job} cannot fire.`,
});

const added = (perScrape: Shape, number = 1) =>
  series(scrape.scrape_series_added, targetOf('backend', number), perScrape);

/** How many series a target has. */
const kept = (count: Shape, number = 1) =>
  series(scrape.scrape_samples_post_metric_relabeling, targetOf('backend', number), count);

/** So many in one scrape, none before and after. */
const once = (count: number, at: Duration): Shape => until(at, hold(0), until(minutes(1), hold(count), hold(0)));

const signal = (detected: 0 | 1, number = 1) =>
  series(
    anomalyDetector.anomaly_detected,
    { ...targetOf('anomaly-detector', number), service: 'worker', signal: 'queue_depth' },
    hold(detected),
  );

/** When a detector last judged signals. */
const judged = (moment: Shape, number = 1) =>
  series(anomalyDetector.anomaly_last_evaluation_timestamp, targetOf('anomaly-detector', number), moment);

const stalled = (time: string): Firing => ({
  labels: { service: 'anomaly-detector' },
  summary: `The anomaly detector has judged no signal for ${time}`,
  description: 'It should judge them each minute. Until it does, nothing is called unusual.',
});

const unusual: Firing = {
  labels: { service: 'worker', signal: 'queue_depth' },
  summary: 'queue_depth of worker is unusual for this hour of the week',
  description: 'It lies outside the band that its past lets one expect. That alone is no fault.',
};

export const monitoringScenarios: ScenarioTable<keyof typeof monitoringAlerts> = {
  Watchdog: {
    fires: { always: { series: [], firing: [watchdog] } },
    silent: {},
    withoutData: [watchdog],
  },
  TargetDown: {
    fires: {
      'when one of two targets does not answer': {
        series: [up('loki', hold(0)), up('loki', hold(1), 2)],
        firing: [
          {
            labels: { ...targetOf('loki'), service: 'loki' },
            summary: '10.0.0.1:8000 of loki does not answer Prometheus',
            description: 'Nothing is known of this one; others of loki may well be fine.',
          },
        ],
      },
    },
    silent: {
      'while it answers': { series: [up('loki', hold(1))] },
      'while it is away for less than ten minutes': {
        series: [up('loki', until(minutes(5), hold(1), until(minutes(9), hold(0), hold(1))))],
      },
    },
  },
  JobMissing: {
    fires: {
      'when no pod of a job is found': {
        series: ofStack.filter((job) => job !== 'loki').map((job) => up(job, hold(1))),
        firing: [missing('loki')],
      },
      'when one does not find itself': {
        series: ofStack.filter((job) => job !== 'prometheus').map((job) => up(job, hold(1))),
        firing: [missing('prometheus')],
      },
      'when Prometheus finds only itself': {
        series: [up('prometheus', hold(1))],
        firing: ofStack.filter((job) => job !== 'prometheus').map(missing),
      },
    },
    silent: {
      'while all are found, though only Prometheus answers': {
        series: ofStack.map((job) => up(job, hold(job === 'prometheus' ? 1 : 0))),
      },
      'while Prometheus sees nothing, not even itself': { series: [up('prometheus', hold(0)), up('loki', hold(0))] },
      'when it no longer sees anything': {
        series: ofStack.map((job) => up(job, until(minutes(10), hold(1), never))),
      },
      'while it is away for less than ten minutes': {
        series: ofStack.map((job) =>
          up(job, job === 'loki' ? until(minutes(5), hold(1), until(minutes(9), never, hold(1))) : hold(1)),
        ),
      },
    },
    every: minutes(1),
  },
  SeriesChurnHigh: {
    fires: {
      'when the pods of a job bring more than 10 000 series in an hour, thrice what they have': {
        series: [added(hold(84)), added(hold(84), 2), kept(hold(1600)), kept(hold(1600), 2)],
        firing: [
          {
            labels: { job: 'backend', service: 'backend' },
            summary: 'backend brought 10.08k new series in an hour',
            description:
              'More than 3 times what it has: a label whose values never end fills the memory of Prometheus.',
          },
        ],
      },
    },
    silent: {
      'while they bring fewer': {
        series: [added(hold(83)), added(hold(83), 2), kept(hold(1000)), kept(hold(1000), 2)],
        lasts: minutes(140),
      },
      'while they bring less than thrice what they have': {
        series: [added(hold(84)), added(hold(84), 2), kept(hold(2000)), kept(hold(2000), 2)],
        lasts: minutes(140),
      },
      'when one scrape brings no more than that': {
        series: [added(once(10_000, minutes(10))), kept(hold(3000))],
        lasts: minutes(120),
      },
      'when one scrape brings just thrice what there is': {
        series: [added(once(12_000, minutes(10))), kept(hold(4000))],
        lasts: minutes(120),
      },
      'when they did so for ten minutes': {
        series: [
          added(once(6000, minutes(5))),
          added(once(6000, minutes(55)), 2),
          kept(hold(1500)),
          kept(hold(1500), 2),
        ],
        lasts: minutes(120),
      },
      'when Prometheus is started twice, and sees all of a large job anew': {
        series: [
          added((now) => ([0, minutes(20).toSeconds()].includes(now) ? 20_000 : 0)),
          kept(until(minutes(18), hold(20_000), until(minutes(2), never, hold(20_000)))),
        ],
        lasts: minutes(120),
      },
      'when new pods take the place of the old': {
        series: [
          added(until(minutes(20), (now) => (now === 0 ? 8000 : 0), never)),
          kept(until(minutes(20), hold(8000), never)),
          added(
            until(minutes(18), never, (now) => (now === 0 ? 8000 : 0)),
            2,
          ),
          kept(until(minutes(18), never, hold(8000)), 2),
        ],
        lasts: minutes(120),
      },
      'when a small job is started again each two minutes': {
        series: [added((now) => (now % minutes(2).toSeconds() === 0 ? 300 : 0)), kept(hold(300))],
        lasts: minutes(120),
      },
    },
    every: minutes(1),
  },
  AnomalousSignal: {
    fires: {
      'when a signal is unusual': { series: [signal(1)], firing: [unusual] },
      'once, whoever of two sees it': { series: [signal(1), signal(0, 2)], firing: [unusual] },
      'once, though both see it': { series: [signal(1), signal(1, 2)], firing: [unusual] },
    },
    silent: { 'while it is as it was': { series: [signal(0)] } },
  },
  AnomalyDetectionStalled: {
    fires: {
      'when the detector has judged none for a quarter of an hour': {
        series: [judged(ago(seconds(0)))],
        lasts: minutes(20.5),
        firing: [stalled('20m 30s')],
      },
      'when neither of two has': {
        series: [judged(ago(minutes(5))), judged(ago(minutes(10)), 2)],
        firing: [stalled('35m 0s')],
      },
    },
    silent: {
      'while it judges them': { series: [judged((_, clock) => clock)] },
      'while one of two judges them': { series: [judged((_, clock) => clock), judged(ago(minutes(5)), 2)] },
      'until five minutes after that quarter': { series: [judged(ago(seconds(0)))], lasts: minutes(20) },
    },
  },
};

import { Duration } from 'cdk8s';
import { anomalyDetector } from '../../lib/catalog/anomaly-detector';
import { isService } from '../../lib/catalog/components';
import { scrape } from '../../lib/catalog/scrape';
import { label, text, value } from '../../lib/config/alert-text';
import { maxBy, sumBy } from '../../lib/query/promql/aggregate';
import { above, and, constant, equals, ratio, secondsSince } from '../../lib/query/promql/operators';
import { sumOverTime } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { missingAmong } from './absence';
import { alert, ofItsService, type AlertDefinitions } from './definition';

const added = sumBy(sumOverTime(select(scrape.scrape_series_added), Duration.hours(1)), 'job');
/** How often in that time a job may bring all of its series anew. */
const mostTurnovers = 3;

/** Whether anything is watched at all. */
export const monitoringAlerts: AlertDefinitions<
  'Watchdog' | 'TargetDown' | 'JobMissing' | 'SeriesChurnHigh' | 'AnomalousSignal' | 'AnomalyDetectionStalled'
> = {
  Watchdog: () =>
    alert({
      expr: constant(1),
      service: 'prometheus',
      summary: text`Alerts are evaluated and delivered`,
      description: text`This one always fires. When it stops, no other alert arrives either.`,
    }),
  TargetDown: () =>
    alert({
      expr: equals(select(scrape.up), 0),
      service: label('job'),
      summary: text`${label('instance')} of ${label('job')} does not answer Prometheus`,
      description: text`Nothing is known of this one; others of ${label('job')} may well be fine.`,
    }),
  JobMissing: (_, { jobs }) =>
    alert({
      // Of AutoServe's own services, ServiceDown tells.
      expr: missingAmong(jobs.filter((job) => !isService(job))),
      service: label('job'),
      summary: text`Prometheus finds no ${label('job')}`,
      description: text`None of its pods was found, so that alerts about ${label('job')} cannot fire.`,
    }),
  SeriesChurnHigh: ({ threshold }) =>
    alert({
      expr: and(
        above(added, threshold),
        // A restart of Prometheus, and of every pod of the job, bring what there is once more each.
        above(ratio(added, sumBy(select(scrape.scrape_samples_post_metric_relabeling), 'job')), mostTurnovers),
      ),
      service: label('job'),
      summary: text`${label('job')} brought ${value.number} new series in an hour`,
      description: text`More than ${mostTurnovers} times what it has: a label whose values never end fills the memory of Prometheus.`,
    }),
  AnomalousSignal: () =>
    alert({
      expr: equals(maxBy(select(anomalyDetector.anomaly_detected), 'service', 'signal'), 1),
      service: ofItsService,
      summary: text`${label('signal')} of ${label('service')} is unusual for this hour of the week`,
      description: text`It lies outside the band that its past lets one expect. That alone is no fault.`,
    }),
  AnomalyDetectionStalled: ({ threshold }) =>
    alert({
      expr: above(secondsSince(maxBy(select(anomalyDetector.anomaly_last_evaluation_timestamp))), threshold),
      service: 'anomaly-detector',
      summary: text`The anomaly detector has judged no signal for ${value.seconds}`,
      description: text`It should judge them each minute. Until it does, nothing is called unusual.`,
    }),
};

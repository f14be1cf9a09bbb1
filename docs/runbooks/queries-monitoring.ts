import { Duration } from 'cdk8s';
import { alertmanager } from '../../lib/catalog/alertmanager';
import { anomalyDetector } from '../../lib/catalog/anomaly-detector';
import { cadvisor } from '../../lib/catalog/cadvisor';
import { kubelet, kubeStateMetrics } from '../../lib/catalog/kubernetes';
import { prometheus } from '../../lib/catalog/prometheus';
import { scrape } from '../../lib/catalog/scrape';
import { whereAnyOf } from '../../lib/query/logql/filter';
import { pipe } from '../../lib/query/logql/lines';
import { select as selectLines } from '../../lib/query/logql/select';
import { contains } from '../../lib/query/logql/stages';
import { avgBy, countBy, maxBy, minBy, sumBy, topk } from '../../lib/query/promql/aggregate';
import { anyOf, re } from '../../lib/query/promql/matcher';
import { above, below, differs, equals, ratio, secondsSince } from '../../lib/query/promql/operators';
import { increase, rate, sumOverTime } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import type { alertmanagerAlerts } from '../../rules/alerts/alertmanager';
import type { monitoringAlerts } from '../../rules/alerts/monitoring';
import type { prometheusAlerts } from '../../rules/alerts/prometheus';
import type { RunbookQueries, RunbookQuery } from './query';

const window = Duration.minutes(5);
const aQuarter = Duration.minutes(15);
const anHour = Duration.hours(1);
/** As the alert about compaction looks back. */
const compaction = Duration.hours(3);

const errorsOf = (service: string, shows: string): RunbookQuery => ({
  shows,
  logql: pipe(selectLines({ service }), whereAnyOf('detected_level', 'error', 'critical', 'fatal')),
});

const alertmanagersThatAnswer = select(scrape.up, { job: 'alertmanager' });

const volumeSpaceOf = (statefulSet: string): RunbookQuery => {
  const claims = { persistentvolumeclaim: re(`data-${statefulSet}-.+`) };
  return {
    shows: 'Free share of each volume',
    promql: ratio(
      minBy(select(kubelet.kubelet_volume_stats_available_bytes, claims), 'persistentvolumeclaim'),
      minBy(select(kubelet.kubelet_volume_stats_capacity_bytes, claims), 'persistentvolumeclaim'),
    ),
  };
};

const readyReplicas = (statefulset: string): RunbookQuery => ({
  shows: 'Replicas that are ready, of those wanted, where that is not all',
  promql: differs(
    sumBy(select(kubeStateMetrics.kube_statefulset_status_replicas_ready, { statefulset }), 'statefulset'),
    sumBy(select(kubeStateMetrics.kube_statefulset_replicas, { statefulset }), 'statefulset'),
  ),
});

/** For the alerts of `rules/alerts/monitoring.ts`. */
const watchQueries: RunbookQueries<Exclude<keyof typeof monitoringAlerts, 'AnomalousSignal'>> = {
  Watchdog: [
    { shows: 'Which replicas of both answer', promql: select(scrape.up, { job: anyOf('prometheus', 'alertmanager') }) },
    {
      shows: 'Alerts a second that each Prometheus hands to each Alertmanager',
      promql: sumBy(rate(select(prometheus.prometheus_notifications_sent_total), window), 'pod', 'alertmanager'),
    },
    {
      shows: 'Notifications to the dead man in the last 5 minutes, all members together',
      promql: sumBy(
        increase(select(alertmanager.alertmanager_notifications_total, { receiver_name: 'dead-man' }), window),
        'receiver_name',
      ),
    },
    {
      shows: 'Those of them that were given up, and why',
      promql: above(
        sumBy(
          increase(select(alertmanager.alertmanager_notifications_failed_total, { receiver_name: 'dead-man' }), window),
          'pod',
          'reason',
        ),
        0,
      ),
    },
  ],
  TargetDown: [
    { shows: 'Every target that does not answer, and its node', promql: equals(select(scrape.up), 0) },
    {
      shows: 'The share that answers of each job, where it is not all',
      promql: below(avgBy(select(scrape.up), 'job'), 1),
    },
    {
      shows: 'Pods that are not ready',
      promql: equals(
        sumBy(select(kubeStateMetrics.kube_pod_status_ready, { condition: 'true' }), 'namespace', 'pod'),
        0,
      ),
    },
    {
      shows: 'The slowest scrapes, in seconds',
      promql: topk(10, select(scrape.scrape_duration_seconds)),
    },
  ],
  JobMissing: [
    { shows: 'Targets that were found, by job', promql: countBy(select(scrape.up), 'job') },
    {
      shows: 'Requests of discovery to the API server that failed',
      promql: above(sumBy(increase(select(prometheus.prometheus_sd_kubernetes_failures_total), aQuarter), 'pod'), 0),
    },
    {
      shows: 'Deployments of which nothing serves',
      promql: equals(
        sumBy(select(kubeStateMetrics.kube_deployment_status_replicas_available), 'namespace', 'deployment'),
        0,
      ),
    },
    {
      shows: 'DaemonSets of which nothing is ready',
      promql: equals(sumBy(select(kubeStateMetrics.kube_daemonset_status_number_ready), 'namespace', 'daemonset'), 0),
    },
  ],
  SeriesChurnHigh: [
    {
      shows: 'New series in the last hour, by target',
      promql: topk(10, sumBy(sumOverTime(select(scrape.scrape_series_added), anHour), 'job', 'instance')),
    },
    {
      shows: 'Samples that are kept of a scrape, by target',
      promql: topk(10, sumBy(select(scrape.scrape_samples_post_metric_relabeling), 'job', 'instance')),
    },
    { shows: 'Series in memory, by replica', promql: sumBy(select(prometheus.prometheus_tsdb_head_series), 'pod') },
    {
      shows: 'Memory of each replica, in bytes',
      promql: sumBy(select(prometheus.process_resident_memory_bytes), 'pod'),
    },
    {
      shows: 'New series of the last hour, as a multiple of those that the job has',
      promql: ratio(
        sumBy(sumOverTime(select(scrape.scrape_series_added), anHour), 'job'),
        sumBy(select(scrape.scrape_samples_post_metric_relabeling), 'job'),
      ),
    },
  ],
  AnomalyDetectionStalled: [
    {
      shows: 'Seconds since a signal was last judged',
      promql: secondsSince(select(anomalyDetector.anomaly_last_evaluation_timestamp)),
    },
    {
      shows: 'Questions to Prometheus that fail, per second, by kind',
      promql: sumBy(rate(select(anomalyDetector.anomaly_query_failures_total), window), 'query'),
    },
    { shows: '1 while the detector answers', promql: select(scrape.up, { job: 'anomaly-detector' }) },
    {
      shows: 'Its memory, in bytes',
      promql: maxBy(
        select(cadvisor.container_memory_working_set_bytes, { container: 'anomaly-detector' }),
        'namespace',
        'pod',
      ),
    },
    {
      shows: 'Which questions fail, and why',
      logql: pipe(selectLines({ service: 'anomaly-detector' }), whereAnyOf('detected_level', 'warn', 'error')),
    },
  ],
};

const refusals = {
  'too many samples': prometheus.prometheus_target_scrapes_exceeded_sample_limit_total,
  'too many bytes': prometheus.prometheus_target_scrapes_exceeded_body_size_limit_total,
  'too many targets in a job': prometheus.prometheus_target_scrape_pool_exceeded_target_limit_total,
  'too many or too long labels': prometheus.prometheus_target_scrape_pool_exceeded_label_limits_total,
  'two values for one time': prometheus.prometheus_target_scrapes_sample_duplicate_timestamp_total,
  'samples that are older than the last': prometheus.prometheus_target_scrapes_sample_out_of_order_total,
} as const;

const storageFailures = {
  'Compactions that failed in the last 3 hours': prometheus.prometheus_tsdb_compactions_failed_total,
  'Loads of blocks that failed': prometheus.prometheus_tsdb_reloads_failures_total,
  'Corruptions of the write-ahead log': prometheus.prometheus_tsdb_wal_corruptions_total,
} as const;

/** For the alerts of `rules/alerts/prometheus.ts`. */
const prometheusQueries: RunbookQueries<keyof typeof prometheusAlerts> = {
  PrometheusConfigRejected: [
    {
      shows: '1 for each replica that took what is on its disk',
      promql: select(prometheus.prometheus_config_last_reload_successful),
    },
    errorsOf('prometheus', 'What it says of the file'),
  ],
  PrometheusRulesFailing: [
    {
      shows: 'Rules that failed in the last 5 minutes, by replica and group',
      promql: above(
        sumBy(increase(select(prometheus.prometheus_rule_evaluation_failures_total), window), 'pod', 'rule_group'),
        0,
      ),
    },
    {
      shows: 'Evaluations that were left out, because the one before took too long',
      promql: above(
        sumBy(increase(select(prometheus.prometheus_rule_group_iterations_missed_total), window), 'pod', 'rule_group'),
        0,
      ),
    },
    {
      shows: 'How long each group takes, in seconds',
      promql: topk(10, select(prometheus.prometheus_rule_group_last_duration_seconds)),
    },
    {
      shows: 'Which rule fails, and why',
      logql: pipe(selectLines({ service: 'prometheus' }), contains('Evaluating rule failed')),
    },
  ],
  PrometheusNotIngesting: [
    {
      shows: 'Samples that each replica writes a second',
      promql: sumBy(rate(select(prometheus.prometheus_tsdb_head_samples_appended_total), window), 'pod'),
    },
    { shows: 'Targets of the replica that answers you, by job', promql: countBy(select(scrape.up), 'job') },
    volumeSpaceOf('prometheus'),
    errorsOf('prometheus', 'What it says itself'),
  ],
  PrometheusAlertsNotDelivered: [
    {
      shows: 'Alerts a second that an Alertmanager did not take',
      promql: above(
        sumBy(rate(select(prometheus.prometheus_notifications_errors_total), window), 'pod', 'alertmanager'),
        0,
      ),
    },
    {
      shows: 'Alerts a second that it took',
      promql: sumBy(rate(select(prometheus.prometheus_notifications_sent_total), window), 'pod', 'alertmanager'),
    },
    {
      shows: 'Alerts that were given up in the last 5 minutes',
      promql: above(
        sumBy(increase(select(prometheus.prometheus_notifications_dropped_total), window), 'pod', 'alertmanager'),
        0,
      ),
    },
    { shows: 'Which Alertmanagers answer a scrape', promql: alertmanagersThatAnswer },
    {
      shows: 'The error of each attempt',
      logql: pipe(selectLines({ service: 'prometheus' }), contains('Error sending alerts')),
    },
  ],
  PrometheusStorageFailing: [
    ...(Object.entries(storageFailures).map(([shows, failures]) => ({
      shows,
      promql: above(sumBy(increase(select(failures), compaction), 'pod'), 0),
    })) as [RunbookQuery, ...RunbookQuery[]]),
    volumeSpaceOf('prometheus'),
    errorsOf('prometheus', 'What it says itself'),
  ],
  PrometheusScrapesRefused: [
    { shows: 'Targets whose whole scrape is refused, among those that are down', promql: equals(select(scrape.up), 0) },
    ...Object.entries(refusals).map(([why, refused]) => ({
      shows: `Refused in the last 15 minutes for ${why}`,
      promql: above(sumBy(increase(select(refused), aQuarter), 'pod'), 0),
    })),
    {
      shows: 'Which target sends samples twice or too late',
      logql: pipe(selectLines({ service: 'prometheus' }), contains('Error on ingesting')),
    },
  ],
  PrometheusDiscoveryFailing: [
    {
      shows: 'Requests to the API server that failed in the last 5 minutes, by replica',
      promql: above(sumBy(increase(select(prometheus.prometheus_sd_kubernetes_failures_total), window), 'pod'), 0),
    },
    { shows: 'Targets of the replica that answers you, by job', promql: countBy(select(scrape.up), 'job') },
    {
      shows: 'What the API server answers',
      logql: pipe(selectLines({ service: 'prometheus' }), contains('Failed to watch')),
    },
  ],
};

/** For the alerts of `rules/alerts/alertmanager.ts`. */
const alertmanagerQueries: RunbookQueries<keyof typeof alertmanagerAlerts> = {
  AlertmanagerMembersMissing: [
    {
      shows: 'Members that each member sees, itself included',
      promql: sumBy(select(alertmanager.alertmanager_cluster_members), 'pod', 'node'),
    },
    { shows: 'Which members answer a scrape', promql: alertmanagersThatAnswer },
    readyReplicas('alertmanager'),
  ],
  AlertmanagerConfigsDiffer: [
    {
      shows: 'A number for the configuration of each member: equal numbers, equal files',
      promql: sumBy(select(alertmanager.alertmanager_config_hash), 'pod'),
    },
    readyReplicas('alertmanager'),
  ],
  AlertmanagerNotificationsFailing: [
    {
      shows: 'Share of the notifications that fail, by receiver and by what they are sent with',
      promql: above(
        ratio(
          sumBy(
            rate(select(alertmanager.alertmanager_notifications_failed_total), aQuarter),
            'receiver_name',
            'integration',
          ),
          sumBy(rate(select(alertmanager.alertmanager_notifications_total), aQuarter), 'receiver_name', 'integration'),
        ),
        0,
      ),
    },
    {
      shows: 'How many in the last 15 minutes, by member and reason',
      promql: above(
        sumBy(
          increase(select(alertmanager.alertmanager_notifications_failed_total), aQuarter),
          'pod',
          'receiver_name',
          'reason',
        ),
        0,
      ),
    },
    {
      shows: 'The error of each notification that was given up',
      logql: pipe(selectLines({ service: 'alertmanager' }), contains('Notify for alerts failed')),
    },
  ],
};

export const monitoringQueries = { ...watchQueries, ...prometheusQueries, ...alertmanagerQueries };

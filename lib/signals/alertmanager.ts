import { Duration } from 'cdk8s';
import { alertmanager } from '../catalog/alertmanager';
import { maxBy, minBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { above, differs, equals, or, plus, ratio, times } from '../query/promql/operators';
import { increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { orNoShareOf } from './share';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// Whether people hear of the alerts that fire. Every member of the cluster gets each alert, and one of them sends.

/** As far back as the alert looks: a notification that fails is tried again after the group interval. */
const window = Duration.minutes(15);

export const alertsReceived: Signal = {
  title: 'Alerts received',
  description:
    'Alerts per second that each Alertmanager receives, repetitions included. All members should receive about the same. Prometheus cannot reach a member that receives none.',
  unit: 'alerts/s',
  queries: [
    plot(
      sumBy(rate(select(alertmanager.alertmanager_alerts_received_total), Duration.minutes(5)), 'pod', 'status'),
      legend`${'pod'}: ${'status'}`,
    ),
  ],
  watchedBy: [tellsOf('PrometheusAlertsNotDelivered')],
};

const sent = sumBy(
  increase(select(alertmanager.alertmanager_notifications_total), window),
  'integration',
  'receiver_name',
);

export const notifications: Signal = {
  title: 'Notifications',
  emptyWithout: 'No receiver is configured: alerts show in Alertmanager alone.',
  description:
    'Notifications in the last 15 minutes, by receiver and integration. The dead man’s switch sends steadily. A flood to people means that alerts should be grouped or fixed.',
  unit: 'notifications',
  queries: [plot(sent, legend`${'receiver_name'} by ${'integration'}`)],
  watchedBy: [tellsOf('AlertmanagerNotificationsFailing')],
};

/** Share of the notifications that were given up, 0 to 1. */
export const failedNotificationRatio: Vector<'integration' | 'receiver_name'> = ratio(
  sumBy(rate(select(alertmanager.alertmanager_notifications_failed_total), window), 'integration', 'receiver_name'),
  sumBy(rate(select(alertmanager.alertmanager_notifications_total), window), 'integration', 'receiver_name'),
);

const failedShare = orNoShareOf(failedNotificationRatio, sent);

export const notificationsFailing: Signal = {
  title: 'Notifications failing',
  emptyWithout: 'No receiver is configured: alerts show in Alertmanager alone.',
  description:
    'Share of notifications that failed, of the worst receiver. 0 is good. Above its threshold people are not told of alerts that fire: see which receiver fails, and why.',
  unit: 'ratio',
  queries: [plot(maxBy(failedShare), legend`failed`)],
  watchedBy: [firesAbove('AlertmanagerNotificationsFailing')],
};

export const notificationsFailingByReceiver: Signal = {
  title: 'Notifications failing by receiver',
  emptyWithout: 'No receiver is configured: alerts show in Alertmanager alone.',
  description:
    'Share of notifications that failed, by receiver and integration. 0 is good. Above the dashed line check the address of the receiver, its secret, and whether the cluster can reach it.',
  unit: 'ratio',
  queries: [plot(failedShare, legend`${'receiver_name'} by ${'integration'}`)],
  watchedBy: [firesAbove('AlertmanagerNotificationsFailing')],
};

export const failedNotifications: Signal = {
  title: 'Why notifications failed',
  description:
    'Notifications that failed in the last 15 minutes, by receiver and reason. A clientError is a wrong address or secret on our side; a serverError is a fault of the receiver.',
  unit: 'notifications',
  queries: [
    plot(
      above(
        sumBy(
          increase(select(alertmanager.alertmanager_notifications_failed_total), window),
          'receiver_name',
          'reason',
        ),
        0,
      ),
      legend`${'receiver_name'}: ${'reason'}`,
    ),
  ],
  watchedBy: [tellsOf('AlertmanagerNotificationsFailing')],
  emptyWhileWell: 'No notification failed.',
};

export const clusterMembers: Signal = {
  title: 'Members seen',
  description:
    'Members of the cluster that each Alertmanager sees, itself included. Each should see all of them. Members that do not see each other send every notification more than once.',
  unit: 'replicas',
  queries: [plot(maxBy(select(alertmanager.alertmanager_cluster_members), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('AlertmanagerMembersMissing')],
};

const highest = maxBy(select(alertmanager.alertmanager_config_hash));
const lowest = minBy(select(alertmanager.alertmanager_config_hash));

export const configurationsEqual: Signal = {
  title: 'Configurations',
  description:
    'Whether all Alertmanagers run the same configuration. They may differ while an update rolls out. If they stay different, who is notified depends on which of them sends: restart those with the old one.',
  unit: 'boolean',
  queries: [
    plot(or(plus(times(equals(highest, lowest), 0), 1), times(differs(highest, lowest), 0)), legend`configurations`),
  ],
  watchedBy: [tellsOf('AlertmanagerConfigsDiffer')],
  states: { 0: { text: 'differ', is: 'bad' }, 1: { text: 'equal', is: 'good' } },
};

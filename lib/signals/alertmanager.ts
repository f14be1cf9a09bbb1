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
    'Alerts per second that each Alertmanager gets, repetitions included. Members should get about the same; one that gets none cannot be reached by Prometheus.',
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
  emptyWithout: 'Nobody is told: alerts are seen in the interface of Alertmanager alone.',
  description:
    'Notifications within a quarter of an hour, by who is told and how. The dead man’s switch sends steadily; a flood to people means that alerts should be grouped, or mended.',
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
  emptyWithout: 'Nobody is told: alerts are seen in the interface of Alertmanager alone.',
  description:
    'Share of notifications that were given up, of the receiver that fares worst. 0 is good; above the limit people are not told of alerts that fire.',
  unit: 'ratio',
  queries: [plot(maxBy(failedShare), legend`failed`)],
  watchedBy: [firesAbove('AlertmanagerNotificationsFailing')],
};

export const notificationsFailingByReceiver: Signal = {
  title: 'Notifications failing by receiver',
  emptyWithout: 'Nobody is told: alerts are seen in the interface of Alertmanager alone.',
  description:
    'Share of notifications that were given up, by who should have been told and how. 0 is good; above the dashed line look at the receiver’s address, its secret, and the way out of the cluster.',
  unit: 'ratio',
  queries: [plot(failedShare, legend`${'receiver_name'} by ${'integration'}`)],
  watchedBy: [firesAbove('AlertmanagerNotificationsFailing')],
};

export const failedNotifications: Signal = {
  title: 'Why notifications failed',
  description:
    'Notifications that were given up within a quarter of an hour, and why. A clientError is an address or a secret of ours that is wrong; a serverError is the receiver’s own.',
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
    'How many members of the cluster each Alertmanager sees, itself included. All should see all; members that do not see each other send everything more than once.',
  unit: 'replicas',
  queries: [plot(maxBy(select(alertmanager.alertmanager_cluster_members), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('AlertmanagerMembersMissing')],
};

const highest = maxBy(select(alertmanager.alertmanager_config_hash));
const lowest = minBy(select(alertmanager.alertmanager_config_hash));

export const configurationsEqual: Signal = {
  title: 'Configurations',
  description:
    'Whether all Alertmanagers run with one configuration. They may differ for as long as an update takes; if they stay so, who is told depends on which of them sends.',
  unit: 'boolean',
  queries: [
    plot(or(plus(times(equals(highest, lowest), 0), 1), times(differs(highest, lowest), 0)), legend`configurations`),
  ],
  watchedBy: [tellsOf('AlertmanagerConfigsDiffer')],
  states: { 0: { text: 'differ', is: 'bad' }, 1: { text: 'equal', is: 'good' } },
};

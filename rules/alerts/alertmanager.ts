import { alertmanager } from '../../lib/catalog/alertmanager';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { maxBy, minBy } from '../../lib/query/promql/aggregate';
import { above, below, minus } from '../../lib/query/promql/operators';
import { select } from '../../lib/query/promql/select';
import { failedNotificationRatio } from '../../lib/signals/alertmanager';
import { alert, type AlertDefinitions } from './definition';

/** What each member of the Alertmanager cluster says about itself. */
export const alertmanagerAlerts: AlertDefinitions<
  'AlertmanagerMembersMissing' | 'AlertmanagerConfigsDiffer' | 'AlertmanagerNotificationsFailing'
> = {
  AlertmanagerMembersMissing: (_, { alertmanagerReplicas }) =>
    alert({
      expr: below(select(alertmanager.alertmanager_cluster_members), alertmanagerReplicas),
      service: 'alertmanager',
      summary: text`${label('pod')} finds only ${value.number} of ${alertmanagerReplicas} Alertmanagers`,
      description: text`Members that do not see each other send the same notification more than once.`,
    }),
  AlertmanagerConfigsDiffer: () =>
    alert({
      expr: above(
        minus(
          maxBy(select(alertmanager.alertmanager_config_hash)),
          minBy(select(alertmanager.alertmanager_config_hash)),
        ),
        0,
      ),
      service: 'alertmanager',
      summary: text`The Alertmanagers have different configurations`,
      description: text`Who is told depends on which of them sends: an update may have stopped half way.`,
    }),
  AlertmanagerNotificationsFailing: ({ threshold }) =>
    alert({
      expr: above(failedNotificationRatio, threshold),
      service: 'alertmanager',
      summary: text`${value.ratio} of the notifications to ${label('receiver_name')} are not sent`,
      description: text`More than ${percentage(threshold)} of those by ${label('integration')} were given up: people are not told of alerts that fire.`,
    }),
};

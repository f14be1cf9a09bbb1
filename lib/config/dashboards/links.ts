import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { runbookFile, type AlertName } from '../../catalog/alerts';
import { dashboards, type DashboardUid } from '../../catalog/dashboards';

/** Bears every dashboard of ours, so that each can list the others. */
export const tag = 'autoserve';

/** To another dashboard, with the same time and the same choices. */
export const toDashboard = (uid: DashboardUid): DashboardLinkBuilder =>
  new DashboardLinkBuilder(dashboards[uid].title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}?\${__url_time_range}&\${__all_variables}`);

/** What to do when an alert fires; as the alert's own link has it. */
export const toRunbook = (runbooks: string, alert: AlertName): DashboardLinkBuilder =>
  new DashboardLinkBuilder(`Runbook of ${alert}`)
    .type(DashboardLinkType.Link)
    .url(`${runbooks}/${runbookFile(alert)}`)
    .targetBlank(true);

/** To what people open beside Grafana. */
export const toPage = (title: string, url: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).icon('external link').url(url).targetBlank(true);

/** To all other dashboards, in a list that folds out. */
export const toAllDashboards = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);

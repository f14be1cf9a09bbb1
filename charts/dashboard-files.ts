import { allDashboards } from '../dashboards/all';
import type { DashboardUid } from '../lib/catalog/dashboards';
import type { Answerable } from '../lib/config/dashboards/check-dashboards';
import { grafanaDashboard } from '../lib/config/dashboards/dashboard';
import type { Profile } from '../lib/profile/profile';
import { deploymentOf } from './rule-files';

/** What the deployment of a profile has to show. */
export const answerableIn = (profile: Profile): Answerable => {
  const { features, jobs } = deploymentOf(profile);
  return { features, jobs, retention: { metrics: profile.prometheus.retention, logs: profile.logs.retention } };
};

/** The JSON of each dashboard; without spaces, since all that is applied at a time has a limit. */
export const dashboardFilesOf = (profile: Profile): Readonly<Record<DashboardUid, string>> => {
  const { name, namespaces, alerts, links } = profile;
  const settings = {
    environment: name,
    features: answerableIn(profile).features,
    alerts: alerts.table,
    runbooks: links.runbooks,
    links,
    applicationNamespace: namespaces.application,
  };
  return Object.fromEntries(
    allDashboards.map((dashboard) => [dashboard.uid, JSON.stringify(grafanaDashboard(dashboard, settings))]),
  ) as Readonly<Record<DashboardUid, string>>; // fromEntries forgets the names
};

import { dashboardUids, type DashboardUid } from '../lib/catalog/dashboards';
import type { Dashboard } from '../lib/config/dashboards/panel';
import { applicationOverview } from './application-overview';
import { databasePerformance } from './database-performance';
import { kubernetesInfrastructure } from './kubernetes-infrastructure';
import { logs } from './logs';
import { mlScaling } from './ml-scaling';
import { observabilityStack } from './observability-stack';
import { slos } from './slos';
import { traces } from './traces';

const dashboards: Readonly<Record<DashboardUid, Dashboard>> = {
  'application-overview': applicationOverview,
  'kubernetes-infrastructure': kubernetesInfrastructure,
  'ml-scaling': mlScaling,
  'database-performance': databasePerformance,
  slos,
  logs,
  traces,
  'observability-stack': observabilityStack,
};

/** Every dashboard of the catalog, in its order. */
export const allDashboards: readonly Dashboard[] = dashboardUids.map((uid) => dashboards[uid]);

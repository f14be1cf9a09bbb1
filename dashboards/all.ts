import type { Dashboard } from '../lib/config/dashboards/panel';
import { applicationOverview } from './application-overview';
import { databasePerformance } from './database-performance';
import { kubernetesInfrastructure } from './kubernetes-infrastructure';
import { logs } from './logs';
import { mlScaling } from './ml-scaling';
import { observabilityStack } from './observability-stack';
import { slos } from './slos';
import { traces } from './traces';

/** Every dashboard, in the order in which they are listed. */
export const allDashboards: readonly Dashboard[] = [
  applicationOverview,
  kubernetesInfrastructure,
  mlScaling,
  databasePerformance,
  slos,
  logs,
  traces,
  observabilityStack,
];

import type { AlertName } from '../../../lib/catalog/alerts';
import type { ScenarioTable } from '../scenario';
import { alertmanagerScenarios } from './alertmanager';
import { databaseScenarios } from './database';
import { logAgentScenarios } from './log-agent';
import { logStoreScenarios } from './log-store';
import { lokiRequestScenarios } from './loki';
import { monitoringScenarios } from './monitoring';
import { nodeScenarios } from './nodes';
import { podScenarios } from './pods';
import { prometheusScenarios } from './prometheus';
import { prometheusPartScenarios } from './prometheus-parts';
import { serviceScenarios } from './services';
import { sloScenarios } from './slos';
import { traceScenarios } from './traces';
import { volumeScenarios } from './volumes';
import { workloadScenarios } from './workloads';

/** The scenarios of every alert; one that is missing does not compile. */
export const scenarios: ScenarioTable<AlertName> = {
  ...serviceScenarios,
  ...sloScenarios,
  ...databaseScenarios,
  ...monitoringScenarios,
  ...nodeScenarios,
  ...volumeScenarios,
  ...podScenarios,
  ...workloadScenarios,
  ...prometheusScenarios,
  ...prometheusPartScenarios,
  ...alertmanagerScenarios,
  ...lokiRequestScenarios,
  ...logStoreScenarios,
  ...logAgentScenarios,
  ...traceScenarios,
};

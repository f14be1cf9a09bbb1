import type { Duration } from 'cdk8s';
import { alertNames, type AlertName } from '../lib/catalog/alerts';
import type { AlertingRule, RecordingRule, RuleGroup } from '../lib/config/rule-file';
import { alertmanagerAlerts } from './alerts/alertmanager';
import { databaseAlerts } from './alerts/database';
import { alertingRule, type AlertDefinitions, type Deployment } from './alerts/definition';
import { logAlerts } from './alerts/logs';
import { monitoringAlerts } from './alerts/monitoring';
import { nodeAlerts } from './alerts/nodes';
import { prometheusAlerts } from './alerts/prometheus';
import { serviceAlerts } from './alerts/services';
import { sloAlerts } from './alerts/slos';
import { traceAlerts } from './alerts/traces';
import { volumeAlerts } from './alerts/volumes';
import { workloadAlerts } from './alerts/workloads';
import { nodes } from './nodes';
import { serviceRules } from './services';
import { sloRules } from './slos/rules';

/** The groups of recorded series. */
export const recordingGroups = (evaluationInterval: Duration): readonly RuleGroup<RecordingRule>[] => [
  nodes,
  serviceRules,
  sloRules(evaluationInterval),
];

/** Every alert; one that is missing does not compile. */
export const alertDefinitions: AlertDefinitions<AlertName> = {
  ...serviceAlerts,
  ...sloAlerts,
  ...databaseAlerts,
  ...nodeAlerts,
  ...volumeAlerts,
  ...workloadAlerts,
  ...monitoringAlerts,
  ...prometheusAlerts,
  ...alertmanagerAlerts,
  ...logAlerts,
  ...traceAlerts,
};

/** The alerts that this deployment has. */
export const alerting = (deployment: Deployment): RuleGroup<AlertingRule> => ({
  name: 'alerts',
  rules: alertNames.flatMap((name) => alertingRule(name, alertDefinitions, deployment)),
});

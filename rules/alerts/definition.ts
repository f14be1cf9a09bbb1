import type { Duration } from 'cdk8s';
import {
  alertFacts,
  runbookFile,
  type AlertName,
  type AlertSettings,
  type AlertTable,
  type Feature,
} from '../../lib/catalog/alerts';
import type { ComponentName, NamespaceRole } from '../../lib/catalog/components';
import type { JobName } from '../../lib/catalog/scrape-jobs';
import { label, type Text } from '../../lib/config/alert-text';
import type { AlertingRule } from '../../lib/config/rule-file';
import type { Expression, Vector } from '../../lib/query/promql/expression';

/** What the rules have to know of the deployment that they watch. */
export interface Deployment {
  readonly namespaces: Readonly<Record<NamespaceRole, string>>;
  /** The scrape jobs that it has. */
  readonly jobs: readonly JobName[];
  readonly features: readonly Feature[];
  readonly alertmanagerReplicas: number;
  readonly evaluationInterval: Duration;
  /** Requests or tasks per second below which a share of them says nothing. */
  readonly minimumRate: number;
  /** Base URLs of what people open in a browser. */
  readonly links: { readonly grafana: string; readonly runbooks: string };
  readonly alerts: AlertTable;
}

/** What an alert is about when it is no component of ours: there are no logs of it. */
const withoutLogs = ['nodes', 'database'] as const;
type Other = (typeof withoutLogs)[number];

interface AlertProps<L extends string> {
  readonly expr: Vector<L>;
  /** The component or service that the alert is about: alerts are grouped and muted by it. */
  readonly service: ComponentName | Other | Text<NoInfer<L>>;
  /** One line: what is wrong, with how much. */
  readonly summary: Text<NoInfer<L>>;
  /** What it means, in a sentence or two. */
  readonly description: Text<NoInfer<L>>;
}

/** An alert whose texts name only labels that its expression keeps. */
export interface AlertBody {
  readonly expr: Expression;
  readonly service: string;
  readonly hasLogs: boolean;
  readonly summary: string;
  readonly description: string;
}

export const alert = <L extends string>({ expr, service, summary, description }: AlertProps<L>): AlertBody => ({
  expr,
  service: typeof service === 'string' ? service : service.template,
  hasLogs: !withoutLogs.some((other) => other === service),
  summary: summary.template,
  description: description.template,
});

/** How each of these alerts follows from its settings and the deployment. */
export type AlertDefinitions<N extends AlertName> = {
  readonly [K in N]: (settings: AlertSettings<K>, deployment: Deployment) => AlertBody;
};

/** The label `service`, where the series itself has it. */
export const ofItsService = label('service');

/** The rule of an alert, or nothing where the profile or the deployment leaves it out. */
export const alertingRule = (
  name: AlertName,
  definitions: AlertDefinitions<AlertName>,
  deployment: Deployment,
): readonly AlertingRule[] => {
  const { severity, dashboard, onlyWith } = alertFacts(name);
  const settings = deployment.alerts[name];
  if (settings === 'off' || (onlyWith !== undefined && !deployment.features.includes(onlyWith))) return [];
  // The type cannot say that both are of one name.
  const define = definitions[name] as (settings: AlertSettings<AlertName>, deployment: Deployment) => AlertBody;
  const { expr, service, hasLogs, summary, description } = define(settings, deployment);
  const { grafana, runbooks } = deployment.links;
  return [
    {
      alert: name,
      expr,
      for: settings.for,
      labels: { severity, service },
      annotations: {
        summary,
        description,
        runbook_url: `${runbooks}/${runbookFile(name)}`,
        dashboard_url: `${grafana}/d/${dashboard}?var-service=${service}`,
        ...(hasLogs && { logs_url: `${grafana}/d/logs?var-service=${service}` }),
      },
    },
  ];
};

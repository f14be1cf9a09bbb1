import type { AlertTimings, ReceiverRole } from '../catalog/receivers';
import { inhibitions, inhibitRule, type InhibitRule } from './inhibitions';
import { receiverConfig, type ReceiverConfig, type Receivers } from './receivers';
import { routeConfig, routeTree, type RouteConfig } from './routes';

interface AlertmanagerSettings {
  /** Who is told; a secret is the path of its file. */
  readonly receivers: Receivers<string>;
  readonly timings: AlertTimings;
  /** Where the templates of notifications are. */
  readonly templateFile: string;
}

/** @see https://prometheus.io/docs/alerting/latest/configuration/ */
export interface AlertmanagerConfig {
  readonly templates: readonly string[];
  readonly route: RouteConfig;
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly ReceiverConfig[];
}

const roles = ['page', 'team', 'dead-man'] as const satisfies readonly ReceiverRole[];

/** Names under which routes tell somebody, or nobody on purpose. */
export const receiverNames: readonly string[] = [...roles, 'nobody'];

/** Pure: the same settings give the same file. */
export const alertmanagerConfig = ({ receivers, timings, templateFile }: AlertmanagerSettings): AlertmanagerConfig => ({
  templates: [templateFile],
  route: routeConfig(routeTree(timings)),
  inhibit_rules: inhibitions.map(inhibitRule),
  receivers: [...roles.map((role) => receiverConfig(role, receivers[role])), { name: 'nobody' }],
});

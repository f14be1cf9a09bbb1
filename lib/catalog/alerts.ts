import type { Duration } from 'cdk8s';
import type { DashboardUid } from './dashboards';
import type { ReceiverRole, Severity } from './receivers';

/** What a deployment may lack; alerts about it are left out where it does. */
export type Feature = 'database' | 'tail-sampling' | 'alertmanager-cluster';

export interface AlertFacts {
  readonly severity: Severity;
  /** Where the one who is called sees what goes on. */
  readonly dashboard: DashboardUid;
  /** What its threshold counts, where it has one. */
  readonly threshold?: 'ratio' | 'seconds' | 'tasks' | 'decisions' | 'restarts' | 'series' | 'failures';
  readonly onlyWith?: Feature;
  /** Who hears of it beside those that its severity is for. */
  readonly alsoTells?: ReceiverRole;
}

const define = <const A extends Readonly<Record<string, AlertFacts>>>(alerts: A): A => alerts;

/** Every alert; `rules/alerts` says when it fires, `docs/runbooks` what to do then, a profile from when on. */
export const alerts = define({
  // The guide's.
  HighErrorRate: { severity: 'critical', dashboard: 'application-overview', threshold: 'ratio' },
  ServiceDown: { severity: 'critical', dashboard: 'application-overview' },
  DatabaseConnectionHigh: { severity: 'critical', dashboard: 'database-performance', threshold: 'ratio' },
  HighLatency: { severity: 'warning', dashboard: 'application-overview', threshold: 'seconds' },
  HighMemoryUsage: { severity: 'warning', dashboard: 'kubernetes-infrastructure', threshold: 'ratio' },
  LowDiskSpace: { severity: 'warning', dashboard: 'kubernetes-infrastructure', threshold: 'ratio' },

  // What AutoServe does for its users.
  ErrorBudgetBurnsFast: { severity: 'critical', dashboard: 'slos', threshold: 'failures' },
  ErrorBudgetBurnsSlowly: { severity: 'warning', dashboard: 'slos', threshold: 'failures' },
  QueueNotDraining: { severity: 'warning', dashboard: 'application-overview', threshold: 'tasks' },
  HighTaskFailureRatio: { severity: 'warning', dashboard: 'application-overview', threshold: 'ratio' },
  ModelStale: { severity: 'warning', dashboard: 'ml-scaling', threshold: 'seconds' },
  PredictionsInaccurate: { severity: 'warning', dashboard: 'ml-scaling', threshold: 'ratio' },
  ScalingFlapping: { severity: 'warning', dashboard: 'ml-scaling', threshold: 'decisions' },
  AnomalousSignal: { severity: 'info', dashboard: 'application-overview' },

  // The database behind it.
  DatabaseDown: { severity: 'critical', dashboard: 'database-performance', onlyWith: 'database' },
  DatabaseServerConnectionsHigh: {
    severity: 'warning',
    dashboard: 'database-performance',
    threshold: 'ratio',
    onlyWith: 'database',
  },
  ReplicationLagging: {
    severity: 'warning',
    dashboard: 'database-performance',
    threshold: 'seconds',
    onlyWith: 'database',
  },

  // The cluster beneath it.
  NodeNotReady: { severity: 'warning', dashboard: 'kubernetes-infrastructure' },
  NodeClockSkewed: { severity: 'warning', dashboard: 'kubernetes-infrastructure', threshold: 'seconds' },
  DiskFillingUp: { severity: 'warning', dashboard: 'kubernetes-infrastructure', threshold: 'ratio' },
  VolumeAlmostFull: { severity: 'critical', dashboard: 'kubernetes-infrastructure', threshold: 'ratio' },
  VolumeFillingUp: { severity: 'warning', dashboard: 'kubernetes-infrastructure', threshold: 'ratio' },
  PodNotReady: { severity: 'warning', dashboard: 'kubernetes-infrastructure' },
  PodCrashLooping: { severity: 'warning', dashboard: 'kubernetes-infrastructure', threshold: 'restarts' },
  ReplicasMissing: { severity: 'warning', dashboard: 'kubernetes-infrastructure' },
  EvictionsBlocked: { severity: 'warning', dashboard: 'kubernetes-infrastructure' },

  // The monitoring itself.
  Watchdog: { severity: 'none', dashboard: 'observability-stack' },
  TargetDown: { severity: 'warning', dashboard: 'observability-stack' },
  JobMissing: { severity: 'warning', dashboard: 'observability-stack' },
  PrometheusConfigRejected: { severity: 'warning', dashboard: 'observability-stack' },
  PrometheusRulesFailing: { severity: 'critical', dashboard: 'observability-stack' },
  PrometheusNotIngesting: { severity: 'critical', dashboard: 'observability-stack' },
  PrometheusAlertsNotDelivered: { severity: 'critical', dashboard: 'observability-stack', threshold: 'ratio' },
  PrometheusStorageFailing: { severity: 'warning', dashboard: 'observability-stack' },
  PrometheusScrapesRefused: { severity: 'warning', dashboard: 'observability-stack' },
  PrometheusDiscoveryFailing: { severity: 'warning', dashboard: 'observability-stack' },
  AnomalyDetectionStalled: { severity: 'warning', dashboard: 'observability-stack', threshold: 'seconds' },
  SeriesChurnHigh: { severity: 'warning', dashboard: 'observability-stack', threshold: 'series' },
  AlertmanagerMembersMissing: {
    severity: 'warning',
    dashboard: 'observability-stack',
    onlyWith: 'alertmanager-cluster',
  },
  AlertmanagerConfigsDiffer: {
    severity: 'warning',
    dashboard: 'observability-stack',
    onlyWith: 'alertmanager-cluster',
  },
  AlertmanagerNotificationsFailing: {
    severity: 'critical',
    dashboard: 'observability-stack',
    threshold: 'ratio',
    // It may be the way to those on call that fails.
    alsoTells: 'team',
  },
  LokiRequestsFailing: { severity: 'warning', dashboard: 'observability-stack', threshold: 'ratio' },
  LokiRequestsSlow: { severity: 'warning', dashboard: 'observability-stack', threshold: 'seconds' },
  LokiPanicked: { severity: 'warning', dashboard: 'observability-stack' },
  LokiLinesRefused: { severity: 'warning', dashboard: 'observability-stack' },
  LokiChunksNotStored: { severity: 'warning', dashboard: 'observability-stack' },
  LokiRetentionStalled: { severity: 'warning', dashboard: 'observability-stack', threshold: 'seconds' },
  LogLinesLost: { severity: 'warning', dashboard: 'observability-stack' },
  LogLinesCut: { severity: 'info', dashboard: 'logs' },
  LogsNotShipped: { severity: 'warning', dashboard: 'observability-stack' },
  LogBufferFilling: { severity: 'warning', dashboard: 'observability-stack', threshold: 'ratio' },
  SpansRefused: { severity: 'warning', dashboard: 'observability-stack', threshold: 'ratio' },
  SpansNotStored: { severity: 'warning', dashboard: 'observability-stack', threshold: 'ratio' },
  TracesUndecided: { severity: 'warning', dashboard: 'observability-stack', onlyWith: 'tail-sampling' },
});

type Alerts = typeof alerts;
export type AlertName = keyof Alerts;

export const alertNames = Object.keys(alerts) as readonly AlertName[];

/** The part of a URL that leads to the runbook of an alert. */
export const runbookFile = (name: AlertName): string => `${name}.md`;

export const alertFacts = (name: AlertName): AlertFacts => alerts[name];

/** What a profile says of an alert: from which value on it holds, and how long it must before it fires. */
export type AlertSettings<N extends AlertName> = { readonly for: Duration } & (Alerts[N] extends {
  readonly threshold: string;
}
  ? { readonly threshold: number }
  : object);

/** Every alert with its settings, or left out. */
export type AlertTable = { readonly [N in AlertName]: AlertSettings<N> | 'off' };

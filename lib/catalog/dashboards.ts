/** The folders of dashboards; `uid` is the one that links use. */
export const folders = {
  autoserve: { title: 'AutoServe' },
  platform: { title: 'Platform' },
} as const satisfies Readonly<Record<string, { readonly title: string }>>;

export type FolderUid = keyof typeof folders;

/** The dashboards, by the uid that links use. */
export const dashboards = {
  'application-overview': { title: 'Application Overview', folder: 'autoserve' },
  'kubernetes-infrastructure': { title: 'Kubernetes Infrastructure', folder: 'platform' },
  'ml-scaling': { title: 'ML Scaling', folder: 'autoserve' },
  'database-performance': { title: 'Database Performance', folder: 'autoserve' },
  slos: { title: 'SLOs', folder: 'autoserve' },
  logs: { title: 'Logs', folder: 'autoserve' },
  traces: { title: 'Traces', folder: 'autoserve' },
  'observability-stack': { title: 'Observability Stack', folder: 'platform' },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly folder: FolderUid }>>;

export type DashboardUid = keyof typeof dashboards;

export const dashboardUids = Object.keys(dashboards) as readonly DashboardUid[];

/** What people choose at the head of a dashboard; each is filled by a query, and may hold several values. */
export type VariableName = 'environment' | 'namespace' | 'service' | 'node' | 'database' | 'slo';

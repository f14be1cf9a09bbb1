/** The dashboards, by the uid that links use. */
export const dashboards = {
  'application-overview': { title: 'Application Overview' },
  'kubernetes-infrastructure': { title: 'Kubernetes Infrastructure' },
  'ml-scaling': { title: 'ML Scaling' },
  'database-performance': { title: 'Database Performance' },
  slos: { title: 'SLOs' },
  logs: { title: 'Logs' },
  traces: { title: 'Traces' },
  'observability-stack': { title: 'Observability Stack' },
} as const satisfies Readonly<Record<string, { readonly title: string }>>;

export type DashboardUid = keyof typeof dashboards;

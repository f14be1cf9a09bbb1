/** What Grafana asks, by the uid that dashboards and links between the signals use; each is a component, too. */
export const dataSources = {
  prometheus: { title: 'Prometheus' },
  loki: { title: 'Loki' },
  jaeger: { title: 'Jaeger' },
  alertmanager: { title: 'Alertmanager' },
} as const satisfies Readonly<Record<string, { readonly title: string }>>;

export type DataSourceUid = keyof typeof dataSources;

export const dataSourceUids = Object.keys(dataSources) as readonly DataSourceUid[];

import type { App, Chart, Duration } from 'cdk8s';
import { allDashboards } from '../dashboards/all';
import { alerts } from '../lib/catalog/alerts';
import { metricsOf } from '../lib/catalog/catalog';
import { isService, kubeletPort, services, type Service } from '../lib/catalog/components';
import { connections } from '../lib/catalog/connections';
import { imageReference } from '../lib/catalog/image';
import { seriesNames } from '../lib/catalog/metric';
import type { Exposer } from '../lib/catalog/scrape-jobs';
import { tracedServices } from '../lib/catalog/spans';
import { receiverNames } from '../lib/config/alertmanager';
import { checkRoutes } from '../lib/config/check-routes';
import { dashboardProviders } from '../lib/config/grafana-provisioning';
import { kustomization, type Kustomization } from '../lib/config/kustomization';
import { publicSecrets } from '../lib/config/public-secrets';
import { checkDashboards } from '../lib/config/dashboards/check-dashboards';
import { jaegerUi } from '../lib/config/jaeger';
import { secretFiles } from '../lib/config/receivers';
import { routeTree } from '../lib/config/routes';
import { samplingFile } from '../lib/config/sampling';
import { labels } from '../lib/constructs/labels';
import { checkRules } from '../lib/config/rule-file';
import { inCluster, urlOf, type Platform } from '../lib/platform/platform';
import { checkProfile } from '../lib/profile/check-profile';
import type { ExternalTraceStore, Profile, SecretRef, TraceStore } from '../lib/profile/profile';
import type { Problem } from '../lib/units/problem';
import { checkLogQueries } from '../lib/query/logql/log-query';
import { logQueries } from '../lib/signals/logs';
import { version } from '../package.json';
import { AgentAdmissionChart } from './agent-admission';
import { AnomalyDetectorChart } from './anomaly-detector';
import { AlertmanagerChart } from './alertmanager';
import { AutoServeChart, type Program } from './autoserve';
import { answerableIn, dashboardFilesOf } from './dashboard-files';
import { FluentBitChart } from './fluent-bit';
import { GrafanaChart, grafanaPaths } from './grafana';
import { JaegerChart, jaegerPaths } from './jaeger';
import { KubeStateMetricsChart } from './kube-state-metrics';
import { LokiChart, type ObjectStoreCredentials } from './loki';
import { NamespacesChart } from './namespaces';
import { NetworkPoliciesChart } from './network-policies';
import { NodeExporterChart } from './node-exporter';
import { PostgresExporterChart } from './postgres-exporter';
import { PrometheusChart } from './prometheus';
import {
  agentPaths,
  alertmanagerConfigOf,
  alertmanagerPeersOf,
  annotatedPodNamespacesOf,
  dataSourcesOf,
  deployedIn,
  fluentBitConfigOf,
  grafanaSecretsOf,
  grafanaSettingsOf,
  jaegerConfigOf,
  lokiConfigOf,
  lokiDataDirectory,
  pathPrefixOf,
  prometheusConfigOf,
  ruleDirectory,
} from './program-configs';
import { ruleFilesOf, ruleGroupsOf } from './rule-files';
import { SimulatorChart } from './simulator';

export interface StackProps {
  readonly profile: Profile;
  /** Each of our own programs as one JavaScript file. */
  readonly bundles: { readonly simulator: string; readonly 'anomaly-detector': string };
  /** The templates of what people read of alerts. */
  readonly notifications: string;
}

/** What each service runs; without images of its own, the simulator that is deployed beside it. */
const programs = (app: App, { name, autoserve, images, namespaces }: Profile, bundle: string) => {
  const { program } = autoserve;
  if (program !== 'simulator') {
    const { registry, version: tag, digests, user, pullSecret } = program;
    return {
      charts: [],
      programOf: (service: Service): Program => ({
        image: `${registry}/${service}:${tag}${digests === 'by-version' ? '' : `@${digests[service]}`}`,
        version: tag,
        user,
        ...(pullSecret !== 'none' && { pullSecret: pullSecret.secretName }),
      }),
    };
  }
  const chart = new SimulatorChart(app, 'simulator', {
    namespace: namespaces.application,
    bundle,
    labels: { ...labels({ name: 'simulator', instance: name, version }) },
  });
  const simulator: Program = {
    image: imageReference(images.node),
    version: 'simulator',
    user: images.node.user,
    simulator: chart.configMapName,
  };
  return { charts: [chart], programOf: () => simulator };
};

/** A variable for each service that the service calls: `WORKER_URL` and the like. */
const peersOf = (platform: Platform, service: Service): Readonly<Record<string, string>> =>
  Object.fromEntries(
    connections
      .filter(({ from, to }) => from === service && isService(to))
      .map(({ to }) => [`${to.toUpperCase().replaceAll('-', '_')}_URL`, urlOf(platform, service, to)]),
  );

/** Everything that is wrong with a profile, and what rules and panels ask that it cannot answer. */
export function* problemsOf(profile: Profile): Iterable<Problem> {
  const ofProfile = [...checkProfile(profile)];
  yield* ofProfile;
  // Of numbers that are none, no rule can be made.
  if (ofProfile.some(({ path }) => /\.alerts\.(minimumRate|table\.\w+\.threshold)$/.test(path))) return;
  const { scrapeInterval, evaluationInterval, jobIntervals, retention } = profile.prometheus;
  const intervals = new Map<string, Duration>([['rules', evaluationInterval], ...Object.entries(jobIntervals)]);
  const limits = { intervalOf: (exposer: Exposer) => intervals.get(exposer) ?? scrapeInterval, retention };
  const queries = [
    ...checkRules(Object.values(ruleGroupsOf(profile)).flat(), limits),
    ...checkLogQueries(logQueries, profile.logs.retention),
    ...checkDashboards(allDashboards, answerableIn(profile)),
    ...checkRoutes(routeTree(profile.alertmanager.timings), receiverNames, alerts),
  ];
  for (const { path, ...problem } of queries) yield { path: `${profile.name}.${path}`, ...problem };
}

/** How the SDK of each store finds its credentials. */
const credentialsVariable = { s3: 'AWS_SHARED_CREDENTIALS_FILE', gcs: 'GOOGLE_APPLICATION_CREDENTIALS' } as const;

const objectStoreCredentials = ({ objects }: Profile['logs']['loki']): ObjectStoreCredentials | 'none' =>
  objects === 'volume' || objects.credentials === 'workload-identity'
    ? 'none'
    : { ...objects.credentials, variable: credentialsVariable[objects.kind] };

const isExternal = (store: TraceStore): store is ExternalTraceStore =>
  store.kind !== 'memory' && store.kind !== 'badger';

/** What an external store asks of those who connect, as files. */
const storeSecrets = (store: TraceStore): Readonly<Record<string, SecretRef>> =>
  isExternal(store)
    ? {
        ...(store.credentials !== 'none' && store.credentials),
        ...(typeof store.tls === 'object' && { 'ca.crt': store.tls.ca }),
      }
    : {};

/** The whole deployment: slices a profile into the props of each chart, in the order in which they are read. */
export const stack = (app: App, { profile, bundles, notifications }: StackProps): readonly Chart[] => {
  const { namespaces, images, autoserve, network, database, links, alertmanager, logs, traces, grafana } = profile;
  const instance = profile.name;
  const platform = inCluster(namespaces);
  const deployed = deployedIn(profile);
  const { charts: simulatorCharts, programOf } = programs(app, profile, bundles.simulator);

  const common = (name: string) => ({ labels: { ...labels({ name, instance, version }) } });
  const first = new NamespacesChart(app, 'namespaces', { namespaces, ...common('namespaces') });
  const nodeExporter = new NodeExporterChart(app, 'node-exporter', {
    namespace: namespaces.agents,
    instance,
    image: images.nodeExporter,
    resources: profile.nodeExporter,
  });
  const fluentBit = new FluentBitChart(app, 'fluent-bit', {
    namespace: namespaces.agents,
    instance,
    image: images.fluentBit,
    config: fluentBitConfigOf(profile, platform),
    resources: logs.agent,
    hostPaths: agentPaths(profile),
  });
  return [
    first,
    new AgentAdmissionChart(app, 'agent-admission', {
      ...common('agent-admission'),
      agentNamespace: namespaces.agents,
      allowed: [nodeExporter.hostAccess, fluentBit.hostAccess],
    }),
    new NetworkPoliciesChart(app, 'network-policies', {
      ...common('network-policies'),
      instance,
      namespaces,
      deployed,
      nodeCidrs: network.nodeCidrs,
      external: {
        'api-server': network.apiServer,
        kubelets: { cidrs: network.nodeCidrs, ports: [kubeletPort] },
        ...(database !== 'none' && { database: database.endpoint }),
        ...(alertmanager.network !== 'none' && { receivers: alertmanager.network }),
        ...(autoserve.broker !== 'none' && { broker: autoserve.broker }),
        ...(logs.loki.objects !== 'volume' && { 'object-store': logs.loki.objects.network }),
        ...(isExternal(traces.store) && { 'trace-store': traces.store.network }),
        ...(grafana.store.kind === 'postgres' && { 'grafana-database': grafana.store.network }),
      },
      clientNamespaces: {
        backend: autoserve.clientNamespaces,
        grafana: grafana.ingress === 'none' ? [] : [grafana.ingress.controllerNamespace],
      },
      annotatedPodNamespaces: annotatedPodNamespacesOf(profile),
    }),
    ...simulatorCharts,
    ...services.map(
      (service) =>
        new AutoServeChart(app, service, {
          namespace: namespaces.application,
          instance,
          service,
          program: programOf(service),
          ...autoserve.services[service],
          logLevel: autoserve.logLevel,
          environment: profile.name,
          traces: {
            endpoint: urlOf(platform, service, 'jaeger', 'otlp-http'),
            ratio: traces.headSampling[tracedServices[service].criticality],
          },
          peers: peersOf(platform, service),
          secret: autoserve.secret,
        }),
    ),
    new PrometheusChart(app, 'prometheus', {
      namespace: namespaces.monitoring,
      instance,
      image: images.prometheus,
      replicas: profile.prometheus.replicas,
      config: prometheusConfigOf(profile, platform),
      ruleDirectory,
      rules: ruleFilesOf(profile),
      externalUrl: links.prometheus,
      resources: profile.prometheus.resources,
      volume: profile.prometheus.volume,
      scrapedNamespaces: [...Object.values(namespaces), ...profile.prometheus.annotatedPodNamespaces],
    }),
    new AlertmanagerChart(app, 'alertmanager', {
      namespace: namespaces.monitoring,
      instance,
      image: images.alertmanager,
      config: alertmanagerConfigOf(profile),
      notifications,
      secrets: secretFiles(alertmanager.receivers),
      externalUrl: links.alertmanager,
      peers: alertmanagerPeersOf(profile, platform),
      peerTimeout: alertmanager.timings.peerTimeout,
      startDelay: alertmanager.timings.startDelay,
      resources: alertmanager.resources,
      volume: alertmanager.volume,
    }),
    new LokiChart(app, 'loki', {
      namespace: namespaces.monitoring,
      instance,
      image: images.loki,
      replicas: logs.loki.replicas,
      config: lokiConfigOf(profile, platform),
      dataDirectory: lokiDataDirectory,
      resources: logs.loki.resources,
      volume: logs.loki.volume,
      credentials: objectStoreCredentials(logs.loki),
    }),
    new JaegerChart(app, 'jaeger', {
      namespace: namespaces.monitoring,
      instance,
      image: images.jaeger,
      replicas: traces.replicas,
      config: jaegerConfigOf(profile, platform),
      ui: jaegerUi,
      sampling: samplingFile(tracedServices, traces.headSampling),
      paths: jaegerPaths,
      resources: traces.resources,
      volume: traces.store.kind === 'badger' ? traces.store.volume : 'none',
      secrets: storeSecrets(traces.store),
      featureGates: traces.store.kind === 'clickhouse' ? ['storage.clickhouse'] : [],
    }),
    new GrafanaChart(app, 'grafana', {
      namespace: namespaces.monitoring,
      instance,
      image: images.grafana,
      replicas: grafana.store.kind === 'postgres' ? grafana.store.replicas : 1,
      settings: grafanaSettingsOf(profile, platform),
      dataSources: dataSourcesOf(profile, platform),
      dashboardProviders: dashboardProviders(grafanaPaths.dashboards),
      dashboards: dashboardFilesOf(profile),
      secrets: grafanaSecretsOf(profile),
      pathPrefix: pathPrefixOf(links.grafana),
      resources: grafana.resources,
      volume: grafana.store.kind === 'sqlite' ? grafana.store.volume : 'none',
      ingress: grafana.ingress,
    }),
    new AnomalyDetectorChart(app, 'anomaly-detector', {
      namespace: namespaces.monitoring,
      instance,
      image: images.node,
      version,
      bundle: bundles['anomaly-detector'],
      prometheusUrl: urlOf(platform, 'anomaly-detector', 'prometheus'),
      ...profile.anomalies,
    }),
    new KubeStateMetricsChart(app, 'kube-state-metrics', {
      namespace: namespaces.monitoring,
      instance,
      image: images.kubeStateMetrics,
      resources: profile.kubeStateMetrics,
      metricNames: metricsOf('kube-state-metrics').flatMap(seriesNames),
    }),
    nodeExporter,
    fluentBit,
    ...(database === 'none'
      ? []
      : [
          new PostgresExporterChart(app, 'postgres-exporter', {
            namespace: namespaces.monitoring,
            instance,
            image: images.postgresExporter,
            resources: database.resources,
            dsn: database.dsn,
          }),
        ]),
  ];
};

/** What `kubectl apply -k` reads first: the files of the profile, and such Secrets as are none. */
export const kustomizationOf = (profile: Profile, files: readonly string[]): Kustomization =>
  kustomization(
    files,
    profile.secrets === 'public' ? publicSecrets(grafanaSecretsOf(profile), profile.namespaces.monitoring) : [],
  );

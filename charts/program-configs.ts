import { portOf, services, type ComponentName } from '../lib/catalog/components';
import { keepEverything } from '../lib/catalog/logs';
import { scrapeJobs, type JobName, type ScrapeJob } from '../lib/catalog/scrape-jobs';
import { tracedServices } from '../lib/catalog/spans';
import { alertmanagerConfig } from '../lib/config/alertmanager';
import { fluentBitConfig } from '../lib/config/fluent-bit';
import { dataSourcesFile } from '../lib/config/grafana-data-sources';
import { grafanaSettings, type GrafanaDatabase, type GrafanaSecret } from '../lib/config/grafana-settings';
import { jaegerConfig } from '../lib/config/jaeger';
import { lokiConfig } from '../lib/config/loki';
import { prometheusConfig } from '../lib/config/prometheus';
import { withSecretFiles } from '../lib/config/receivers';
import { urlOf, type Platform } from '../lib/platform/platform';
import { acceptanceWindow, bufferSizes, ingestionRate } from '../lib/profile/outage';
import type { GrafanaStore, Profile, SecretRef } from '../lib/profile/profile';
import { alertmanagerPaths } from './alertmanager';
import type { HostAccess } from './agent-admission';
import { dashboardPath, grafanaPaths } from './grafana';
import { jaegerPaths } from './jaeger';
import { governingService } from './loki';

// What each program reads: a profile sets it, and the platform says where the others are.

export const ruleDirectory = '/etc/prometheus/rules';

export const deployedIn = ({ database }: Profile): readonly ComponentName[] => [
  ...services,
  'prometheus',
  'alertmanager',
  'loki',
  'jaeger',
  'anomaly-detector',
  'grafana',
  'fluent-bit',
  'kube-state-metrics',
  'node-exporter',
  ...(database === 'none' ? [] : (['postgres-exporter'] as const)),
];

/** The jobs whose targets are deployed. */
export const jobsIn = (deployed: readonly ComponentName[]): readonly JobName[] =>
  (Object.entries(scrapeJobs) as [JobName, ScrapeJob][])
    .filter(([, { discovery }]) => discovery === 'kubelet' || deployed.includes(discovery.pods))
    .map(([name]) => name);

/** Namespaces in which Prometheus takes whatever pod asks for it. */
export const annotatedPodNamespacesOf = ({ namespaces, prometheus }: Profile): readonly string[] => [
  namespaces.application,
  ...prometheus.annotatedPodNamespaces,
];

/** The path of a base URL, as it stands before others: nothing, where there is none. */
export const pathPrefixOf = (url: string): string => new URL(url).pathname.replace(/\/$/, '');

/** Prometheus' configuration for a profile; the platform says where the API server is. */
export const prometheusConfigOf = (profile: Profile, platform: Platform) =>
  prometheusConfig(
    {
      ...profile.prometheus,
      cluster: profile.cluster,
      // Elsewhere it answers by sending people there.
      pathPrefixes: { grafana: pathPrefixOf(profile.links.grafana) },
      kubeletCertificates: profile.network.kubeletCertificates,
      jobs: jobsIn(deployedIn(profile)),
      annotatedPodNamespaces: annotatedPodNamespacesOf(profile),
      ruleDirectory,
      alertmanagers: profile.alertmanager.replicas,
    },
    platform,
  );

export const alertmanagerConfigOf = ({ alertmanager: { receivers, timings } }: Profile) =>
  alertmanagerConfig({
    receivers: withSecretFiles(receivers, alertmanagerPaths.secrets),
    timings,
    templateFile: alertmanagerPaths.templateFile,
  });

/** Where the replicas of Alertmanager meet. */
export const alertmanagerPeersOf = ({ alertmanager }: Profile, platform: Platform): readonly string[] =>
  platform
    .replicaHostsOf('alertmanager', alertmanager.replicas)
    .map((host) => `${host}:${portOf('alertmanager', 'gossip')}`);

const logDirectory = '/var/log/pods';
const stateDirectory = '/var/lib/autoserve-fluent-bit';

/** Paths of the node, and what the agent may do there. */
export const agentPaths = ({ logs }: Profile): HostAccess['paths'] => ({
  '/var/log': 'read-only',
  // There the files lie that the links in /var/log/pods point to.
  ...(logs.runtime === 'docker' && { '/var/lib/docker/containers': 'read-only' }),
  [stateDirectory]: 'read-write',
});

/** The log agent's configuration; AutoServe's lines and everybody else's keep out of each other's way. */
export const fluentBitConfigOf = ({ namespaces, logs }: Profile, platform: Platform) => {
  const { application, platform: others } = bufferSizes(logs);
  return fluentBitConfig({
    sources: [
      {
        name: 'application',
        include: `${namespaces.application}_*`,
        exclude: [],
        bufferLimit: application,
        reduction: logs.reduction,
      },
      {
        name: 'platform',
        include: '*',
        // Its own lines would each cause another.
        exclude: [`${namespaces.application}_*`, `${namespaces.agents}_fluent-bit-*`],
        bufferLimit: others,
        reduction: keepEverything,
      },
    ],
    runtime: logs.runtime,
    buffer: logs.buffer === 'memory' ? 'memory' : 'disk',
    lokiHost: platform.hostOf('loki'),
    logDirectory,
    stateDirectory,
    listen: platform.listenAddressOf('fluent-bit'),
  });
};

export const lokiDataDirectory = '/loki';

export const lokiConfigOf = ({ logs }: Profile, platform: Platform) =>
  lokiConfig({
    objects: logs.loki.objects,
    replicas: logs.loki.replicas,
    gossipHost: `${governingService}:${portOf('loki', 'gossip')}`,
    retention: logs.retention,
    acceptance: acceptanceWindow(logs),
    ingestionRate: ingestionRate(logs),
    memoryLimit: logs.loki.resources.memory.limit,
    dataDirectory: lokiDataDirectory,
    listen: platform.listenAddressOf('loki'),
  });

export const jaegerConfigOf = ({ traces }: Profile, platform: Platform) =>
  jaegerConfig({
    storage: traces.store,
    directories: jaegerPaths,
    tailSampling: traces.tailSampling,
    tracedServices,
    memoryLimit: traces.resources.memory.limit,
    prometheusUrl: urlOf(platform, 'jaeger', 'prometheus'),
    samplingFile: jaegerPaths.samplingFile,
    uiFile: jaegerPaths.uiFile,
    listen: platform.listenAddressOf('jaeger'),
  });

const grafanaDatabaseOf = (store: GrafanaStore): GrafanaDatabase =>
  store.kind === 'sqlite'
    ? 'sqlite'
    : {
        address: store.address,
        name: store.database,
        tls: typeof store.tls === 'object' ? 'own-ca' : store.tls,
      };

export const grafanaSettingsOf = ({ grafana, links }: Profile, platform: Platform) =>
  grafanaSettings({
    url: links.grafana,
    listen: { address: platform.listenAddressOf('grafana'), port: portOf('grafana', 'http') },
    paths: grafanaPaths,
    home: dashboardPath('application-overview'),
    database: grafanaDatabaseOf(grafana.store),
  });

/** The files that these settings name. */
export const grafanaSecretsOf = ({
  grafana: { admin, secretKey, store },
}: Profile): Readonly<Partial<Record<GrafanaSecret, SecretRef>>> => ({
  'admin-user': admin.user,
  'admin-password': admin.password,
  'secret-key': secretKey,
  ...(store.kind === 'postgres' && {
    'database-user': store.user,
    'database-password': store.password,
    ...(typeof store.tls === 'object' && { 'database-ca': store.tls.ca }),
  }),
});

export const dataSourcesOf = ({ prometheus, images }: Profile, platform: Platform) =>
  dataSourcesFile({
    urls: {
      prometheus: urlOf(platform, 'grafana', 'prometheus'),
      loki: urlOf(platform, 'grafana', 'loki'),
      jaeger: urlOf(platform, 'grafana', 'jaeger'),
      alertmanager: urlOf(platform, 'grafana', 'alertmanager'),
    },
    scrapeInterval: prometheus.scrapeInterval,
    prometheusVersion: images.prometheus.tag.replace(/^v/, ''),
  });

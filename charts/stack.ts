import type { App, Chart } from 'cdk8s';
import { metricsOf } from '../lib/catalog/catalog';
import { kubeletPort, services, type ComponentName, type Service } from '../lib/catalog/components';
import { imageReference } from '../lib/catalog/image';
import { seriesNames } from '../lib/catalog/metric';
import { scrapeJobs, type JobName, type ScrapeJob } from '../lib/catalog/scrape-jobs';
import { prometheusConfig } from '../lib/config/prometheus';
import { checkRules, ruleFile } from '../lib/config/rule-file';
import { inCluster, urlOf, type Platform } from '../lib/platform/platform';
import type { Profile } from '../lib/profile/profile';
import { refuse } from '../lib/units/problem';
import { ruleGroups } from '../rules/rule-groups';
import { AgentAdmissionChart } from './agent-admission';
import { AutoServeChart, type Program } from './autoserve';
import { KubeStateMetricsChart } from './kube-state-metrics';
import { NamespacesChart } from './namespaces';
import { NetworkPoliciesChart } from './network-policies';
import { NodeExporterChart } from './node-exporter';
import { PostgresExporterChart } from './postgres-exporter';
import { PrometheusChart } from './prometheus';

export interface StackProps {
  readonly profile: Profile;
  /** The simulator as one JavaScript file. */
  readonly simulator: string;
}

const ruleDirectory = '/etc/prometheus/rules';

const programOf = ({ autoserve, images }: Profile, service: Service, simulator: string): Program => {
  if (autoserve.program === 'simulator')
    return { simulator, nodeImage: imageReference(images.node), user: images.node.user };
  const { registry, version, user } = autoserve.program;
  return { image: `${registry}/${service}:${version}`, version, user };
};

const deployedIn = ({ database }: Profile): readonly ComponentName[] => [
  ...services,
  'prometheus',
  'kube-state-metrics',
  'node-exporter',
  ...(database === 'none' ? [] : (['postgres-exporter'] as const)),
];

/** The jobs whose targets are deployed. */
const jobsIn = (deployed: readonly ComponentName[]): readonly JobName[] =>
  (Object.entries(scrapeJobs) as [JobName, ScrapeJob][])
    .filter(([, { discovery }]) => discovery === 'kubelet' || deployed.includes(discovery.pods))
    .map(([name]) => name);

const peersOf = (platform: Platform, service: Service): Readonly<Record<string, string>> => {
  if (service === 'worker') return {};
  return { WORKER_URL: urlOf(platform, service, 'worker') };
};

/** Prometheus' configuration for a profile; the platform says where the API server is. */
export const prometheusConfigOf = (profile: Profile, platform: Platform) =>
  prometheusConfig(
    {
      ...profile.prometheus,
      cluster: profile.cluster,
      kubeletCertificates: profile.network.kubeletCertificates,
      jobs: jobsIn(deployedIn(profile)),
      annotatedPodNamespaces: [profile.namespaces.application, ...profile.prometheus.annotatedPodNamespaces],
      ruleDirectory,
    },
    platform,
  );

/**
 * The whole deployment: slices a profile into the props of each chart, in the order in which they are applied.
 *
 * @throws InvalidInput when the rules ask what this profile cannot answer.
 */
export const stack = (app: App, { profile, simulator }: StackProps): readonly Chart[] => {
  const { namespaces, images, autoserve, network, database } = profile;
  const instance = profile.name;
  const platform = inCluster(namespaces);
  const deployed = deployedIn(profile);
  const annotatedPodNamespaces = [namespaces.application, ...profile.prometheus.annotatedPodNamespaces];
  refuse(checkRules(ruleGroups, profile.prometheus));

  const first = new NamespacesChart(app, 'namespaces', { namespaces });
  const nodeExporter = new NodeExporterChart(app, 'node-exporter', {
    namespace: namespaces.agents,
    instance,
    image: images.nodeExporter,
    resources: profile.nodeExporter,
  });
  return [
    first,
    new AgentAdmissionChart(app, 'agent-admission', {
      agentNamespace: namespaces.agents,
      allowed: [nodeExporter.hostAccess],
    }),
    new NetworkPoliciesChart(app, 'network-policies', {
      instance,
      namespaces,
      deployed,
      nodeCidrs: network.nodeCidrs,
      external: {
        'api-server': network.apiServer,
        kubelets: { cidrs: network.nodeCidrs, ports: [kubeletPort] },
        ...(database !== 'none' && { database: database.endpoint }),
      },
      clientNamespaces: autoserve.clientNamespaces,
      annotatedPodNamespaces,
    }),
    ...services.map(
      (service) =>
        new AutoServeChart(app, service, {
          namespace: namespaces.application,
          instance,
          service,
          program: programOf(profile, service, simulator),
          ...autoserve.services[service],
          logLevel: autoserve.logLevel,
          environment: profile.name,
          peers: peersOf(platform, service),
          secretName: autoserve.secretName,
        }),
    ),
    new PrometheusChart(app, 'prometheus', {
      namespace: namespaces.monitoring,
      instance,
      image: images.prometheus,
      replicas: profile.prometheus.replicas,
      config: prometheusConfigOf(profile, platform),
      ruleDirectory,
      rules: ruleFile(ruleGroups),
      resources: profile.prometheus.resources,
      volume: profile.prometheus.volume,
      scrapedNamespaces: [...Object.values(namespaces), ...profile.prometheus.annotatedPodNamespaces],
    }),
    new KubeStateMetricsChart(app, 'kube-state-metrics', {
      namespace: namespaces.monitoring,
      instance,
      image: images.kubeStateMetrics,
      resources: profile.kubeStateMetrics,
      metricNames: metricsOf('kube-state-metrics').flatMap(seriesNames),
    }),
    nodeExporter,
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

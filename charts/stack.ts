import type { App, Chart, Duration } from 'cdk8s';
import { metricsOf } from '../lib/catalog/catalog';
import { kubeletPort, services, type ComponentName, type Service } from '../lib/catalog/components';
import { connections } from '../lib/catalog/connections';
import { imageReference } from '../lib/catalog/image';
import { seriesNames } from '../lib/catalog/metric';
import { scrapeJobs, type Exposer, type JobName, type ScrapeJob } from '../lib/catalog/scrape-jobs';
import { labels } from '../lib/constructs/labels';
import { prometheusConfig } from '../lib/config/prometheus';
import { checkRules, ruleFile } from '../lib/config/rule-file';
import { inCluster, urlOf, type Platform } from '../lib/platform/platform';
import { checkProfile } from '../lib/profile/check-profile';
import type { Profile } from '../lib/profile/profile';
import type { Problem } from '../lib/units/problem';
import { version } from '../package.json';
import { ruleGroups } from '../rules/rule-groups';
import { AgentAdmissionChart } from './agent-admission';
import { AutoServeChart, type Program } from './autoserve';
import { KubeStateMetricsChart } from './kube-state-metrics';
import { NamespacesChart } from './namespaces';
import { NetworkPoliciesChart } from './network-policies';
import { NodeExporterChart } from './node-exporter';
import { PostgresExporterChart } from './postgres-exporter';
import { PrometheusChart } from './prometheus';
import { SimulatorChart } from './simulator';

export interface StackProps {
  readonly profile: Profile;
  /** The simulator as one JavaScript file. */
  readonly simulator: string;
}

const ruleDirectory = '/etc/prometheus/rules';

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

/** A variable for each component that the service calls: `WORKER_URL` and the like. */
const peersOf = (platform: Platform, service: Service): Readonly<Record<string, string>> =>
  Object.fromEntries(
    connections
      .filter(({ from }) => from === service)
      .map(({ to }) => [`${to.toUpperCase().replaceAll('-', '_')}_URL`, urlOf(platform, service, to)]),
  );

/** Namespaces in which Prometheus takes whatever pod asks for it. */
const annotatedPodNamespacesOf = ({ namespaces, prometheus }: Profile): readonly string[] => [
  namespaces.application,
  ...prometheus.annotatedPodNamespaces,
];

/** Everything that is wrong with a profile, and what the rules ask that it cannot answer. */
export function* problemsOf(profile: Profile): Iterable<Problem> {
  yield* checkProfile(profile);
  const { scrapeInterval, evaluationInterval, jobIntervals, retention } = profile.prometheus;
  const intervals = new Map<string, Duration>([['rules', evaluationInterval], ...Object.entries(jobIntervals)]);
  const limits = { intervalOf: (exposer: Exposer) => intervals.get(exposer) ?? scrapeInterval, retention };
  for (const { path, ...problem } of checkRules(ruleGroups, limits))
    yield { path: `${profile.name}.${path}`, ...problem };
}

/** Prometheus' configuration for a profile; the platform says where the API server is. */
export const prometheusConfigOf = (profile: Profile, platform: Platform) =>
  prometheusConfig(
    {
      ...profile.prometheus,
      cluster: profile.cluster,
      kubeletCertificates: profile.network.kubeletCertificates,
      jobs: jobsIn(deployedIn(profile)),
      annotatedPodNamespaces: annotatedPodNamespacesOf(profile),
      ruleDirectory,
    },
    platform,
  );

/** The whole deployment: slices a profile into the props of each chart, in the order in which they are read. */
export const stack = (app: App, { profile, simulator }: StackProps): readonly Chart[] => {
  const { namespaces, images, autoserve, network, database } = profile;
  const instance = profile.name;
  const platform = inCluster(namespaces);
  const deployed = deployedIn(profile);
  const { charts: simulatorCharts, programOf } = programs(app, profile, simulator);

  const common = (name: string) => ({ labels: { ...labels({ name, instance, version }) } });
  const first = new NamespacesChart(app, 'namespaces', { namespaces, ...common('namespaces') });
  const nodeExporter = new NodeExporterChart(app, 'node-exporter', {
    namespace: namespaces.agents,
    instance,
    image: images.nodeExporter,
    resources: profile.nodeExporter,
  });
  return [
    first,
    new AgentAdmissionChart(app, 'agent-admission', {
      ...common('agent-admission'),
      agentNamespace: namespaces.agents,
      allowed: [nodeExporter.hostAccess],
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
        ...(autoserve.broker !== 'none' && { broker: autoserve.broker }),
      },
      clientNamespaces: autoserve.clientNamespaces,
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

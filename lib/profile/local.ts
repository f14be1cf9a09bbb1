import { Duration, Size } from 'cdk8s';
import { keepEverything } from '../catalog/logs';
import { production } from './production';
import type { Profile, ServiceProfile } from './profile';

const small: ServiceProfile = {
  replicas: 1,
  resources: {
    cpu: 0.02,
    memory: { request: Size.mebibytes(64), limit: Size.mebibytes(192) },
    ephemeralStorage: Size.mebibytes(64),
  },
};

/** A kind cluster on a laptop, where the simulator plays AutoServe. */
export const local: Profile = {
  ...production,
  name: 'local',
  cluster: 'local',
  namespaces: { ...production.namespaces, application: 'autoserve-local' },
  network: { ...production.network, kubeletCertificates: 'self-signed' },
  autoserve: {
    program: 'simulator',
    services: { backend: small, worker: small, 'ml-controller': small },
    logLevel: 'DEBUG',
    secret: 'none',
    broker: 'none',
    clientNamespaces: [],
  },
  // What `kubectl port-forward` opens.
  links: {
    ...production.links,
    alertmanager: 'http://localhost:9093',
    prometheus: 'http://localhost:9090',
    grafana: 'http://localhost:3000',
  },
  prometheus: {
    ...production.prometheus,
    replicas: 1,
    retentionSize: Size.gibibytes(4),
    volume: { ...production.prometheus.volume, size: Size.gibibytes(5) },
    resources: {
      cpu: 0.1,
      memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) },
      ephemeralStorage: Size.mebibytes(64),
    },
  },
  alerts: {
    ...production.alerts,
    table: {
      ...production.alerts.table,
      // The simulator's day lasts ten minutes, with all its ups and downs.
      ScalingFlapping: { for: Duration.minutes(5), threshold: 100 },
    },
  },
  alertmanager: {
    ...production.alertmanager,
    replicas: 1,
    resources: {
      cpu: 0.02,
      memory: { request: Size.mebibytes(32), limit: Size.mebibytes(128) },
      ephemeralStorage: Size.mebibytes(64),
    },
    receivers: {
      page: { kind: 'interface-only' },
      team: { kind: 'interface-only' },
      'dead-man': { kind: 'interface-only' },
    },
    network: 'none',
  },
  logs: {
    ...production.logs,
    outage: { duration: Duration.hours(1), linesPerSecond: { application: 100, platform: 50 } },
    buffer: { disk: Size.gibibytes(1) },
    reduction: keepEverything,
    maxNodes: 1,
    loki: {
      replicas: 1,
      objects: 'volume',
      volume: { ...production.logs.loki.volume, size: Size.gibibytes(5) },
      resources: {
        cpu: 0.1,
        memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) },
        ephemeralStorage: Size.mebibytes(64),
      },
    },
    agent: {
      cpu: 0.02,
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(192) },
      ephemeralStorage: Size.mebibytes(64),
    },
  },
  traces: {
    ...production.traces,
    store: { kind: 'memory', maxTraces: 10_000 },
    headSampling: { critical: 1, standard: 1, routine: 1 },
    tailSampling: 'keep-all',
    resources: {
      cpu: 0.05,
      // 10,000 traces of ten spans were seen to take 230 MiB.
      memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
      ephemeralStorage: Size.mebibytes(64),
    },
  },
  anomalies: {
    ...production.anomalies,
    // Something to look at within the hour. The simulator knows no weeks.
    history: Duration.days(1),
    step: Duration.minutes(1),
    warmUp: Duration.hours(1),
    resources: { ...production.anomalies.resources, cpu: 0.02 },
  },
  kubeStateMetrics: {
    cpu: 0.02,
    memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
    ephemeralStorage: Size.mebibytes(64),
  },
  nodeExporter: {
    cpu: 0.02,
    memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
    ephemeralStorage: Size.mebibytes(64),
  },
  database: 'none',
  grafana: {
    ...production.grafana,
    store: { kind: 'sqlite', volume: { size: Size.gibibytes(1), storageClass: 'cluster-default' } },
    ingress: 'none',
    resources: {
      cpu: 0.05,
      memory: { request: Size.mebibytes(256), limit: Size.mebibytes(768) },
      ephemeralStorage: Size.mebibytes(256),
    },
  },
  // The guide's admin and admin.
  secrets: 'public',
};

import { Duration, Size } from 'cdk8s';
import { defaultAnomalyMethod } from '../catalog/anomaly-methods';
import { images } from '../catalog/image';
import { standardAlerts } from './alerts';
import type { Profile } from './profile';

/** Highly available, on a cluster of several nodes. */
export const production: Profile = {
  name: 'production',
  cluster: 'production',
  namespaces: { application: 'autoserve-prod', monitoring: 'monitoring', agents: 'node-agents' },
  images,
  network: {
    apiServer: { cidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], ports: [443, 6443] },
    nodeCidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
    kubeletCertificates: 'cluster-ca',
  },
  autoserve: {
    program: {
      registry: 'registry.autoserve.internal',
      version: '1.0.0',
      digests: 'by-version',
      user: 10001,
      pullSecret: 'none',
    },
    services: {
      backend: {
        replicas: 'scaled',
        resources: {
          cpu: 0.5,
          memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
          ephemeralStorage: Size.mebibytes(512),
        },
      },
      worker: {
        replicas: 'scaled',
        resources: {
          cpu: 1,
          memory: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
          ephemeralStorage: Size.gibibytes(2),
        },
      },
      // One decides; a second would scale against it.
      'ml-controller': {
        replicas: 1,
        resources: {
          cpu: 0.25,
          memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
          ephemeralStorage: Size.mebibytes(512),
        },
      },
    },
    logLevel: 'INFO',
    secret: { secretName: 'autoserve-settings' },
    broker: { cidrs: ['10.0.0.0/8'], ports: [6379] },
    clientNamespaces: ['ingress-nginx'],
  },
  links: {
    alertmanager: 'https://alertmanager.autoserve.internal',
    prometheus: 'https://prometheus.autoserve.internal',
    grafana: 'https://grafana.autoserve.internal',
    runbooks: 'https://runbooks.autoserve.internal',
  },
  prometheus: {
    replicas: 2,
    retention: Duration.days(30),
    retentionSize: Size.gibibytes(80),
    volume: { size: Size.gibibytes(100), storageClass: 'cluster-default' },
    resources: {
      cpu: 0.5,
      memory: { request: Size.gibibytes(2), limit: Size.gibibytes(4) },
      ephemeralStorage: Size.mebibytes(256),
    },
    scrapeInterval: Duration.seconds(15),
    evaluationInterval: Duration.seconds(15),
    scrapeTimeout: Duration.seconds(10),
    jobIntervals: { backend: Duration.seconds(10) },
    annotatedPodNamespaces: [],
  },
  alerts: { table: standardAlerts, minimumRate: 0.1 },
  alertmanager: {
    replicas: 3,
    volume: { size: Size.gibibytes(1), storageClass: 'cluster-default' },
    resources: {
      cpu: 0.05,
      memory: { request: Size.mebibytes(128), limit: Size.mebibytes(256) },
      ephemeralStorage: Size.mebibytes(64),
    },
    receivers: {
      page: { kind: 'pagerduty', routingKey: { secretName: 'alertmanager-receivers', key: 'pagerduty-routing-key' } },
      team: {
        kind: 'slack',
        webhookUrl: { secretName: 'alertmanager-receivers', key: 'slack-webhook-url' },
        channel: '#autoserve-alerts',
      },
      'dead-man': { kind: 'webhook', url: { secretName: 'alertmanager-receivers', key: 'dead-man-url' } },
    },
    network: { cidrs: ['0.0.0.0/0'], ports: [443] },
    timings: {
      page: {
        groupWait: Duration.seconds(10),
        groupInterval: Duration.minutes(1),
        repeatInterval: Duration.hours(1),
      },
      team: {
        groupWait: Duration.seconds(30),
        groupInterval: Duration.minutes(5),
        repeatInterval: Duration.hours(12),
      },
      deadManInterval: Duration.minutes(1),
      peerTimeout: Duration.seconds(15),
      // As long as Prometheus takes to send again what still fires.
      startDelay: Duration.minutes(1),
    },
  },
  logs: {
    retention: Duration.hours(168),
    outage: { duration: Duration.hours(4), linesPerSecond: { application: 500, platform: 200 } },
    buffer: { disk: Size.gibibytes(12) },
    reduction: { debug: 'drop', info: 'keep' },
    runtime: 'cri',
    maxNodes: 10,
    loki: {
      replicas: 3,
      objects: {
        kind: 's3',
        bucket: 'autoserve-loki',
        region: 'eu-central-1',
        endpoint: 'aws',
        credentials: { secretName: 'loki-object-store', key: 'credentials' },
        network: { cidrs: ['0.0.0.0/0'], ports: [443] },
      },
      volume: { size: Size.gibibytes(20), storageClass: 'cluster-default' },
      resources: {
        cpu: 1,
        memory: { request: Size.gibibytes(2), limit: Size.gibibytes(4) },
        ephemeralStorage: Size.gibibytes(1),
      },
    },
    agent: {
      cpu: 0.1,
      memory: { request: Size.mebibytes(96), limit: Size.mebibytes(256) },
      ephemeralStorage: Size.mebibytes(64),
    },
  },
  traces: {
    replicas: 1,
    store: {
      kind: 'opensearch',
      urls: ['https://opensearch.autoserve.internal:9200'],
      indexPrefix: 'autoserve',
      credentials: {
        username: { secretName: 'jaeger-opensearch', key: 'username' },
        password: { secretName: 'jaeger-opensearch', key: 'password' },
      },
      tls: 'system-roots',
      network: { cidrs: ['10.0.0.0/8'], ports: [9200] },
    },
    headSampling: { critical: 1, standard: 0.5, routine: 0.05 },
    tailSampling: { decisionWait: Duration.seconds(90), keepRatio: 0.05, maxWaiting: 50_000 },
    resources: {
      cpu: 0.5,
      memory: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
      ephemeralStorage: Size.mebibytes(256),
    },
  },
  anomalies: {
    history: Duration.days(28),
    step: Duration.minutes(15),
    warmUp: Duration.days(14),
    method: defaultAnomalyMethod,
    resources: {
      cpu: 0.05,
      memory: { request: Size.mebibytes(96), limit: Size.mebibytes(192) },
      ephemeralStorage: Size.mebibytes(64),
    },
  },
  kubeStateMetrics: {
    cpu: 0.1,
    memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
    ephemeralStorage: Size.mebibytes(64),
  },
  nodeExporter: {
    cpu: 0.1,
    memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
    ephemeralStorage: Size.mebibytes(64),
  },
  grafana: {
    store: {
      kind: 'postgres',
      replicas: 2,
      address: 'postgres.autoserve.internal:5432',
      database: 'grafana',
      user: { secretName: 'grafana-database', key: 'user' },
      password: { secretName: 'grafana-database', key: 'password' },
      tls: 'system-roots',
      network: { cidrs: ['10.0.0.0/8'], ports: [5432] },
    },
    admin: {
      user: { secretName: 'grafana', key: 'admin-user' },
      password: { secretName: 'grafana', key: 'admin-password' },
    },
    secretKey: { secretName: 'grafana', key: 'secret-key' },
    ingress: {
      host: 'grafana.autoserve.internal',
      className: 'nginx',
      tlsSecretName: 'grafana-tls',
      controllerNamespace: 'ingress-nginx',
      annotations: {},
    },
    resources: {
      cpu: 0.2,
      // Most data sources are processes of their own beside it.
      memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
      ephemeralStorage: Size.gibibytes(1),
    },
  },
  secrets: 'by-site',
  database: {
    endpoint: { cidrs: ['10.0.0.0/8'], ports: [5432] },
    dsn: {
      uri: { secretName: 'postgres-exporter', key: 'uri' },
      user: { secretName: 'postgres-exporter', key: 'user' },
      password: { secretName: 'postgres-exporter', key: 'password' },
    },
    resources: {
      cpu: 0.05,
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
      ephemeralStorage: Size.mebibytes(64),
    },
  },
};

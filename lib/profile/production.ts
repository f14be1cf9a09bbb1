import { Duration, Size } from 'cdk8s';
import { images } from '../catalog/image';
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

import { Duration, Size } from 'cdk8s';
import { keepEverything } from '../catalog/logs';
import type { ServiceProfile, Profile } from './profile';
import { production } from './production';

const single = ({ resources }: ServiceProfile): ServiceProfile => ({ replicas: 1, resources });
const { backend, worker, 'ml-controller': mlController } = production.autoserve.services;

/** Production's shape on one node's worth of machine: one copy of everything. */
export const staging: Profile = {
  ...production,
  name: 'staging',
  cluster: 'staging',
  namespaces: { ...production.namespaces, application: 'autoserve-staging' },
  autoserve: {
    ...production.autoserve,
    services: { backend: single(backend), worker: single(worker), 'ml-controller': single(mlController) },
    logLevel: 'DEBUG',
  },
  prometheus: {
    ...production.prometheus,
    replicas: 1,
    retentionSize: Size.gibibytes(16),
    volume: { ...production.prometheus.volume, size: Size.gibibytes(20) },
  },
  alertmanager: {
    ...production.alertmanager,
    replicas: 1,
    receivers: {
      ...production.alertmanager.receivers,
      // Nobody is woken for it.
      page: production.alertmanager.receivers.team,
    },
  },
  logs: {
    ...production.logs,
    outage: { duration: Duration.hours(1), linesPerSecond: { application: 500, platform: 200 } },
    buffer: { disk: Size.gibibytes(4) },
    reduction: keepEverything,
    maxNodes: 1,
    loki: {
      ...production.logs.loki,
      replicas: 1,
      objects: 'volume',
      // A week of lines, where an object store takes production's.
      volume: { ...production.logs.loki.volume, size: Size.gibibytes(50) },
      resources: {
        cpu: 0.2,
        memory: { request: Size.mebibytes(512), limit: Size.gibibytes(2) },
        ephemeralStorage: Size.mebibytes(256),
      },
    },
  },
  traces: {
    ...production.traces,
    store: {
      kind: 'badger',
      retention: Duration.hours(168),
      volume: { size: Size.gibibytes(20), storageClass: 'cluster-default' },
    },
    headSampling: { critical: 1, standard: 1, routine: 1 },
    tailSampling: 'keep-all',
  },
  grafana: {
    ...production.grafana,
    store: { kind: 'sqlite', volume: { size: Size.gibibytes(1), storageClass: 'cluster-default' } },
  },
};

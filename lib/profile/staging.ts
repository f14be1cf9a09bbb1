import { Size } from 'cdk8s';
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
};

import { kubeStateMetrics } from '../catalog/kubernetes';
import { recorded } from '../catalog/recorded';
import { countBy, maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { anyOf, chosen } from '../query/promql/matcher';
import { equals, ratio, times, unless } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { legend, plot, tellsOf, type Signal } from './signal';

// What the nodes offer, what pods have asked of it, and what is in use.

const ofNodes = { node: chosen('node') } as const;

/** Pods that have ended: they are still listed, requests and all, but hold nothing any more. */
export const endedPods: Vector<'namespace' | 'pod'> = equals(
  maxBy(select(kubeStateMetrics.kube_pod_status_phase, { phase: anyOf('Succeeded', 'Failed') }), 'namespace', 'pod'),
  1,
);

type Resource = 'cpu' | 'memory';

/** What pods that have a node may count on. */
const requested = (resource: Resource): Vector<never> =>
  sumBy(
    unless(
      sumBy(
        select(kubeStateMetrics.kube_pod_container_resource_requests, { ...ofNodes, resource }),
        'namespace',
        'pod',
      ),
      endedPods,
    ),
  );

const allocatable = (resource: Resource | 'pods'): Vector<never> =>
  sumBy(select(kubeStateMetrics.kube_node_status_allocatable, { ...ofNodes, resource }));

const requestedShare = (resource: Resource): Vector<never> => ratio(requested(resource), allocatable(resource));

export const clusterCpuRequested: Signal = {
  title: 'CPU requested',
  description:
    'CPU that pods request, as a share of what is allocatable on the chosen nodes. Near 100 % the next pod stays Pending, however idle the CPUs are: lower requests or add nodes.',
  unit: 'ratio',
  queries: [plot(requestedShare('cpu'), legend`requested`)],
};

export const clusterMemoryRequested: Signal = {
  title: 'Memory requested',
  description:
    'Memory that pods request, as a share of what is allocatable on the chosen nodes. Near 100 % the next pod stays Pending: lower requests or add nodes.',
  unit: 'ratio',
  queries: [plot(requestedShare('memory'), legend`requested`)],
};

/** Pods that hold something of their node. */
export const podsOn: Vector<'node'> = countBy(
  unless(
    maxBy(select(kubeStateMetrics.kube_pod_info, ofNodes), 'namespace', 'pod', 'node'),
    endedPods,
    'namespace',
    'pod',
  ),
  'node',
);

export const clusterPodSlots: Signal = {
  title: 'Pod slots taken',
  description:
    'Pods on the chosen nodes, as a share of how many their kubelets accept. At 100 % no further pod starts, whatever CPU and memory are left: add nodes.',
  unit: 'ratio',
  queries: [plot(ratio(sumBy(podsOn), allocatable('pods')), legend`taken`)],
};

/** The processors of a node count as many cores as it has, times how busy they are. */
const cpuUsed = sumBy(
  times(
    maxBy(select(recorded['instance:node_cpu_utilisation:ratio_rate5m'], ofNodes), 'node'),
    maxBy(select(kubeStateMetrics.kube_node_status_capacity, { ...ofNodes, resource: 'cpu' }), 'node'),
  ),
);

export const clusterCpu: Signal = {
  title: 'CPU of the cluster',
  description:
    'Cores in use, requested by pods, and allocatable, on the chosen nodes. Used far below requested: requests could shrink. Used above requested: pods depend on CPU that they have not reserved. Requested near allocatable: the cluster is full.',
  unit: 'cores',
  queries: [
    plot(cpuUsed, legend`used`),
    plot(requested('cpu'), legend`requested`),
    plot(allocatable('cpu'), legend`allocatable`),
  ],
};

export const clusterMemory: Signal = {
  title: 'Memory of the cluster',
  description:
    'Memory in use, requested by pods, and allocatable, on the chosen nodes. Used near allocatable ends in evictions, of pods that use more than they request first. Requested near allocatable means that the cluster is full.',
  unit: 'bytes',
  queries: [
    plot(sumBy(select(recorded['instance:node_memory_usage:bytes'], ofNodes)), legend`used`),
    plot(requested('memory'), legend`requested`),
    plot(allocatable('memory'), legend`allocatable`),
  ],
  watchedBy: [tellsOf('HighMemoryUsage')],
};

import { Duration } from 'cdk8s';
import { cadvisor } from '../catalog/cadvisor';
import { kubeStateMetrics } from '../catalog/kubernetes';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen } from '../query/promql/matcher';
import { labelFrom, ratio, unless } from '../query/promql/operators';
import { increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { endedPods } from './cluster';
import { nearestMemoryLimits } from './containers';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// What the chosen services use of what they asked for. The container of a service bears its name.

const ofChosen = { namespace: chosen('environment'), container: chosen('service') } as const;

const byService = (containers: Vector<'container'>): Vector<'service'> =>
  sumBy(labelFrom(containers, 'service', 'container', '(.+)'), 'service');

/** Cores. */
export const cpuOfServices = byService(
  sumBy(rate(select(cadvisor.container_cpu_usage_seconds_total, ofChosen), '$__rate_interval'), 'container'),
);

/** Bytes that cannot be reclaimed. */
export const memoryOfServices = byService(
  sumBy(select(cadvisor.container_memory_working_set_bytes, ofChosen), 'container'),
);

type Allowance = typeof kubeStateMetrics.kube_pod_container_resource_requests;

const allowed = (metric: Allowance, resource: 'cpu' | 'memory'): Vector<'service'> =>
  byService(
    sumBy(
      unless(
        maxBy(select(metric, { ...ofChosen, resource }), 'namespace', 'pod', 'container'),
        endedPods,
        'namespace',
        'pod',
      ),
      'container',
    ),
  );

const { kube_pod_container_resource_requests: requests, kube_pod_container_resource_limits: limits } = kubeStateMetrics;

export const serviceCpu: Signal = {
  title: 'CPU',
  description:
    'Cores that all pods of a service use, and those that they request. Below the request is good. Above it the service depends on CPU that it has not reserved, and is slow as soon as the node is full. There is no CPU limit.',
  unit: 'cores',
  queries: [
    plot(cpuOfServices, legend`${'service'}: used`),
    plot(allowed(requests, 'cpu'), legend`${'service'}: requested`),
  ],
};

export const serviceMemory: Signal = {
  title: 'Memory',
  description:
    'Memory that all pods of a service hold and that cannot be reclaimed, what they request, and their limit. It should level off. A line that only rises is a leak, and ends at the limit.',
  unit: 'bytes',
  queries: [
    plot(memoryOfServices, legend`${'service'}: used`),
    plot(allowed(requests, 'memory'), legend`${'service'}: requested`),
    plot(allowed(limits, 'memory'), legend`${'service'}: limit`),
  ],
  watchedBy: [tellsOf('HighMemoryUsage')],
};

export const useOfRequests: Signal = {
  title: 'Use of what is requested',
  description:
    'CPU and memory in use as a share of what is requested. Far below 100 %, nodes are paid for and not used. Above 100 %, the service uses more than it has reserved: of CPU, it is slow on a full node; of memory, its pods are the first to be evicted.',
  unit: 'ratio',
  queries: [
    plot(ratio(cpuOfServices, allowed(requests, 'cpu')), legend`${'service'}: CPU`),
    plot(ratio(memoryOfServices, allowed(requests, 'memory')), legend`${'service'}: memory`),
  ],
};

export const memoryOfLimitByPod: Signal = {
  title: 'Memory of its limit by pod',
  description:
    'Memory in use as a share of its limit, for the pods nearest to theirs. One that stays above the dashed line will soon be OOM-killed: find what it keeps, or raise its limit.',
  unit: 'ratio',
  queries: [plot(nearestMemoryLimits(ofChosen, 'namespace', 'pod'), legend`${'pod'}`)],
  watchedBy: [firesAbove('HighMemoryUsage')],
};

const ofDeployments = { namespace: chosen('environment'), deployment: chosen('service') } as const;

export const serviceReplicas: Signal = {
  title: 'Pods wanted and serving',
  description:
    'Pods that each service wants, and those that serve. They are equal except for a minute after scaling or a deployment. When they stay apart, pods do not start or find no node.',
  unit: 'pods',
  queries: [
    plot(
      maxBy(select(kubeStateMetrics.kube_deployment_spec_replicas, ofDeployments), 'deployment'),
      legend`${'deployment'}: wanted`,
    ),
    plot(
      maxBy(select(kubeStateMetrics.kube_deployment_status_replicas_available, ofDeployments), 'deployment'),
      legend`${'deployment'}: serving`,
    ),
  ],
  watchedBy: [tellsOf('ReplicasMissing'), tellsOf('ServiceDown')],
};

const halfAnHour = Duration.minutes(30);

export const serviceRestarts: Signal = {
  title: 'Most restarts of a pod',
  description:
    'Restarts in half an hour of the pod of each service that restarts most. 0 is good. At the dashed line or above it, the pod does not start, or does not stay up: read its last lines in the logs.',
  unit: 'restarts',
  queries: [
    plot(
      maxBy(
        sumBy(
          increase(select(kubeStateMetrics.kube_pod_container_status_restarts_total, ofChosen), halfAnHour),
          'pod',
          'container',
        ),
        'container',
      ),
      legend`${'container'}`,
    ),
  ],
  watchedBy: [firesAbove('PodCrashLooping')],
};

import { cadvisor } from '../catalog/cadvisor';
import { kubelet, kubeStateMetrics } from '../catalog/kubernetes';
import { scrape } from '../catalog/scrape';
import { countBy, maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { anyOf } from '../query/promql/matcher';
import { above, and, minus, ratio } from '../query/promql/operators';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { shippedBytes } from './logs';
import { firesAbove, legend, plot, plotLogs, tellsOf, type Signal } from './signal';

// What it takes to watch: memory, processors and disks of whatever runs in the namespaces of the monitoring.

/** One of those who live in each of these namespaces. */
const residents = select(scrape.up, { job: anyOf('prometheus', 'fluent-bit') });

const ours = <L extends string>(vector: Vector<L | 'namespace'>): Vector<L | 'namespace'> =>
  and(vector, residents, 'namespace');

const workingSets = ours(maxBy(select(cadvisor.container_memory_working_set_bytes), 'namespace', 'pod', 'container'));
const limits = ours(
  // 0 stands for no limit.
  above(maxBy(select(cadvisor.container_spec_memory_limit_bytes), 'namespace', 'pod', 'container'), 0),
);
const memory = sumBy(workingSets, 'container');
const cpu = sumBy(
  ours(
    sumBy(
      rate(select(cadvisor.container_cpu_usage_seconds_total), '$__rate_interval'),
      'namespace',
      'pod',
      'container',
    ),
  ),
  'container',
);
const requested = (resource: 'cpu' | 'memory'): Vector<'container'> =>
  sumBy(
    ours(
      maxBy(
        select(kubeStateMetrics.kube_pod_container_resource_requests, { resource }),
        'namespace',
        'pod',
        'container',
      ),
    ),
    'container',
  );

export const monitoringMemory: Signal = {
  title: 'Memory by component',
  description:
    'Memory that all containers of each component of the monitoring hold together. That of Prometheus follows its series, that of Loki its streams, that of Jaeger the traces that wait.',
  unit: 'bytes',
  queries: [plot(memory, legend`${'container'}`)],
  watchedBy: [tellsOf('HighMemoryUsage')],
};

export const monitoringMemoryOfLimit: Signal = {
  title: 'Memory of its limit by component',
  description:
    'Memory in use as a share of its limit, for the container of each component of the monitoring that is nearest to it. Above the dashed line it will soon be OOM-killed: raise its limit, or keep less data.',
  unit: 'ratio',
  queries: [plot(maxBy(ratio(workingSets, limits), 'container'), legend`${'container'}`)],
  watchedBy: [firesAbove('HighMemoryUsage')],
};

export const monitoringCpu: Signal = {
  title: 'CPU by component',
  description:
    'Cores that all containers of each component of the monitoring use together. A step that no load explains is most likely a heavy query.',
  unit: 'cores',
  queries: [plot(cpu, legend`${'container'}`)],
};

export const monitoringResources: Signal = {
  title: 'What each component takes',
  description:
    'Containers of each component of the monitoring, the memory and CPU that they use together and request, and their memory limit. What uses far less than it requests can give some back.',
  unit: 'bytes',
  queries: [
    plot(countBy(workingSets, 'container'), legend`Containers`, 'quantity'),
    plot(memory, legend`Memory`),
    plot(requested('memory'), legend`Memory requested`),
    plot(sumBy(limits, 'container'), legend`Memory limit`),
    plot(cpu, legend`CPU`, 'cores'),
    plot(requested('cpu'), legend`CPU requested`, 'cores'),
  ],
  watchedBy: [tellsOf('HighMemoryUsage')],
};

const size = maxBy(select(kubelet.kubelet_volume_stats_capacity_bytes), 'namespace', 'persistentvolumeclaim');
const free = maxBy(select(kubelet.kubelet_volume_stats_available_bytes), 'namespace', 'persistentvolumeclaim');

export const monitoringDisk: Signal = {
  title: 'Disk in use by volume',
  emptyWithout: 'The storage does not report how full its volumes are.',
  description:
    'Disk space that metrics, logs, traces and alerts take on their volumes. Each grows until its retention is reached, and should then stay level.',
  unit: 'bytes',
  queries: [plot(maxBy(ours(minus(size, free)), 'persistentvolumeclaim'), legend`${'persistentvolumeclaim'}`)],
  watchedBy: [tellsOf('VolumeAlmostFull'), tellsOf('VolumeFillingUp')],
};

export const logBytesByService: Signal = {
  title: 'Log bytes by service',
  description:
    'Bytes of lines per second that reach Loki, by service. Check the log level of the service with the most.',
  unit: 'bytes/s',
  queries: [plotLogs(shippedBytes('$__auto'), legend`${'service'}`)],
};

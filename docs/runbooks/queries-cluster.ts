import { Duration } from 'cdk8s';
import { cadvisor } from '../../lib/catalog/cadvisor';
import { kubelet, kubeStateMetrics } from '../../lib/catalog/kubernetes';
import { nodeExporter } from '../../lib/catalog/node-exporter';
import { scrape } from '../../lib/catalog/scrape';
import { production } from '../../lib/profile/production';
import { maxBy, sumBy, topk } from '../../lib/query/promql/aggregate';
import { anyOf } from '../../lib/query/promql/matcher';
import { above, below, equals, minus, ratio, secondsSince } from '../../lib/query/promql/operators';
import { delta, increase, rate } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { onDisk } from '../../lib/signals/file-systems';
import type { RunbookQueries, RunbookQuery } from './query';

const window = Duration.minutes(5);
const hour = Duration.hours(1);
const { application, monitoring, agents } = production.namespaces;
const ours = { namespace: anyOf(application, monitoring, agents) };

const memoryRatio: RunbookQuery = {
  shows: 'Share of its memory limit that each container uses, the fullest first',
  promql: topk(
    10,
    ratio(
      select(cadvisor.container_memory_working_set_bytes, ours),
      above(select(cadvisor.container_spec_memory_limit_bytes, ours), 0),
    ),
  ),
};

const nodeConditions: RunbookQuery = {
  shows: 'Conditions of nodes that hold, beside being ready',
  promql: equals(
    select(kubeStateMetrics.kube_node_status_condition, {
      condition: anyOf('MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'),
      status: 'true',
    }),
    1,
  ),
};

const diskLeft: RunbookQuery = {
  shows: 'Share of each file system that is left, the fullest first',
  promql: below(
    ratio(
      select(nodeExporter.node_filesystem_avail_bytes, onDisk),
      select(nodeExporter.node_filesystem_size_bytes, onDisk),
    ),
    0.5,
  ),
};

const diskWriters: RunbookQuery = {
  shows: 'Bytes per second that containers write, the busiest first',
  promql: topk(10, sumBy(rate(select(cadvisor.container_fs_writes_bytes_total), window), 'node', 'namespace', 'pod')),
};

const volumesLeft: RunbookQuery = {
  shows: 'Share of each volume that is left',
  promql: ratio(
    select(kubelet.kubelet_volume_stats_available_bytes, ours),
    select(kubelet.kubelet_volume_stats_capacity_bytes, ours),
  ),
};

const volumeTrend: RunbookQuery = {
  shows: 'Bytes by which the free space of each volume changed in 6 hours',
  promql: delta(select(kubelet.kubelet_volume_stats_available_bytes, ours), Duration.hours(6)),
};

const waitingFor: RunbookQuery = {
  shows: 'What containers wait for before they run',
  promql: equals(select(kubeStateMetrics.kube_pod_container_status_waiting_reason, ours), 1),
};

const lastEnds: RunbookQuery = {
  shows: 'Why containers last ended',
  promql: equals(select(kubeStateMetrics.kube_pod_container_status_last_terminated_reason, ours), 1),
};

const notReady: RunbookQuery = {
  shows: 'Pods that are not ready',
  promql: equals(select(kubeStateMetrics.kube_pod_status_ready, { ...ours, condition: 'true' }), 0),
};

/** For the alerts of `nodes.ts`, `volumes.ts` and `workloads.ts` in `rules/alerts`. */
export const clusterQueries: RunbookQueries<
  | 'HighMemoryUsage'
  | 'LowDiskSpace'
  | 'DiskFillingUp'
  | 'NodeNotReady'
  | 'NodeClockSkewed'
  | 'VolumeAlmostFull'
  | 'VolumeFillingUp'
  | 'PodNotReady'
  | 'PodCrashLooping'
  | 'ReplicasMissing'
  | 'EvictionsBlocked'
> = {
  HighMemoryUsage: [
    memoryRatio,
    {
      shows: 'Bytes by which the memory of containers grew in an hour, the fastest first',
      promql: topk(10, delta(select(cadvisor.container_memory_working_set_bytes, ours), hour)),
    },
    {
      shows: 'Restarts of the last day',
      promql: above(
        sumBy(
          increase(select(kubeStateMetrics.kube_pod_container_status_restarts_total, ours), Duration.days(1)),
          'namespace',
          'pod',
          'container',
        ),
        0,
      ),
    },
    lastEnds,
  ],
  LowDiskSpace: [
    diskLeft,
    {
      shows: 'Share of the inodes that is left',
      promql: below(
        ratio(
          select(nodeExporter.node_filesystem_files_free, onDisk),
          select(nodeExporter.node_filesystem_files, onDisk),
        ),
        0.2,
      ),
    },
    nodeConditions,
    diskWriters,
  ],
  DiskFillingUp: [
    diskLeft,
    {
      shows: 'Bytes by which the free space changed in 6 hours',
      promql: delta(select(nodeExporter.node_filesystem_avail_bytes, onDisk), Duration.hours(6)),
    },
    diskWriters,
  ],
  NodeNotReady: [
    {
      shows: '1 where a node is ready',
      promql: select(kubeStateMetrics.kube_node_status_condition, { condition: 'Ready', status: 'true' }),
    },
    nodeConditions,
    {
      shows: '1 where node-exporter answers: a node that lives without its kubelet',
      promql: select(scrape.up, { job: anyOf('node-exporter', 'kubelet') }),
    },
    {
      shows: 'Seconds since each node booted',
      promql: secondsSince(select(nodeExporter.node_boot_time_seconds)),
    },
    {
      shows: 'Our pods by node',
      promql: select(kubeStateMetrics.kube_pod_info, ours),
    },
  ],
  NodeClockSkewed: [
    { shows: 'Seconds that each clock is off', promql: select(nodeExporter.node_timex_offset_seconds) },
    { shows: '0 where a clock is not synchronised', promql: select(nodeExporter.node_timex_sync_status) },
    {
      shows: 'Our pods by node',
      promql: select(kubeStateMetrics.kube_pod_info, ours),
    },
  ],
  VolumeAlmostFull: [volumesLeft, volumeTrend],
  VolumeFillingUp: [volumesLeft, volumeTrend],
  PodNotReady: [notReady, waitingFor, lastEnds, nodeConditions],
  PodCrashLooping: [
    {
      shows: 'Restarts of the last half hour',
      promql: above(
        sumBy(
          increase(select(kubeStateMetrics.kube_pod_container_status_restarts_total, ours), Duration.minutes(30)),
          'namespace',
          'pod',
          'container',
        ),
        0,
      ),
    },
    lastEnds,
    waitingFor,
    memoryRatio,
  ],
  ReplicasMissing: [
    {
      shows: 'Pods that each Deployment misses',
      promql: above(
        minus(
          select(kubeStateMetrics.kube_deployment_spec_replicas, ours),
          select(kubeStateMetrics.kube_deployment_status_replicas_available, ours),
        ),
        0,
      ),
    },
    {
      shows: 'Pods that each StatefulSet misses',
      promql: above(
        minus(
          select(kubeStateMetrics.kube_statefulset_replicas, ours),
          select(kubeStateMetrics.kube_statefulset_status_replicas_ready, ours),
        ),
        0,
      ),
    },
    {
      shows: 'Pods that no node takes',
      promql: equals(select(kubeStateMetrics.kube_pod_status_phase, { ...ours, phase: 'Pending' }), 1),
    },
    waitingFor,
    {
      shows: 'Share of the processors of each node that is asked for, 0 to 1',
      promql: ratio(
        sumBy(select(kubeStateMetrics.kube_pod_container_resource_requests, { resource: 'cpu' }), 'node'),
        maxBy(select(kubeStateMetrics.kube_node_status_allocatable, { resource: 'cpu' }), 'node'),
      ),
    },
    {
      shows: 'Share of the memory of each node that is asked for, 0 to 1',
      promql: ratio(
        sumBy(select(kubeStateMetrics.kube_pod_container_resource_requests, { resource: 'memory' }), 'node'),
        maxBy(select(kubeStateMetrics.kube_node_status_allocatable, { resource: 'memory' }), 'node'),
      ),
    },
  ],
  EvictionsBlocked: [
    {
      shows: 'Pods that may be evicted now, by budget',
      promql: select(kubeStateMetrics.kube_poddisruptionbudget_status_pod_disruptions_allowed, ours),
    },
    notReady,
    {
      shows: 'Nodes that are being drained',
      promql: equals(select(kubeStateMetrics.kube_node_spec_unschedulable), 1),
    },
  ],
};

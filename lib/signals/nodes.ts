import { kubeStateMetrics } from '../catalog/kubernetes';
import { nodeExporter } from '../catalog/node-exporter';
import { recorded } from '../catalog/recorded';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen, not } from '../query/promql/matcher';
import { abs, plus, ratio, secondsSince, subtractedFrom, times } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { podsOn } from './cluster';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// Whether the nodes can carry what they were given.

const ofNodes = { node: chosen('node') } as const;

const ready: Vector<'node'> = maxBy(
  select(kubeStateMetrics.kube_node_status_condition, { ...ofNodes, condition: 'Ready', status: 'true' }),
  'node',
);

const cordoned = maxBy(select(kubeStateMetrics.kube_node_spec_unschedulable, ofNodes), 'node');

const capacity = (resource: 'cpu' | 'memory' | 'pods'): Vector<'node'> =>
  maxBy(select(kubeStateMetrics.kube_node_status_capacity, { ...ofNodes, resource }), 'node');

export const nodesNotReady: Signal = {
  title: 'Nodes not ready',
  description:
    'Nodes whose kubelet does not report, or reports that it cannot run pods. 0 is good. Their pods move to other nodes, or wait: look at the kubelet.',
  unit: 'nodes',
  queries: [plot(sumBy(subtractedFrom(1, ready)), legend`not ready`)],
  watchedBy: [tellsOf('NodeNotReady')],
  limits: { bad: 'above', red: 1 },
};

export const nodeStates: Signal = {
  title: 'State of nodes',
  description:
    'Whether each node takes pods. Not ready: look at its kubelet. Cordoned: an administrator keeps new pods off it, for as long as it takes to repair or replace the node.',
  unit: 'boolean',
  // 0 whether it is cordoned or not.
  queries: [plot(times(ready, plus(cordoned, 1)), legend`${'node'}`)],
  watchedBy: [tellsOf('NodeNotReady')],
  states: {
    0: { text: 'not ready', is: 'bad' },
    1: { text: 'ready', is: 'good' },
    2: { text: 'cordoned', is: 'neutral' },
  },
};

export const nodePressure: Signal = {
  title: 'Pressure on nodes',
  description:
    'What the kubelet of each node reports as wrong: pressure on memory, disk or process ids, or no network. None is good. Under pressure it evicts pods and takes no new ones.',
  unit: 'boolean',
  queries: [
    plot(
      maxBy(
        select(kubeStateMetrics.kube_node_status_condition, {
          ...ofNodes,
          condition: not('Ready'),
          status: 'true',
        }),
        'node',
        'condition',
      ),
      legend`${'node'}: ${'condition'}`,
    ),
  ],
  watchedBy: [tellsOf('NodeNotReady'), tellsOf('LowDiskSpace')],
  states: { 0: { text: 'none', is: 'good' }, 1: { text: 'pressure', is: 'bad' } },
};

export const nodeCpu: Signal = {
  title: 'CPU utilisation',
  description:
    'Share of CPU time that is not idle, by node. Short peaks are fine. A node that stays near 100 % makes all its pods slow.',
  unit: 'ratio',
  queries: [
    plot(maxBy(select(recorded['instance:node_cpu_utilisation:ratio_rate5m'], ofNodes), 'node'), legend`${'node'}`),
  ],
};

export const nodeMemory: Signal = {
  title: 'Memory utilisation',
  description:
    'Share of memory that is in use and cannot be reclaimed, by node. Near 100 % the kubelet evicts pods, or the kernel kills processes.',
  unit: 'ratio',
  queries: [
    plot(
      ratio(
        maxBy(select(recorded['instance:node_memory_usage:bytes'], ofNodes), 'node'),
        maxBy(select(nodeExporter.node_memory_MemTotal_bytes, ofNodes), 'node'),
      ),
      legend`${'node'}`,
    ),
  ],
  watchedBy: [tellsOf('HighMemoryUsage')],
};

export const loadPerCore: Signal = {
  title: 'Load per core',
  description:
    'Processes that run or wait to, averaged over a minute, per core of each node. Above 1 for long, they wait for a CPU or, where the CPUs are not busy, for a disk.',
  unit: 'load',
  queries: [plot(ratio(maxBy(select(nodeExporter.node_load1, ofNodes), 'node'), capacity('cpu')), legend`${'node'}`)],
};

export const nodeCapacity: Signal = {
  title: 'Capacity of nodes',
  description:
    'CPU and memory of each node, how many pods it has and may have, and its uptime. An uptime shorter than that of the others means a reboot.',
  unit: 'quantity',
  queries: [
    plot(capacity('cpu'), legend`CPU`, 'cores'),
    plot(capacity('memory'), legend`Memory`, 'bytes'),
    plot(podsOn, legend`Pods`),
    plot(capacity('pods'), legend`Pods at most`),
    plot(secondsSince(maxBy(select(nodeExporter.node_boot_time_seconds, ofNodes), 'node')), legend`Uptime`, 'seconds'),
  ],
};

export const clockOffset: Signal = {
  title: 'Clock offset',
  description:
    'How far the clock of each node is off. It should stay well below the dashed line. Above it, samples, log lines and spans of different nodes appear in the wrong order.',
  unit: 'seconds',
  queries: [plot(maxBy(abs(select(nodeExporter.node_timex_offset_seconds, ofNodes)), 'node'), legend`${'node'}`)],
  watchedBy: [firesAbove('NodeClockSkewed')],
};

export const clocksInStep: Signal = {
  title: 'Clocks in step',
  description:
    'Whether a time service sets the clock of each node. While none does, the clock offset means nothing: start or repair the time service of the node.',
  unit: 'boolean',
  queries: [plot(maxBy(select(nodeExporter.node_timex_sync_status, ofNodes), 'node'), legend`${'node'}`)],
  watchedBy: [tellsOf('NodeClockSkewed')],
  states: { 0: { text: 'not set', is: 'bad' }, 1: { text: 'in step', is: 'good' } },
};

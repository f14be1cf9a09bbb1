import { cadvisor } from '../catalog/cadvisor';
import { maxBy, sumBy, topk } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen, type Comparison } from '../query/promql/matcher';
import { above, ratio } from '../query/promql/operators';
import { rate } from '../query/promql/range';
import { select, type Selection } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// What containers use of the nodes that they share.

const ofNamespaces = { namespace: chosen('namespace') } as const;

/** So many at a time can be told apart. */
const highest = 10;

const rateByNamespace = <L extends string>(counter: Selection<'counter', L | 'namespace'>): Vector<'namespace'> =>
  sumBy(rate(counter, '$__rate_interval'), 'namespace');

type ContainerLabel = 'namespace' | 'pod' | 'container';

/** Memory in use as a share of its limit, of those that come nearest to theirs. */
export const nearestMemoryLimits = <const By extends readonly ContainerLabel[]>(
  where: { readonly namespace: Comparison; readonly container?: Comparison },
  ...by: By
): Vector<By[number]> =>
  topk(
    highest,
    ratio(
      maxBy(select(cadvisor.container_memory_working_set_bytes, where), ...by),
      // 0 stands for no limit.
      above(maxBy(select(cadvisor.container_spec_memory_limit_bytes, where), ...by), 0),
    ),
  );

export const cpuByNamespace: Signal = {
  title: 'CPU by namespace',
  description:
    'Cores that containers use, by namespace. AutoServe follows the load of the day. A step that no deployment and no load explains is most likely an endless loop.',
  unit: 'cores',
  queries: [
    plot(rateByNamespace(select(cadvisor.container_cpu_usage_seconds_total, ofNamespaces)), legend`${'namespace'}`),
  ],
};

export const memoryByNamespace: Signal = {
  title: 'Memory by namespace',
  description:
    'Memory of containers that cannot be reclaimed, by namespace. It should level off. A line that only rises is a leak, and ends at a limit or with an eviction.',
  unit: 'bytes',
  queries: [
    plot(sumBy(select(cadvisor.container_memory_working_set_bytes, ofNamespaces), 'namespace'), legend`${'namespace'}`),
  ],
};

export const memoryOfLimit: Signal = {
  title: 'Memory of its limit',
  description:
    'Memory in use as a share of its limit, for the containers nearest to theirs. One that stays above the dashed line will soon be OOM-killed: find what it keeps, or raise its limit. Containers without a limit are left out.',
  unit: 'ratio',
  queries: [plot(nearestMemoryLimits(ofNamespaces, 'namespace', 'pod', 'container'), legend`${'pod'}: ${'container'}`)],
  watchedBy: [firesAbove('HighMemoryUsage')],
};

export const throttling: Signal = {
  title: 'Held at the CPU limit',
  emptyWithout: 'No container has a CPU limit.',
  description:
    'Share of scheduler periods in which a container was throttled at its CPU limit, for the ten with the most. Near 0 is good. A container that is throttled for long is slow without looking busy: raise its limit.',
  unit: 'ratio',
  queries: [
    plot(
      topk(
        highest,
        ratio(
          sumBy(
            rate(select(cadvisor.container_cpu_cfs_throttled_periods_total, ofNamespaces), '$__rate_interval'),
            'namespace',
            'pod',
            'container',
          ),
          // In no period at all, there is no share.
          above(
            sumBy(
              rate(select(cadvisor.container_cpu_cfs_periods_total, ofNamespaces), '$__rate_interval'),
              'namespace',
              'pod',
              'container',
            ),
            0,
          ),
        ),
      ),
      legend`${'pod'}: ${'container'}`,
    ),
  ],
  watchedBy: [tellsOf('HighLatency')],
};

export const containerReads: Signal = {
  title: 'Container reads by namespace',
  description:
    'Bytes per second that containers read from disks, by namespace. Programs that keep their data in memory hardly read once they run. When a disk is busy, the namespace that rises is the cause.',
  unit: 'bytes/s',
  queries: [
    plot(rateByNamespace(select(cadvisor.container_fs_reads_bytes_total, ofNamespaces)), legend`${'namespace'}`),
  ],
};

export const containerWrites: Signal = {
  title: 'Container writes by namespace',
  description:
    'Bytes per second that containers write to disks, by namespace. Metrics, logs and traces are written steadily. When a disk is busy, the namespace that rises is the cause.',
  unit: 'bytes/s',
  queries: [
    plot(rateByNamespace(select(cadvisor.container_fs_writes_bytes_total, ofNamespaces)), legend`${'namespace'}`),
  ],
};

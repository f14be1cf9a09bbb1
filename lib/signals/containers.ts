import { cadvisor } from '../catalog/cadvisor';
import { maxBy, sumBy, topk } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { above, ratio } from '../query/promql/operators';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// What containers use of the nodes that they share.

const ofNamespaces = { namespace: chosen('namespace') } as const;

/** So many at a time can be told apart. */
const highest = 10;

export const cpuByNamespace: Signal = {
  title: 'CPU by namespace',
  description:
    'Cores that containers use. AutoServe follows the load of the day; a step that no deployment and no load explains is a loop or a leak.',
  unit: 'cores',
  queries: [
    plot(
      sumBy(rate(select(cadvisor.container_cpu_usage_seconds_total, ofNamespaces), '$__rate_interval'), 'namespace'),
      legend`${'namespace'}`,
    ),
  ],
};

export const memoryByNamespace: Signal = {
  title: 'Memory by namespace',
  description:
    'Memory of containers that cannot be reclaimed. It should level off; a line that only ever rises is a leak, and ends at a limit or with an eviction.',
  unit: 'bytes',
  queries: [
    plot(sumBy(select(cadvisor.container_memory_working_set_bytes, ofNamespaces), 'namespace'), legend`${'namespace'}`),
  ],
};

export const memoryOfLimit: Signal = {
  title: 'Memory of its limit',
  description:
    'The containers that come nearest to their memory limits. One that stays above the dashed line will soon be killed: find what it keeps, or raise its limit. Containers without a limit are left out.',
  unit: 'ratio',
  queries: [
    plot(
      topk(
        highest,
        ratio(
          maxBy(select(cadvisor.container_memory_working_set_bytes, ofNamespaces), 'namespace', 'pod', 'container'),
          // 0 stands for no limit.
          above(
            maxBy(select(cadvisor.container_spec_memory_limit_bytes, ofNamespaces), 'namespace', 'pod', 'container'),
            0,
          ),
        ),
      ),
      legend`${'pod'}: ${'container'}`,
    ),
  ],
  watchedBy: [firesAbove('HighMemoryUsage')],
};

export const throttling: Signal = {
  title: 'Held at the CPU limit',
  emptyWithout: 'No container has a CPU limit.',
  description:
    'Share of scheduler periods in which a container had to stop because its CPU limit was used up; the ten that it happens to most. Near 0 is good. What is held for long answers late without looking busy: raise its limit.',
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
    'Bytes per second that containers read from disks. Programs that keep their data in memory hardly read once they run; a rise on a busy disk names who makes it busy.',
  unit: 'bytes/s',
  queries: [
    plot(
      sumBy(rate(select(cadvisor.container_fs_reads_bytes_total, ofNamespaces), '$__rate_interval'), 'namespace'),
      legend`${'namespace'}`,
    ),
  ],
};

export const containerWrites: Signal = {
  title: 'Container writes by namespace',
  description:
    'Bytes per second that containers write to disks. Metrics, logs and traces are written steadily; a rise on a busy disk names who makes it busy.',
  unit: 'bytes/s',
  queries: [
    plot(
      sumBy(rate(select(cadvisor.container_fs_writes_bytes_total, ofNamespaces), '$__rate_interval'), 'namespace'),
      legend`${'namespace'}`,
    ),
  ],
};

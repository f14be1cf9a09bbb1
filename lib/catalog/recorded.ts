import { node } from './cluster-bounds';
import { upTo } from './label-bound';
import { exposedBy, gauge } from './metric';

const ofNode = { instance: node, node };

/** Series that our own rules compute; `rules/` says how. */
export const recorded = exposedBy('rules', {
  'instance:node_cpu_utilisation:ratio_rate5m': gauge({
    help: 'Share of processor time that is not idle, 0 to 1.',
    unit: 'ratio',
    origin: 'guide',
    labels: ofNode,
  }),
  'instance:node_memory_usage:bytes': gauge({
    help: 'Memory that programs hold.',
    unit: 'bytes',
    origin: 'guide',
    labels: ofNode,
  }),
  'instance:node_filesystem_usage:bytes': gauge({
    help: 'Used bytes of each file system that lives on a disk.',
    unit: 'bytes',
    origin: 'guide',
    labels: { ...ofNode, device: upTo(30), fstype: upTo(10), mountpoint: upTo(30) },
  }),
});

/** The guide's names that no exporter emits, and the series that stands for each. */
export const guideNames = {
  node_cpu_usage_percentage: recorded['instance:node_cpu_utilisation:ratio_rate5m'],
  node_memory_usage_bytes: recorded['instance:node_memory_usage:bytes'],
  node_disk_usage_bytes: recorded['instance:node_filesystem_usage:bytes'],
} as const;

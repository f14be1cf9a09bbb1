import { nodeExporter } from '../catalog/node-exporter';
import { recorded } from '../catalog/recorded';
import { maxBy } from '../query/promql/aggregate';
import { chosen, notRe } from '../query/promql/matcher';
import { above, ratio } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { firesBelow, legend, plot, tellsOf, type Signal } from './signal';

// How full the file systems of the nodes are.

/** File systems that live on a disk; the others are views of memory or of another file system. */
export const onDisk = { fstype: notRe('tmpfs|ramfs|overlay|squashfs|') };

const ofNodes = { node: chosen('node'), ...onDisk };

export const fileSystemSpace: Signal = {
  title: 'Space left on nodes',
  description:
    'Share of each file system that is free. Below the dashed line the kubelet soon removes images and evicts pods: find what grew, or add space.',
  unit: 'ratio',
  queries: [
    plot(
      ratio(
        maxBy(select(nodeExporter.node_filesystem_avail_bytes, ofNodes), 'node', 'mountpoint'),
        maxBy(select(nodeExporter.node_filesystem_size_bytes, ofNodes), 'node', 'mountpoint'),
      ),
      legend`${'node'} ${'mountpoint'}`,
    ),
  ],
  watchedBy: [firesBelow('LowDiskSpace'), tellsOf('DiskFillingUp')],
};

export const fileSystemUse: Signal = {
  title: 'Space used on nodes',
  description:
    'Used bytes of each file system. A steady rise shows when it will be full. A fall is the kubelet that removes images, or a rotation of logs.',
  unit: 'bytes',
  queries: [
    plot(
      maxBy(select(recorded['instance:node_filesystem_usage:bytes'], { node: chosen('node') }), 'node', 'mountpoint'),
      legend`${'node'} ${'mountpoint'}`,
    ),
  ],
  watchedBy: [tellsOf('DiskFillingUp')],
};

export const fileSystemInodes: Signal = {
  title: 'Inodes left on nodes',
  description:
    'Share of the inodes of each file system that is free. At 0 no file can be created, however much space is left: look for very many small files.',
  unit: 'ratio',
  queries: [
    plot(
      ratio(
        maxBy(select(nodeExporter.node_filesystem_files_free, ofNodes), 'node', 'mountpoint'),
        // Some file systems make inodes as they need them, and report none.
        above(maxBy(select(nodeExporter.node_filesystem_files, ofNodes), 'node', 'mountpoint'), 0),
      ),
      legend`${'node'} ${'mountpoint'}`,
    ),
  ],
  watchedBy: [tellsOf('LowDiskSpace')],
};

export const readOnly: Signal = {
  title: 'Read-only file systems',
  description:
    'Whether each file system can be written. One that becomes read-only has had disk errors: drain the node. One that always was is meant to be.',
  unit: 'boolean',
  queries: [
    plot(
      maxBy(select(nodeExporter.node_filesystem_readonly, ofNodes), 'node', 'mountpoint'),
      legend`${'node'} ${'mountpoint'}`,
    ),
  ],
  states: { 0: { text: 'writable', is: 'good' }, 1: { text: 'read-only', is: 'neutral' } },
};

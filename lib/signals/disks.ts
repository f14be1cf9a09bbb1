import { nodeExporter } from '../catalog/node-exporter';
import { sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { legend, plot, type Signal } from './signal';

// What the disks of the nodes have to do.

const ofNodes = { node: chosen('node') } as const;

export const diskReads: Signal = {
  title: 'Read from disks',
  description:
    'Bytes per second read from each disk. A node that suddenly reads much has too little memory left for its cache, or starts many containers.',
  unit: 'bytes/s',
  queries: [
    plot(
      sumBy(rate(select(nodeExporter.node_disk_read_bytes_total, ofNodes), '$__rate_interval'), 'node', 'device'),
      legend`${'node'} ${'device'}`,
    ),
  ],
};

export const diskWrites: Signal = {
  title: 'Written to disks',
  description:
    'Bytes per second written to each disk. Metrics, logs and traces are written steadily; a flat top is a disk at its limit.',
  unit: 'bytes/s',
  queries: [
    plot(
      sumBy(rate(select(nodeExporter.node_disk_written_bytes_total, ofNodes), '$__rate_interval'), 'node', 'device'),
      legend`${'node'} ${'device'}`,
    ),
  ],
};

export const diskBusy: Signal = {
  title: 'Disks busy',
  description:
    'Share of time in which each disk had something to do. A single old disk near 100 % makes everything on it wait; one that serves many requests at a time may still have room.',
  unit: 'ratio',
  queries: [
    plot(
      sumBy(rate(select(nodeExporter.node_disk_io_time_seconds_total, ofNodes), '$__rate_interval'), 'node', 'device'),
      legend`${'node'} ${'device'}`,
    ),
  ],
};

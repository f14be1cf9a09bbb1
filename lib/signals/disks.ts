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
    'Bytes per second read from each disk. When they rise suddenly, the node has too little memory left for its cache, or starts many containers.',
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
    'Bytes per second written to each disk. Metrics, logs and traces are written steadily. A flat top is a disk at its limit.',
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
    'Share of time in which each disk had something to do. Near 100 %, a disk that serves one request at a time makes everything on it wait. One that serves many at a time, such as an SSD, may still have room.',
  unit: 'ratio',
  queries: [
    plot(
      sumBy(rate(select(nodeExporter.node_disk_io_time_seconds_total, ofNodes), '$__rate_interval'), 'node', 'device'),
      legend`${'node'} ${'device'}`,
    ),
  ],
};

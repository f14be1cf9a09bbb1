import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

const filesystem = { device: upTo(30), fstype: upTo(10, 'ext4', 'xfs'), mountpoint: upTo(30, '/') };
const device = upTo(30);

/** What node-exporter reads from the kernel of a node. */
export const nodeExporter = exposedBy('node-exporter', {
  node_cpu_seconds_total: counter({
    help: 'Processor time by mode.',
    unit: 'seconds',
    origin: 'addition',
    labels: { cpu: upTo(256), mode: oneOf('idle', 'iowait', 'irq', 'nice', 'softirq', 'steal', 'system', 'user') },
  }),
  node_load1: gauge({ help: 'Runnable tasks, averaged over a minute.', unit: 'load', origin: 'addition' }),
  node_memory_MemAvailable_bytes: gauge({
    help: 'Memory that programs could still take.',
    unit: 'bytes',
    origin: 'addition',
  }),
  node_memory_MemTotal_bytes: gauge({ help: 'Memory of the node.', unit: 'bytes', origin: 'addition' }),
  node_filesystem_avail_bytes: gauge({
    help: 'Free bytes that programs may use.',
    unit: 'bytes',
    origin: 'guide',
    labels: filesystem,
  }),
  node_filesystem_size_bytes: gauge({
    help: 'Size of a file system.',
    unit: 'bytes',
    origin: 'guide',
    labels: filesystem,
  }),
  node_filesystem_files_free: gauge({ help: 'Free inodes.', unit: 'inodes', origin: 'addition', labels: filesystem }),
  node_filesystem_files: gauge({
    help: 'Inodes of a file system.',
    unit: 'inodes',
    origin: 'addition',
    labels: filesystem,
  }),
  node_filesystem_readonly: gauge({
    help: '1 when mounted read-only.',
    unit: 'boolean',
    origin: 'addition',
    labels: filesystem,
  }),
  node_disk_read_bytes_total: counter({
    help: 'Bytes read from a disk.',
    unit: 'bytes',
    origin: 'addition',
    labels: { device },
  }),
  node_disk_written_bytes_total: counter({
    help: 'Bytes written to a disk.',
    unit: 'bytes',
    origin: 'addition',
    labels: { device },
  }),
  node_disk_io_time_seconds_total: counter({
    help: 'Time in which a disk was busy.',
    unit: 'seconds',
    origin: 'addition',
    labels: { device },
  }),
  node_network_receive_bytes_total: counter({
    help: 'Bytes received.',
    unit: 'bytes',
    origin: 'guide',
    labels: { device },
  }),
  node_network_transmit_bytes_total: counter({
    help: 'Bytes sent.',
    unit: 'bytes',
    origin: 'addition',
    labels: { device },
  }),
  node_network_receive_errs_total: counter({
    help: 'Packets received damaged.',
    unit: 'packets',
    origin: 'addition',
    labels: { device },
  }),
  node_network_transmit_errs_total: counter({
    help: 'Packets that could not be sent.',
    unit: 'packets',
    origin: 'addition',
    labels: { device },
  }),
  node_timex_offset_seconds: gauge({ help: 'How far the clock is off.', unit: 'seconds', origin: 'addition' }),
  node_timex_sync_status: gauge({ help: '1 when the clock is synchronised.', unit: 'boolean', origin: 'addition' }),
  node_boot_time_seconds: gauge({
    help: 'When the node booted, in seconds since the Unix epoch.',
    unit: 'timestamp',
    origin: 'addition',
  }),
});

import { container, namespace, podOfNode as pod } from './cluster-bounds';
import { upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

const ofContainer = { namespace, pod, container };
const ofPodNetwork = { namespace, pod, interface: upTo(4, 'eth0') };

/** What cAdvisor, inside the kubelet, measures of the containers of a node. */
export const cadvisor = exposedBy('cadvisor', {
  container_cpu_usage_seconds_total: counter({
    help: 'Processor time used.',
    unit: 'seconds',
    origin: 'guide',
    labels: ofContainer,
  }),
  container_cpu_cfs_periods_total: counter({
    help: 'Scheduler periods in which the container ran under a CPU limit.',
    unit: 'periods',
    origin: 'addition',
    labels: ofContainer,
  }),
  container_cpu_cfs_throttled_periods_total: counter({
    help: 'Scheduler periods in which the container was held at its CPU limit.',
    unit: 'periods',
    origin: 'addition',
    labels: ofContainer,
  }),
  container_memory_usage_bytes: gauge({
    help: 'Memory in use, page cache that can be reclaimed included.',
    unit: 'bytes',
    origin: 'guide',
    labels: ofContainer,
  }),
  container_memory_working_set_bytes: gauge({
    help: 'Memory that cannot be reclaimed: what the OOM killer looks at.',
    unit: 'bytes',
    origin: 'addition',
    labels: ofContainer,
  }),
  container_spec_memory_limit_bytes: gauge({
    help: 'Memory limit; 0 means none.',
    unit: 'bytes',
    origin: 'guide',
    labels: ofContainer,
  }),
  container_fs_reads_bytes_total: counter({
    help: 'Bytes read from disk.',
    unit: 'bytes',
    origin: 'addition',
    labels: { ...ofContainer, device: upTo(8) },
  }),
  container_fs_writes_bytes_total: counter({
    help: 'Bytes written to disk.',
    unit: 'bytes',
    origin: 'addition',
    labels: { ...ofContainer, device: upTo(8) },
  }),
  container_network_receive_bytes_total: counter({
    help: 'Bytes received by a pod; by its whole node, if it is on the host network: leave such pods out of a sum.',
    unit: 'bytes',
    origin: 'guide',
    labels: ofPodNetwork,
  }),
  container_network_transmit_bytes_total: counter({
    help: 'Bytes sent by a pod; by its whole node, if it is on the host network: leave such pods out of a sum.',
    unit: 'bytes',
    origin: 'addition',
    labels: ofPodNetwork,
  }),
});

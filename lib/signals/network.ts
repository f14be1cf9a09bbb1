import { cadvisor } from '../catalog/cadvisor';
import { kubeStateMetrics } from '../catalog/kubernetes';
import { nodeExporter } from '../catalog/node-exporter';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen, not, notRe } from '../query/promql/matcher';
import { plus, unless } from '../query/promql/operators';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { legend, plot, type Signal } from './signal';

// What nodes and pods say to each other and to the world.

/** Bridges and tunnels carry once more what leaves through an interface of the node's own. */
const ownInterfaces = {
  node: chosen('node'),
  device: notRe('(lo|docker|br-|cbr|flannel|tunl|vxlan|kube-|dummy|ifb).*'),
} as const;

export const nodeReceived: Signal = {
  title: 'Received by nodes',
  description:
    'Bytes per second that come in through each interface of a node. It follows the load. A flat top is an interface at its limit.',
  unit: 'bytes/s',
  queries: [
    plot(
      sumBy(
        rate(select(nodeExporter.node_network_receive_bytes_total, ownInterfaces), '$__rate_interval'),
        'node',
        'device',
      ),
      legend`${'node'} ${'device'}`,
    ),
  ],
};

export const nodeSent: Signal = {
  title: 'Sent by nodes',
  description:
    'Bytes per second that go out through each interface of a node. It follows the load. A flat top is an interface at its limit.',
  unit: 'bytes/s',
  queries: [
    plot(
      sumBy(
        rate(select(nodeExporter.node_network_transmit_bytes_total, ownInterfaces), '$__rate_interval'),
        'node',
        'device',
      ),
      legend`${'node'} ${'device'}`,
    ),
  ],
};

export const networkErrors: Signal = {
  title: 'Damaged packets',
  description:
    'Packets per second that were received damaged or could not be sent, by node. 0 is good. A steady low rate is a bad cable, port or driver, and slows connections down.',
  unit: 'packets/s',
  queries: [
    plot(
      plus(
        sumBy(
          rate(
            select(nodeExporter.node_network_receive_errs_total, { node: chosen('node'), device: not('lo') }),
            '$__rate_interval',
          ),
          'node',
        ),
        sumBy(
          rate(
            select(nodeExporter.node_network_transmit_errs_total, { node: chosen('node'), device: not('lo') }),
            '$__rate_interval',
          ),
          'node',
        ),
      ),
      legend`${'node'}`,
    ),
  ],
};

const onHostNetwork = maxBy(select(kubeStateMetrics.kube_pod_info, { host_network: 'true' }), 'namespace', 'pod');

/** A pod on the host network reports all that its node hears and says. */
const ofPods = (bytes: Vector<'namespace' | 'pod'>): Vector<'namespace'> =>
  sumBy(unless(bytes, onHostNetwork), 'namespace');

const ofNamespaces = { namespace: chosen('namespace') } as const;

export const podsReceived: Signal = {
  title: 'Received by pods',
  description:
    'Bytes per second that pods receive, by namespace. Pods on the network of their node are left out. When an interface is at its limit, the namespace that rises is the cause.',
  unit: 'bytes/s',
  queries: [
    plot(
      ofPods(
        sumBy(
          rate(select(cadvisor.container_network_receive_bytes_total, ofNamespaces), '$__rate_interval'),
          'namespace',
          'pod',
        ),
      ),
      legend`${'namespace'}`,
    ),
  ],
};

export const podsSent: Signal = {
  title: 'Sent by pods',
  description:
    'Bytes per second that pods send, by namespace. Pods on the network of their node are left out. When an interface is at its limit, the namespace that rises is the cause.',
  unit: 'bytes/s',
  queries: [
    plot(
      ofPods(
        sumBy(
          rate(select(cadvisor.container_network_transmit_bytes_total, ofNamespaces), '$__rate_interval'),
          'namespace',
          'pod',
        ),
      ),
      legend`${'namespace'}`,
    ),
  ],
};

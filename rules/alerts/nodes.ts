import { Duration } from 'cdk8s';
import { kubeStateMetrics } from '../../lib/catalog/kubernetes';
import { nodeExporter } from '../../lib/catalog/node-exporter';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { maxBy } from '../../lib/query/promql/aggregate';
import { abs, above, and, below, equals, or, ratio } from '../../lib/query/promql/operators';
import { predictLinear } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { onDisk } from '../../lib/signals/file-systems';
import { prometheusDuration } from '../../lib/units/duration';
import { alert, type AlertDefinitions } from './definition';
import { horizon, trend } from './trend';

// What the other side of an operator has to match is selected on one side only.
const diskSpace = ratio(
  select(nodeExporter.node_filesystem_avail_bytes, onDisk),
  select(nodeExporter.node_filesystem_size_bytes),
);

/** What happens to the nodes and their disks. */
export const nodeAlerts: AlertDefinitions<'LowDiskSpace' | 'DiskFillingUp' | 'NodeNotReady' | 'NodeClockSkewed'> = {
  LowDiskSpace: ({ threshold }) =>
    alert({
      expr: below(diskSpace, threshold),
      service: 'nodes',
      summary: text`${label('mountpoint')} on ${label('node')} has ${value.ratio} of its space left`,
      description: text`Below ${percentage(threshold)} the kubelet soon evicts pods and removes images.`,
    }),
  DiskFillingUp: ({ threshold }) =>
    alert({
      expr: and(
        below(diskSpace, threshold),
        below(predictLinear(select(nodeExporter.node_filesystem_avail_bytes), trend, horizon), 0),
      ),
      service: 'nodes',
      summary: text`${label('mountpoint')} on ${label('node')} will be full within ${prometheusDuration(horizon)}`,
      description: text`${value.ratio} of its space is left, and it shrinks as fast as that in the last ${prometheusDuration(trend)}.`,
    }),
  NodeNotReady: () =>
    alert({
      expr: equals(
        maxBy(select(kubeStateMetrics.kube_node_status_condition, { condition: 'Ready', status: 'true' }), 'node'),
        0,
      ),
      service: 'nodes',
      summary: text`The node ${label('node')} is not ready`,
      description: text`Its pods are moved to other nodes, or wait for it.`,
    }),
  NodeClockSkewed: ({ threshold }) =>
    alert({
      expr: or(
        above(maxBy(abs(select(nodeExporter.node_timex_offset_seconds)), 'node'), threshold),
        // The offset says nothing while nobody measures it.
        equals(maxBy(select(nodeExporter.node_timex_sync_status), 'node'), 0),
      ),
      service: 'nodes',
      summary: text`The clock of ${label('node')} is not in step`,
      description: text`It is off by more than ${prometheusDuration(Duration.millis(threshold * 1000))}, or nothing sets it: samples, log lines and spans of different nodes no longer fit together.`,
    }),
};

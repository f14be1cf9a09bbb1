import { Duration } from 'cdk8s';
import { nodeExporter } from '../lib/catalog/node-exporter';
import { recorded } from '../lib/catalog/recorded';
import { record, type RecordingRule, type RuleGroup } from '../lib/config/rule-file';
import { avgBy, sumBy } from '../lib/query/promql/aggregate';
import { minus, subtractedFrom } from '../lib/query/promql/operators';
import { rate } from '../lib/query/promql/range';
import { select } from '../lib/query/promql/select';
import { onDisk } from '../lib/signals/file-systems';

const window = Duration.minutes(5);

/** How busy and how full each node is. */
export const nodes: RuleGroup<RecordingRule> = {
  name: 'nodes',
  rules: [
    record(
      recorded['instance:node_cpu_utilisation:ratio_rate5m'],
      subtractedFrom(
        1,
        avgBy(rate(select(nodeExporter.node_cpu_seconds_total, { mode: 'idle' }), window), 'instance', 'node'),
      ),
    ),
    record(
      recorded['instance:node_memory_usage:bytes'],
      sumBy(
        minus(select(nodeExporter.node_memory_MemTotal_bytes), select(nodeExporter.node_memory_MemAvailable_bytes)),
        'instance',
        'node',
      ),
    ),
    record(
      recorded['instance:node_filesystem_usage:bytes'],
      sumBy(
        minus(
          select(nodeExporter.node_filesystem_size_bytes, onDisk),
          select(nodeExporter.node_filesystem_avail_bytes, onDisk),
        ),
        'instance',
        'node',
        'device',
        'fstype',
        'mountpoint',
      ),
    ),
  ],
};

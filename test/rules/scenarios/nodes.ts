import { kubeStateMetrics } from '../../../lib/catalog/kubernetes';
import { nodeExporter } from '../../../lib/catalog/node-exporter';
import type { nodeAlerts } from '../../../rules/alerts/nodes';
import {
  hold,
  hours,
  minutes,
  rise,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { kubeStateMetricsAt } from './targets';

const exporter = { job: 'node-exporter', instance: '192.168.0.11:9100', node: 'node-1' };
const rootDisk = { ...exporter, device: '/dev/nvme0n1p1', fstype: 'ext4', mountpoint: '/' };

/** A file system of 1000 bytes, and how many of them are free. */
const disk = (free: Shape, labels: Readonly<Record<'fstype', string>> = rootDisk): readonly Series[] => [
  series(nodeExporter.node_filesystem_avail_bytes, { ...rootDisk, ...labels }, free),
  series(nodeExporter.node_filesystem_size_bytes, { ...rootDisk, ...labels }, hold(1000)),
];

const diskFills = (left: string): Firing => ({
  labels: { ...rootDisk, service: 'nodes' },
  summary: '/ on node-1 will be full within 1d',
  description: `${left} of its space is left, and it shrinks as fast as that in the last 6h.`,
});

const anHour = hours(1).toSeconds();

/** The value of a condition of a node in each of its states, as one kube-state-metrics or another tells. */
const condition = (
  name: 'Ready' | 'DiskPressure',
  states: Readonly<Record<'true' | 'false' | 'unknown', Shape>>,
  number = 1,
): readonly Series[] =>
  (['true', 'false', 'unknown'] as const).map((status) =>
    series(
      kubeStateMetrics.kube_node_status_condition,
      { ...kubeStateMetricsAt(number), node: 'node-1', condition: name, status },
      states[status],
    ),
  );

const yes = { true: hold(1), false: hold(0), unknown: hold(0) };
const no = { true: hold(0), false: hold(1), unknown: hold(0) };
const unheardOf = { true: hold(0), false: hold(0), unknown: hold(1) };

/** An exporter by its address, of which a node may have had several. */
const exporterAt = (instance: number, node: number) => ({
  job: 'node-exporter',
  instance: `192.168.0.${instance}:9100`,
  node: `node-${node}`,
});
const clock = (offset: Shape, instance = 1, node = 1) =>
  series(nodeExporter.node_timex_offset_seconds, exporterAt(instance, node), offset);
const isSet = (status: Shape, instance = 1, node = 1) =>
  series(nodeExporter.node_timex_sync_status, exporterAt(instance, node), status);

const clockIsOff = (node: number): Firing => ({
  labels: { node: `node-${node}`, service: 'nodes' },
  summary: `The clock of node-${node} is not in step`,
  description:
    'It is off by more than 50ms, or nothing sets it: samples, log lines and spans of different nodes no longer fit together.',
});

export const nodeScenarios: ScenarioTable<keyof typeof nodeAlerts> = {
  LowDiskSpace: {
    fires: {
      'when less than a tenth of a disk is left': {
        series: disk(hold(99)),
        lasts: minutes(6),
        firing: [
          {
            labels: { ...rootDisk, service: 'nodes' },
            summary: '/ on node-1 has 9.9% of its space left',
            description: 'Below 10% the kubelet soon evicts pods and removes images.',
          },
        ],
      },
    },
    silent: {
      'while a tenth is left': { series: disk(hold(100)) },
      'where the file system is no disk': {
        series: ['tmpfs', 'ramfs', 'overlay', 'squashfs', ''].flatMap((fstype) => disk(hold(1), { fstype })),
      },
      'when space is made in time': { series: disk(until(minutes(5), hold(1), hold(900))) },
    },
  },
  DiskFillingUp: {
    fires: {
      'when what is left will be written within 20 hours': {
        series: disk(rise(-15 / anHour, 405)),
        lasts: hours(7),
        firing: [diskFills('30%')],
      },
      'an hour after that became clear': {
        series: disk(rise(-15 / anHour, 318.75)),
        lasts: minutes(75),
        firing: [diskFills('30%')],
      },
      'when it fills for some hours, and then not for some': {
        series: disk(until(hours(4), rise(-100 / anHour, 700), hold(300))),
        lasts: hours(7),
        firing: [diskFills('30%')],
      },
    },
    silent: {
      'while it will last for 28 hours': { series: disk(rise(-10 / anHour, 350)), lasts: hours(7) },
      'while two fifths are left, however fast it fills': { series: disk(rise(-85 / anHour, 995)), lasts: hours(7) },
      'when two fifths are left after it filled for hours': {
        series: disk(until(hours(4), rise(-75 / anHour, 700), hold(400))),
        lasts: hours(7),
      },
      'while little is left and it stays so': { series: disk(hold(100)) },
      'when it is full, which another alert says': { series: disk(hold(0)) },
      'where the file system is no disk': {
        series: ['tmpfs', 'ramfs', 'overlay', 'squashfs', ''].flatMap((fstype) =>
          disk(rise(-15 / anHour, 405), { fstype }),
        ),
      },
      'when space is made within the hour': {
        series: disk(until(minutes(59), rise(-200 / anHour, 390), hold(900))),
        lasts: hours(2),
      },
      'when much was written long ago': {
        series: disk(until(hours(1), hold(1000), until(hours(6.5), rise(-1.6 / anHour, 410), hold(399)))),
        lasts: hours(10),
      },
    },
  },
  NodeNotReady: {
    fires: {
      'when the kubelet says so': {
        series: [...condition('Ready', no), ...condition('DiskPressure', yes)],
        lasts: minutes(6),
        firing: [
          {
            labels: { node: 'node-1', service: 'nodes' },
            summary: 'The node node-1 is not ready',
            description: 'Its pods are moved to other nodes, or wait for it.',
          },
        ],
      },
      'when the kubelet says nothing': {
        series: condition('Ready', unheardOf),
        firing: [
          {
            labels: { node: 'node-1', service: 'nodes' },
            summary: 'The node node-1 is not ready',
            description: 'Its pods are moved to other nodes, or wait for it.',
          },
        ],
      },
    },
    silent: {
      'while it is ready': { series: [...condition('Ready', yes), ...condition('DiskPressure', no)] },
      'while one of two kube-state-metrics is behind': {
        series: [...condition('Ready', yes), ...condition('Ready', no, 2)],
      },
      'while it starts': { series: condition('Ready', { ...yes, true: until(minutes(5), hold(0), hold(1)) }) },
    },
  },
  NodeClockSkewed: {
    fires: {
      'when it is ahead or behind': {
        series: [
          ...[clock(hold(0.06)), clock(hold(0.001), 2, 1), clock(hold(-0.06), 3, 2), clock(hold(0.001), 4, 2)],
          ...[isSet(hold(1)), isSet(hold(1), 2, 1), isSet(hold(1), 3, 2), isSet(hold(1), 4, 2)],
        ],
        lasts: minutes(11),
        firing: [clockIsOff(1), clockIsOff(2)],
      },
      'when nothing sets it': {
        series: [clock(hold(0)), isSet(hold(0)), clock(hold(0), 2, 2), isSet(hold(1), 2, 2)],
        lasts: minutes(11),
        firing: [clockIsOff(1)],
      },
    },
    silent: {
      'while it is off by just so much': { series: [clock(hold(0.05)), clock(hold(-0.05), 2, 2)] },
      'while each of two exporters sees it off by less': {
        series: [clock(hold(0.03)), clock(hold(-0.03), 2), isSet(hold(1)), isSet(hold(1), 2)],
      },
      'while one of two exporters sees that it is set': { series: [isSet(hold(0)), isSet(hold(1), 2)] },
      'until it is set after a start': { series: [clock(hold(0)), isSet(until(minutes(10), hold(0), hold(1)))] },
      'when it is put right in time': { series: [clock(until(minutes(10), hold(0.5), hold(0)))] },
    },
  },
};

import { kubelet } from '../../../lib/catalog/kubernetes';
import type { volumeAlerts } from '../../../rules/alerts/volumes';
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

const lokiClaim = { namespace: 'monitoring', persistentvolumeclaim: 'data-loki-0' };
const othersClaim = { namespace: 'team-x', persistentvolumeclaim: 'data-loki-0' };

/** A volume of 1000 bytes that two nodes mount, and how many of them are free. */
const volume = (free: Shape, claim = lokiClaim): readonly Series[] =>
  ['1', '2'].flatMap((last) => {
    const labels = { job: 'kubelet', instance: `192.168.0.1${last}:10250`, node: `node-${last}`, ...claim };
    return [
      series(kubelet.kubelet_volume_stats_available_bytes, labels, free),
      series(kubelet.kubelet_volume_stats_capacity_bytes, labels, hold(1000)),
    ];
  });

/** Claims of a StatefulSet's template or by name, and the service that each belongs to. */
const claims = [
  { namespace: 'monitoring', persistentvolumeclaim: 'data-loki-0', service: 'loki' },
  { namespace: 'monitoring', persistentvolumeclaim: 'data-prometheus-12', service: 'prometheus' },
  { namespace: 'monitoring', persistentvolumeclaim: 'jaeger', service: 'jaeger' },
  { namespace: 'autoserve-prod', persistentvolumeclaim: 'data-ml-controller-0', service: 'ml-controller' },
  { namespace: 'autoserve-prod', persistentvolumeclaim: 'ml-controller', service: 'ml-controller' },
  { namespace: 'node-agents', persistentvolumeclaim: 'fluent-bit', service: 'fluent-bit' },
];

const volumesOf = (free: Shape): readonly Series[] =>
  claims.flatMap(({ namespace, persistentvolumeclaim }) => volume(free, { namespace, persistentvolumeclaim }));

const fillsUp = (claim: (typeof claims)[number]): Firing => ({
  labels: claim,
  summary: `The volume ${claim.persistentvolumeclaim} will be full within 1d`,
  description: '30% of its space is left, and it shrinks as fast as that in the last 6h.',
});

const anHour = hours(1).toSeconds();

export const volumeScenarios: ScenarioTable<keyof typeof volumeAlerts> = {
  VolumeAlmostFull: {
    fires: {
      'when less than a twentieth is left': {
        series: volumesOf(hold(49)),
        lasts: minutes(6),
        firing: claims.map((claim) => ({
          labels: claim,
          summary: `The volume ${claim.persistentvolumeclaim} has 4.9% of its space left`,
          description: 'Below 5% its program soon cannot write.',
        })),
      },
    },
    silent: {
      'while a twentieth is left': { series: volume(hold(50)) },
      "where it is another team's": { series: volume(hold(1), othersClaim) },
      'when space is made in time': { series: volume(until(minutes(5), hold(1), hold(900))) },
    },
  },
  VolumeFillingUp: {
    fires: {
      'when what is left will be written within 20 hours': {
        series: volumesOf(rise(-15 / anHour, 405)),
        lasts: hours(7),
        firing: claims.map(fillsUp),
      },
      'an hour after that became clear': {
        series: volumesOf(rise(-15 / anHour, 318.75)),
        lasts: minutes(75),
        firing: claims.map(fillsUp),
      },
      'when it fills for some hours, and then not for some': {
        series: volumesOf(until(hours(4), rise(-100 / anHour, 700), hold(300))),
        lasts: hours(7),
        firing: claims.map(fillsUp),
      },
    },
    silent: {
      'while it will last for 28 hours': { series: volume(rise(-10 / anHour, 350)), lasts: hours(7) },
      'while two fifths are left, however fast it fills': { series: volume(rise(-85 / anHour, 995)), lasts: hours(7) },
      'when two fifths are left after it filled for hours': {
        series: volume(until(hours(4), rise(-75 / anHour, 700), hold(400))),
        lasts: hours(7),
      },
      'while little is left and it stays so': { series: volume(hold(100)) },
      'when it is full, which another alert says': { series: volume(hold(0)) },
      "where it is another team's": { series: volume(rise(-15 / anHour, 405), othersClaim), lasts: hours(7) },
      'when space is made within the hour': {
        series: volume(until(minutes(59), rise(-200 / anHour, 390), hold(900))),
        lasts: hours(2),
      },
      'when much was written long ago': {
        series: volume(until(hours(1), hold(1000), until(hours(6.5), rise(-1.6 / anHour, 410), hold(399)))),
        lasts: hours(10),
      },
    },
  },
};

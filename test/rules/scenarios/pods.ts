import { kubeStateMetrics } from '../../../lib/catalog/kubernetes';
import {
  bursts,
  hold,
  minutes,
  never,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { kubeStateMetricsAt, workloads } from './targets';

interface Pod {
  readonly namespace: string;
  readonly pod: string;
}

/** As Deployments, StatefulSets and DaemonSets name their pods, and the service that each belongs to. */
const pods = [
  { namespace: 'autoserve-prod', pod: 'backend-7d9f8b6c54-x2k4z', service: 'backend' },
  { namespace: 'autoserve-prod', pod: 'ml-controller-6b8d9f7c5-q9w4t', service: 'ml-controller' },
  { namespace: 'autoserve-prod', pod: 'worker-85c6f9d4b-zz9vl', service: 'worker' },
  { namespace: 'monitoring', pod: 'kube-state-metrics-5c9f7b8d64-zxv2b', service: 'kube-state-metrics' },
  { namespace: 'monitoring', pod: 'anomaly-detector-68d5b4f9c7-4mncx', service: 'anomaly-detector' },
  { namespace: 'monitoring', pod: 'loki-0', service: 'loki' },
  { namespace: 'monitoring', pod: 'alertmanager-12', service: 'alertmanager' },
  { namespace: 'node-agents', pod: 'fluent-bit-8xk2p', service: 'fluent-bit' },
  { namespace: 'node-agents', pod: 'node-exporter-v9tl6', service: 'node-exporter' },
];
const lokiPod = { namespace: 'monitoring', pod: 'loki-0' };
const othersPod = { namespace: 'team-x', pod: 'loki-0' };

/** Where a pod runs; on no node yet while it waits for one. */
const info = (pod: Pod, node = 'node-1', number = 1, shape: Shape = hold(1)) =>
  series(kubeStateMetrics.kube_pod_info, { ...kubeStateMetricsAt(number), ...pod, node }, shape);

const ready = (pod: Pod, condition: Readonly<Record<'true' | 'false', Shape>>, number = 1): readonly Series[] => [
  ...(['true', 'false'] as const).map((name) =>
    series(
      kubeStateMetrics.kube_pod_status_ready,
      { ...kubeStateMetricsAt(number), ...pod, condition: name },
      condition[name],
    ),
  ),
  series(
    kubeStateMetrics.kube_pod_status_ready,
    { ...kubeStateMetricsAt(number), ...pod, condition: 'unknown' },
    hold(0),
  ),
];
const isReady = { true: hold(1), false: hold(0) };
const isNotReady = { true: hold(0), false: hold(1) };

const phase = (pod: Pod, is: 'Pending' | 'Running' | 'Succeeded' | 'Failed', number = 1): readonly Series[] =>
  (['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const).map((name) =>
    series(
      kubeStateMetrics.kube_pod_status_phase,
      { ...kubeStateMetricsAt(number), ...pod, phase: name },
      hold(name === is ? 1 : 0),
    ),
  );

const notReady = ({ namespace, pod, service }: (typeof pods)[number], node: { readonly node?: string }): Firing => ({
  labels: { namespace, pod, service, ...node },
  summary: `The pod ${pod} is not ready`,
  description: `It belongs to ${namespace} and takes no traffic.`,
});

const restarts = (shape: Shape, pod: Pod = lokiPod, number = 1) =>
  series(
    kubeStateMetrics.kube_pod_container_status_restarts_total,
    { ...kubeStateMetricsAt(number), ...pod, container: 'loki' },
    shape,
  );
const crashLoops: Firing = {
  labels: { ...lokiPod, container: 'loki', node: 'node-1', service: 'loki' },
  summary: 'loki in loki-0 restarted 3 times',
  description: '3 restarts or more in 30m: it does not come up, or does not stay.',
};

export const podScenarios: ScenarioTable<'PodNotReady' | 'PodCrashLooping'> = {
  PodNotReady: {
    fires: {
      'when pods run and are not ready': {
        series: pods.flatMap(({ namespace, pod }) => [
          ...ready({ namespace, pod }, isNotReady),
          ...phase({ namespace, pod }, 'Running'),
          info({ namespace, pod }),
          // A pod of the same name.
          info({ namespace: 'team-x', pod }, 'node-2'),
        ]),
        lasts: minutes(16),
        firing: pods.map((pod) => notReady(pod, { node: 'node-1' })),
      },
      'when no node takes a pod, as one of two kube-state-metrics has heard': {
        series: [
          ...pods.flatMap(({ namespace, pod }) => [
            ...phase({ namespace, pod }, 'Pending'),
            ...phase({ namespace, pod }, 'Running', 2),
            info({ namespace, pod }, ''),
          ]),
        ],
        firing: pods.map((pod) => notReady(pod, {})),
      },
      'when no node takes a pod, as both have heard': {
        series: [...phase(lokiPod, 'Pending'), ...phase(lokiPod, 'Pending', 2), info(lokiPod, '')],
        firing: [notReady({ ...lokiPod, service: 'loki' }, {})],
      },
    },
    silent: {
      'while it is ready': { series: [...ready(lokiPod, isReady), ...phase(lokiPod, 'Running'), info(lokiPod)] },
      'while one of two kube-state-metrics is behind': {
        series: [...ready(lokiPod, isReady), ...ready(lokiPod, isNotReady, 2), info(lokiPod)],
      },
      'when it has done its work': {
        series: [
          ...ready(lokiPod, isNotReady),
          ...phase(lokiPod, 'Succeeded'),
          ...phase(lokiPod, 'Succeeded', 2),
          info(lokiPod),
        ],
      },
      'when it has done its work, as one of two kube-state-metrics has heard': {
        series: [
          ...ready(lokiPod, isNotReady),
          ...phase(lokiPod, 'Succeeded'),
          ...phase(lokiPod, 'Running', 2),
          info(lokiPod),
        ],
      },
      'when it was evicted': {
        series: [...ready(lokiPod, isNotReady), ...phase(lokiPod, 'Failed'), info(lokiPod)],
      },
      "where it is another team's": {
        series: [...ready(othersPod, isNotReady), ...phase(othersPod, 'Pending'), info(othersPod)],
      },
      'while it starts': {
        series: [
          ...ready(lokiPod, { ...isNotReady, true: until(minutes(15), hold(0), hold(1)) }),
          ...phase(lokiPod, 'Running'),
          info(lokiPod),
        ],
      },
    },
  },
  PodCrashLooping: {
    fires: {
      'when a container starts again and again': {
        series: [
          restarts(bursts(minutes(10))),
          info(lokiPod),
          info(lokiPod, 'node-1', 2),
          info(othersPod, 'node-2'),
          info({ ...lokiPod, pod: 'loki-1' }, 'node-3'),
        ],
        lasts: minutes(31),
        firing: [crashLoops],
      },
      'when kube-state-metrics is replaced meanwhile': {
        series: [
          restarts(until(minutes(15), bursts(minutes(10)), never)),
          restarts(
            until(minutes(15), never, (seconds) => 5 + (bursts(minutes(7))(seconds, seconds) ?? 0)),
            lokiPod,
            2,
          ),
          info(lokiPod, 'node-1', 1, until(minutes(15), hold(1), never)),
          info(lokiPod, 'node-1', 2, until(minutes(15), never, hold(1))),
        ],
        lasts: minutes(35),
        firing: [crashLoops],
      },
      'in each namespace of ours': {
        series: workloads.flatMap(([namespace, pod]) => [
          restarts(bursts(minutes(10)), { namespace, pod }),
          info({ namespace, pod }),
        ]),
        firing: workloads.map(([namespace, pod]) => ({
          ...crashLoops,
          labels: { ...crashLoops.labels, namespace, pod },
          summary: `loki in ${pod} restarted 3 times`,
        })),
      },
    },
    silent: {
      'while it restarts twice in each half hour': {
        series: [restarts(bursts(minutes(15))), info(lokiPod)],
        lasts: minutes(70),
      },
      'when the third restart comes as the first is forgotten': {
        series: [restarts(until(minutes(5), hold(0), until(minutes(29), hold(1), hold(3)))), info(lokiPod)],
        lasts: minutes(70),
      },
      "where it is another team's": { series: [restarts(bursts(minutes(5)), othersPod), info(othersPod)] },
    },
  },
};

import { cadvisor } from '../../../lib/catalog/cadvisor';
import { kubeStateMetrics } from '../../../lib/catalog/kubernetes';
import { hold, hours, minutes, series, until, type ScenarioTable, type Series, type Shape } from '../scenario';
import { kubeStateMetricsAt, workloads } from './targets';

const ofKubelet = { job: 'cadvisor', instance: '192.168.0.11:10250', node: 'node-1' };

const memory = (namespace: string, container: string, used: Shape, limit: number): readonly Series[] => {
  const labels = { ...ofKubelet, namespace, pod: `${container}-0`, container };
  return [
    series(cadvisor.container_memory_working_set_bytes, labels, used),
    series(cadvisor.container_spec_memory_limit_bytes, labels, hold(limit)),
  ];
};

const replicas = (namespace: string, deployment: string, wanted: number, serving: Shape, number = 1) => [
  series(
    kubeStateMetrics.kube_deployment_spec_replicas,
    { ...kubeStateMetricsAt(number), namespace, deployment },
    hold(wanted),
  ),
  series(
    kubeStateMetrics.kube_deployment_status_replicas_available,
    { ...kubeStateMetricsAt(number), namespace, deployment },
    serving,
  ),
];

const statefulReplicas = (namespace: string, statefulset: string, wanted: number, serving: number, number = 1) => [
  series(
    kubeStateMetrics.kube_statefulset_replicas,
    { ...kubeStateMetricsAt(number), namespace, statefulset },
    hold(wanted),
  ),
  series(
    kubeStateMetrics.kube_statefulset_status_replicas_ready,
    { ...kubeStateMetricsAt(number), namespace, statefulset },
    hold(serving),
  ),
];

/** Pods of a budget that may be evicted, of so many. */
const evictable = (namespace: string, poddisruptionbudget: string, allowed: Shape, expected = 3, number = 1) => [
  series(
    kubeStateMetrics.kube_poddisruptionbudget_status_pod_disruptions_allowed,
    { ...kubeStateMetricsAt(number), namespace, poddisruptionbudget },
    allowed,
  ),
  series(
    kubeStateMetrics.kube_poddisruptionbudget_status_expected_pods,
    { ...kubeStateMetricsAt(number), namespace, poddisruptionbudget },
    hold(expected),
  ),
];

export const workloadScenarios: ScenarioTable<'HighMemoryUsage' | 'ReplicasMissing' | 'EvictionsBlocked'> = {
  HighMemoryUsage: {
    fires: {
      'when a container uses more than four fifths of its limit': {
        series: workloads.flatMap(([namespace, container]) => memory(namespace, container, hold(810), 1000)),
        lasts: minutes(16),
        firing: workloads.map(([namespace, container]) => ({
          labels: { ...ofKubelet, namespace, pod: `${container}-0`, container, service: container },
          summary: `${container}-0 uses 81% of its memory limit`,
          description: `Above 80% for this long, the container ${container} will soon be killed for its memory.`,
        })),
      },
    },
    silent: {
      'while it uses four fifths': { series: memory('monitoring', 'loki', hold(800), 1000) },
      'where it has no limit': { series: memory('monitoring', 'loki', hold(810), 0) },
      "where it is another team's": { series: memory('team-x', 'loki', hold(990), 1000) },
      'when memory is given back in time': {
        series: memory('monitoring', 'loki', until(minutes(15), hold(990), hold(100)), 1000),
      },
    },
  },
  ReplicasMissing: {
    fires: {
      'when fewer serve than are wanted': {
        series: workloads.flatMap(([namespace, deployment]) => [
          ...replicas(namespace, deployment, 3, hold(2)),
          ...replicas(namespace, deployment, 2, hold(1), 2),
        ]),
        lasts: minutes(16),
        firing: workloads.map(([namespace, deployment]) => ({
          labels: { namespace, deployment, service: deployment },
          summary: `Pods of ${deployment} are missing: 1`,
          description: `Fewer of them serve in ${namespace} than there should be.`,
        })),
      },
      'when pods of a StatefulSet are not made': {
        series: [...statefulReplicas('monitoring', 'loki', 3, 2), ...statefulReplicas('monitoring', 'loki', 2, 1, 2)],
        lasts: minutes(16),
        firing: [
          {
            labels: { namespace: 'monitoring', statefulset: 'loki', service: 'loki' },
            summary: 'Pods of loki are missing: 1',
            description: 'Fewer of them serve in monitoring than there should be.',
          },
        ],
      },
    },
    silent: {
      'while all serve': {
        series: [
          ...replicas('monitoring', 'kube-state-metrics', 1, hold(1)),
          ...statefulReplicas('monitoring', 'loki', 3, 3),
        ],
      },
      'while more serve than are wanted': { series: replicas('autoserve-prod', 'backend', 2, hold(3)) },
      "where it is another team's": {
        series: [...replicas('team-x', 'backend', 3, hold(0)), ...statefulReplicas('team-x', 'loki', 3, 0)],
      },
      'during an update': { series: replicas('autoserve-prod', 'backend', 3, until(minutes(15), hold(2), hold(3))) },
    },
  },
  EvictionsBlocked: {
    fires: {
      'when none of several is allowed': {
        series: workloads.flatMap(([namespace, name]) => [
          ...evictable(namespace, name, hold(0), 2),
          ...evictable(namespace, name, hold(0), 1, 2),
        ]),
        lasts: minutes(61),
        firing: workloads.map(([namespace, name]) => ({
          labels: { namespace, poddisruptionbudget: name, service: name },
          summary: `No pod of ${name} may be evicted`,
          description:
            'So many of its pods are not healthy that the others have to stay: a drain of their nodes waits.',
        })),
      },
    },
    silent: {
      'while one is allowed, as one of two kube-state-metrics has heard': {
        series: [...evictable('monitoring', 'loki', hold(1)), ...evictable('monitoring', 'loki', hold(0), 3, 2)],
      },
      'where there is only one pod, which may go when it is not healthy': {
        series: [...evictable('monitoring', 'jaeger', hold(0), 1), ...evictable('monitoring', 'jaeger', hold(0), 1, 2)],
        lasts: minutes(70),
      },
      "where it is another team's": { series: evictable('team-x', 'loki', hold(0)), lasts: minutes(70) },
      'while pods are replaced': { series: evictable('monitoring', 'loki', until(hours(1), hold(0), hold(1))) },
    },
  },
};

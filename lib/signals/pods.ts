import { Duration } from 'cdk8s';
import { kubeStateMetrics } from '../catalog/kubernetes';
import { countBy, maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { anyOf, chosen } from '../query/promql/matcher';
import { above, equals, or, unless, withLabelsOf } from '../query/promql/operators';
import { increase } from '../query/promql/range';
import { select } from '../query/promql/select';
import { endedPods } from './cluster';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// In which state the pods are, and where.

const ofNamespaces = { namespace: chosen('namespace') } as const;

/** 1 for each pod that ought to serve and does not, 0 for each that does. */
const notReady: Vector<'namespace' | 'pod'> = unless(
  or(
    maxBy(
      select(kubeStateMetrics.kube_pod_status_ready, { ...ofNamespaces, condition: anyOf('false', 'unknown') }),
      'namespace',
      'pod',
    ),
    // Of a pod that no node takes, nothing is said about its readiness.
    maxBy(select(kubeStateMetrics.kube_pod_status_phase, { ...ofNamespaces, phase: 'Pending' }), 'namespace', 'pod'),
  ),
  endedPods,
);

export const podsNotReady: Signal = {
  title: 'Pods not ready',
  description:
    'Pods that should serve and do not. Some are normal for a minute after a deployment. When they stay, see which containers wait or restart, and why.',
  unit: 'pods',
  queries: [plot(sumBy(notReady), legend`not ready`)],
  watchedBy: [tellsOf('PodNotReady')],
  limits: { bad: 'above', orange: 1 },
};

export const podsNotReadyByNamespace: Signal = {
  title: 'Pods not ready by namespace',
  description:
    'Pods that should serve and do not, by namespace. Pods that have ended are left out. 0 is good, a short peak is a deployment. When they stay, see why their containers wait or restart.',
  unit: 'pods',
  queries: [plot(sumBy(notReady, 'namespace'), legend`${'namespace'}`)],
  watchedBy: [tellsOf('PodNotReady')],
};

export const podsByPhase: Signal = {
  title: 'Pods by phase',
  description:
    'How many pods are in each phase. Running and Succeeded are good. Pending for more than a minute means that no node has room, or that an image cannot be pulled. Failed means that the pod was evicted or ended with an error.',
  unit: 'pods',
  queries: [plot(sumBy(select(kubeStateMetrics.kube_pod_status_phase, ofNamespaces), 'phase'), legend`${'phase'}`)],
  watchedBy: [tellsOf('PodNotReady')],
};

const placed = unless(
  maxBy(select(kubeStateMetrics.kube_pod_info, { ...ofNamespaces, node: chosen('node') }), 'namespace', 'pod', 'node'),
  endedPods,
  'namespace',
  'pod',
);

export const podsByNode: Signal = {
  title: 'Pods by node',
  description:
    'Pods that have not ended, by node. Nodes of the same size should have about as many each. One with hardly any is new, cordoned or not ready.',
  unit: 'pods',
  queries: [plot(countBy(placed, 'node'), legend`${'node'}`)],
};

export const podsByNamespace: Signal = {
  title: 'Pods by namespace',
  description:
    'Pods that have not ended, by namespace, on the chosen nodes. When a namespace grows without end, a job or an autoscaler creates pods out of control.',
  unit: 'pods',
  queries: [plot(countBy(placed, 'namespace'), legend`${'namespace'}`)],
};

export const waitingContainers: Signal = {
  title: 'Containers that wait',
  description:
    'Containers that do not run, and why. CrashLoopBackOff: it ends again and again. ImagePullBackOff: its image cannot be pulled. CreateContainerConfigError: a Secret or a ConfigMap is missing.',
  unit: 'boolean',
  queries: [
    plot(
      equals(
        maxBy(
          select(kubeStateMetrics.kube_pod_container_status_waiting_reason, ofNamespaces),
          'namespace',
          'pod',
          'container',
          'reason',
        ),
        1,
      ),
      legend`State`,
    ),
  ],
  watchedBy: [tellsOf('PodCrashLooping'), tellsOf('PodNotReady')],
  states: { 1: { text: 'waits', is: 'bad' } },
  emptyWhileWell: 'No container waits.',
};

const restartsOf = (window: Duration | '$__range'): Vector<'namespace' | 'pod' | 'container'> =>
  sumBy(
    increase(select(kubeStateMetrics.kube_pod_container_status_restarts_total, ofNamespaces), window),
    'namespace',
    'pod',
    'container',
  );

export const restartedContainers: Signal = {
  title: 'Containers that restarted',
  description:
    'Containers that restarted in the time shown, and how they last ended. OOMKilled: it reached its memory limit. Error: it exited with an error. Read its last lines in the logs.',
  unit: 'restarts',
  queries: [
    plot(
      withLabelsOf(
        above(restartsOf('$__range'), 0),
        equals(
          maxBy(
            select(kubeStateMetrics.kube_pod_container_status_last_terminated_reason),
            'namespace',
            'pod',
            'container',
            'reason',
          ),
          1,
        ),
        ['namespace', 'pod', 'container'],
        ['reason'],
      ),
      legend`Restarts`,
    ),
  ],
  watchedBy: [tellsOf('PodCrashLooping')],
  emptyWhileWell: 'Nothing has restarted.',
};

const halfAnHour = Duration.minutes(30);

export const mostRestarts: Signal = {
  title: 'Most restarts of a container',
  description:
    'Restarts in half an hour of the container that restarts most, by namespace. 0 is good. At the dashed line or above it, the container does not start, or does not stay up: read its last lines in the logs.',
  unit: 'restarts',
  queries: [plot(maxBy(restartsOf(halfAnHour), 'namespace'), legend`${'namespace'}`)],
  watchedBy: [firesAbove('PodCrashLooping')],
};

export const lastEnds: Signal = {
  title: 'Last ends of containers',
  description:
    'Containers that were restarted, by how they ended before. OOMKilled is the one to act on: raise the memory limit or find the leak.',
  unit: 'containers',
  queries: [
    plot(
      sumBy(select(kubeStateMetrics.kube_pod_container_status_last_terminated_reason, ofNamespaces), 'reason'),
      legend`${'reason'}`,
    ),
  ],
  watchedBy: [tellsOf('PodCrashLooping'), tellsOf('HighMemoryUsage')],
  emptyWhileWell: 'No container has been restarted.',
};

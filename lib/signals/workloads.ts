import { kubeStateMetrics } from '../catalog/kubernetes';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen } from '../query/promql/matcher';
import { above, minus, or, times } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { legend, plot, tellsOf, type Signal } from './signal';

// Whether what makes pods has as many as it wants.

const ofNamespaces = { namespace: chosen('namespace') } as const;

const deployments = {
  wanted: maxBy(select(kubeStateMetrics.kube_deployment_spec_replicas, ofNamespaces), 'namespace', 'deployment'),
  serving: maxBy(
    select(kubeStateMetrics.kube_deployment_status_replicas_available, ofNamespaces),
    'namespace',
    'deployment',
  ),
};

const statefulSets = {
  wanted: maxBy(select(kubeStateMetrics.kube_statefulset_replicas, ofNamespaces), 'namespace', 'statefulset'),
  serving: maxBy(
    select(kubeStateMetrics.kube_statefulset_status_replicas_ready, ofNamespaces),
    'namespace',
    'statefulset',
  ),
};

const daemonSets = {
  wanted: maxBy(
    select(kubeStateMetrics.kube_daemonset_status_desired_number_scheduled, ofNamespaces),
    'namespace',
    'daemonset',
  ),
  serving: maxBy(select(kubeStateMetrics.kube_daemonset_status_number_ready, ofNamespaces), 'namespace', 'daemonset'),
};

/** Where there are more than wanted, as in the middle of a rollout, none is missing. */
const missing = <L extends string>(wanted: Vector<L>, serving: Vector<NoInfer<L>>): Vector<L> =>
  or(above(minus(wanted, serving), 0), times(wanted, 0));

const allMissing = or(
  or(missing(deployments.wanted, deployments.serving), missing(statefulSets.wanted, statefulSets.serving)),
  missing(daemonSets.wanted, daemonSets.serving),
);

export const replicasMissing: Signal = {
  title: 'Replicas missing',
  description:
    'Pods that Deployments, StatefulSets and DaemonSets want and do not have ready. 0 is good. Otherwise see which workloads have fewer than they want, and why their pods do not start.',
  unit: 'replicas',
  queries: [plot(sumBy(allMissing), legend`missing`)],
  watchedBy: [tellsOf('ReplicasMissing')],
  limits: { bad: 'above', orange: 1 },
};

export const replicasMissingByNamespace: Signal = {
  title: 'Replicas missing by namespace',
  description:
    'Pods that Deployments, StatefulSets and DaemonSets want and do not have ready, by namespace. It peaks with every rollout and returns to 0. When it does not, pods do not start or find no node.',
  unit: 'replicas',
  queries: [plot(sumBy(allMissing, 'namespace'), legend`${'namespace'}`)],
  watchedBy: [tellsOf('ReplicasMissing')],
};

export const deploymentReplicas: Signal = {
  title: 'Deployments',
  description:
    'Replicas that each Deployment wants, and those that are available. They should be equal except for the minutes of a rollout.',
  unit: 'replicas',
  queries: [plot(deployments.wanted, legend`Wanted`), plot(deployments.serving, legend`Available`)],
  watchedBy: [tellsOf('ReplicasMissing')],
};

export const statefulSetReplicas: Signal = {
  title: 'StatefulSets',
  description:
    'Replicas that each StatefulSet wants, and those that are ready. Pods start one after the other, so one that does not start holds up the next ones.',
  unit: 'replicas',
  queries: [plot(statefulSets.wanted, legend`Wanted`), plot(statefulSets.serving, legend`Ready`)],
  watchedBy: [tellsOf('ReplicasMissing')],
};

export const daemonSetReplicas: Signal = {
  title: 'DaemonSets',
  description:
    'Nodes that should run a pod of each DaemonSet, and those where it is ready. A node without its log agent or its node exporter sends no logs or no metrics.',
  unit: 'pods',
  queries: [plot(daemonSets.wanted, legend`Wanted`), plot(daemonSets.serving, legend`Ready`)],
  watchedBy: [tellsOf('TargetDown')],
};

export const disruptionBudgets: Signal = {
  title: 'Disruption budgets',
  description:
    'Pods that may be evicted now, and the pods that each budget covers. When none of several may be evicted, a drain of their nodes waits until the others are healthy.',
  unit: 'pods',
  queries: [
    plot(
      maxBy(
        select(kubeStateMetrics.kube_poddisruptionbudget_status_pod_disruptions_allowed, ofNamespaces),
        'namespace',
        'poddisruptionbudget',
      ),
      legend`May be evicted`,
    ),
    plot(
      maxBy(
        select(kubeStateMetrics.kube_poddisruptionbudget_status_expected_pods, ofNamespaces),
        'namespace',
        'poddisruptionbudget',
      ),
      legend`Pods`,
    ),
  ],
  watchedBy: [tellsOf('EvictionsBlocked')],
};

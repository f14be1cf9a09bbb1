import { Duration } from 'cdk8s';
import { cadvisor } from '../../lib/catalog/cadvisor';
import { kubeStateMetrics } from '../../lib/catalog/kubernetes';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { maxBy, sumBy } from '../../lib/query/promql/aggregate';
import type { Vector } from '../../lib/query/promql/expression';
import { anyOf } from '../../lib/query/promql/matcher';
import {
  above,
  and,
  atLeast,
  atMost,
  equals,
  labelFrom,
  minus,
  or,
  ratio,
  unless,
  withLabelsOf,
} from '../../lib/query/promql/operators';
import { increase } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { prometheusDuration } from '../../lib/units/duration';
import { alert, ofItsService, type AlertDefinitions } from './definition';
import { ours } from './ours';

/** With the node on which each pod runs, so that an alert about the node mutes those about its pods. */
const onItsNode = <L extends string>(
  vector: Vector<L | 'namespace' | 'pod'>,
): Vector<L | 'namespace' | 'pod' | 'node'> =>
  withLabelsOf(
    vector,
    maxBy(select(kubeStateMetrics.kube_pod_info), 'namespace', 'pod', 'node'),
    ['namespace', 'pod'],
    ['node'],
  );

/** What a pod's name begins with, before what its Deployment, StatefulSet or DaemonSet appends. */
const workloadOfPod = '(.+?)(?:-[bcdf-hj-np-tv-xz2-9]{6,10})?(?:-[bcdf-hj-np-tv-xz2-9]{5}|-[0-9]+)?';

/** How many pods of a workload do not serve that should, under its name as `service`. */
const missing = <L extends string, K extends 'deployment' | 'statefulset'>(
  wanted: Vector<L | 'namespace' | K>,
  serving: Vector<L | 'namespace' | K>,
  kind: K,
): Vector<'namespace' | 'service' | K> =>
  labelFrom(
    above(minus(maxBy(wanted, 'namespace', kind), maxBy(serving, 'namespace', kind)), 0),
    'service',
    kind,
    '(.+)',
  );

const halfAnHour = Duration.minutes(30);

/** What runs out, breaks or is missing of our pods. */
export const workloadAlerts: AlertDefinitions<
  'HighMemoryUsage' | 'PodNotReady' | 'PodCrashLooping' | 'ReplicasMissing' | 'EvictionsBlocked'
> = {
  HighMemoryUsage: ({ threshold }, deployment) =>
    alert({
      expr: above(
        ratio(
          select(cadvisor.container_memory_working_set_bytes, ours(deployment)),
          // 0 stands for no limit.
          above(select(cadvisor.container_spec_memory_limit_bytes), 0),
        ),
        threshold,
      ),
      service: label('container'),
      summary: text`${label('pod')} uses ${value.ratio} of its memory limit`,
      description: text`Above ${percentage(threshold)} for this long, the container ${label('container')} will soon be killed for its memory.`,
    }),
  PodNotReady: (_, deployment) =>
    alert({
      expr: labelFrom(
        onItsNode(
          unless(
            or(
              equals(
                maxBy(
                  select(kubeStateMetrics.kube_pod_status_ready, { ...ours(deployment), condition: 'true' }),
                  'namespace',
                  'pod',
                ),
                0,
              ),
              // Of a pod that no node takes, nothing is said about its readiness.
              equals(
                maxBy(
                  select(kubeStateMetrics.kube_pod_status_phase, { ...ours(deployment), phase: 'Pending' }),
                  'namespace',
                  'pod',
                ),
                1,
              ),
            ),
            // A pod that has done its work, or was evicted, never will be again; another has taken its place.
            equals(
              maxBy(
                select(kubeStateMetrics.kube_pod_status_phase, { phase: anyOf('Succeeded', 'Failed') }),
                'namespace',
                'pod',
              ),
              1,
            ),
          ),
        ),
        'service',
        'pod',
        workloadOfPod,
      ),
      service: ofItsService,
      summary: text`The pod ${label('pod')} is not ready`,
      description: text`It belongs to ${label('namespace')} and takes no traffic.`,
    }),
  PodCrashLooping: ({ threshold }, deployment) =>
    alert({
      // At least, for an increase is a little more than what happened.
      expr: atLeast(
        onItsNode(
          sumBy(
            increase(select(kubeStateMetrics.kube_pod_container_status_restarts_total, ours(deployment)), halfAnHour),
            'namespace',
            'pod',
            'container',
          ),
        ),
        threshold,
      ),
      service: label('container'),
      summary: text`${label('container')} in ${label('pod')} restarted ${value.count} times`,
      description: text`${threshold} restarts or more in ${prometheusDuration(halfAnHour)}: it does not come up, or does not stay.`,
    }),
  ReplicasMissing: (_, deployment) =>
    alert({
      // Of a DaemonSet, alerts about its pods and targets tell, with the node.
      expr: or(
        missing(
          select(kubeStateMetrics.kube_deployment_spec_replicas, ours(deployment)),
          select(kubeStateMetrics.kube_deployment_status_replicas_available),
          'deployment',
        ),
        missing(
          select(kubeStateMetrics.kube_statefulset_replicas, ours(deployment)),
          select(kubeStateMetrics.kube_statefulset_status_replicas_ready),
          'statefulset',
        ),
      ),
      service: ofItsService,
      summary: text`Pods of ${label('service')} are missing: ${value.number}`,
      description: text`Fewer of them serve in ${label('namespace')} than there should be.`,
    }),
  EvictionsBlocked: (_, deployment) =>
    alert({
      expr: and(
        atMost(
          maxBy(
            select(kubeStateMetrics.kube_poddisruptionbudget_status_pod_disruptions_allowed, ours(deployment)),
            'namespace',
            'poddisruptionbudget',
          ),
          0,
        ),
        // A pod that is not healthy may go; so where there is only one, nothing is blocked.
        above(
          maxBy(
            select(kubeStateMetrics.kube_poddisruptionbudget_status_expected_pods),
            'namespace',
            'poddisruptionbudget',
          ),
          1,
        ),
      ),
      service: label('poddisruptionbudget'),
      summary: text`No pod of ${label('poddisruptionbudget')} may be evicted`,
      description: text`So many of its pods are not healthy that the others have to stay: a drain of their nodes waits.`,
    }),
};

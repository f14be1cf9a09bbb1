import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { AnnotationQueryBuilder, type AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import { alertState } from '../../catalog/alert-state';
import { kubeStateMetrics } from '../../catalog/kubernetes';
import { maxBy } from '../../query/promql/aggregate';
import { anyOf, chosen, re } from '../../query/promql/matcher';
import { and, times } from '../../query/promql/operators';
import type { Vector } from '../../query/promql/expression';
import { select } from '../../query/promql/select';
import { dataSource } from './data-source';
import type { Dashboard } from './panel';

export interface AnnotationSettings {
  /** Where AutoServe's services run. */
  readonly applicationNamespace: string;
}

/** A mark at the moment that each value tells. */
const ofPrometheus = (name: string, color: string, expr: string): AnnotationQueryBuilder =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(dataSource('prometheus'))
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .useValueForTime(true)
    .step('60s');

/** A moment that a value tells in seconds, as Grafana reads it. */
const moment = <L extends string>(seconds: Vector<L>): Vector<L> => times(seconds, 1000);

/** When a Deployment got a new template: its ReplicaSet tells when it was made. */
const deploymentsOf = (namespace: string) =>
  moment(maxBy(select(kubeStateMetrics.kube_replicaset_created, { namespace }), 'replicaset'));

/**
 * When the trouble began of which an alert tells; on a dashboard of services, of those that are chosen. Moments, and not
 * the time in which it fires: when much fires, the lines themselves would be hidden.
 */
const alertsBegan = ({ variables }: Pick<Dashboard, 'variables'>) => {
  const alerts = {
    severity: anyOf('critical', 'warning', 'info'),
    service: variables.some(({ name }) => name === 'service') ? chosen('service') : re('.+'),
  };
  const by = ['alertname', 'severity', 'service'] as const;
  return moment(
    and(
      maxBy(select(alertState.ALERTS_FOR_STATE, alerts), ...by),
      maxBy(select(alertState.ALERTS, { ...alerts, alertstate: 'firing' }), ...by),
    ),
  );
};

/** What happened beside the lines: deployments and alerts, on every dashboard alike. */
export const annotations = (
  dashboard: Pick<Dashboard, 'variables'>,
  { applicationNamespace }: AnnotationSettings,
): readonly Builder<AnnotationQuery>[] => [
  ofPrometheus('Deployments', 'blue', deploymentsOf(applicationNamespace).text)
    .titleFormat('Deployment')
    .textFormat('{{replicaset}}'),
  ofPrometheus('Firing alerts', 'red', alertsBegan(dashboard).text)
    .titleFormat('{{alertname}}')
    .textFormat('{{service}}')
    .tagKeys('severity'),
];

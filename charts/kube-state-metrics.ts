import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import { container, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import { podTemplate } from '../lib/constructs/pod';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';

export interface KubeStateMetricsChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  readonly resources: ContainerResources;
  /** The metrics that it offers, and no others. */
  readonly metricNames: readonly string[];
}

/** The objects that it watches, by API group. By default it would read every Secret of the cluster. */
const watched: Readonly<Record<string, readonly string[]>> = {
  '': ['nodes', 'pods', 'persistentvolumeclaims'],
  apps: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
  policy: ['poddisruptionbudgets'],
};

/** kube-state-metrics: the state of the cluster's objects as metrics. */
export class KubeStateMetricsChart extends Chart {
  constructor(scope: Construct, id: string, { image, ...props }: KubeStateMetricsChartProps) {
    const identity = { name: 'kube-state-metrics', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components['kube-state-metrics'];

    const account = new ServiceIdentity(this, 'Identity', {
      name: 'kube-state-metrics',
      namespace: props.namespace,
      clusterRules: Object.entries(watched).map(([apiGroup, resources]) => ({
        apiGroups: [apiGroup],
        resources: [...resources],
        verbs: ['list', 'watch'],
      })),
    });
    new k8s.KubeDeployment(this, 'Deployment', {
      metadata: { name: 'kube-state-metrics' },
      spec: {
        // A second replica would count every object twice.
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { ...selectorLabels(identity) } },
        template: podTemplate({
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: true,
          containers: [
            container({
              name: 'kube-state-metrics',
              image: imageReference(image),
              args: [
                `--resources=${Object.values(watched).flat().sort().join(',')}`,
                `--metric-allowlist=${props.metricNames.join(',')}`,
              ],
              ports,
              probes: {
                readiness: httpProbe('/readyz', 'telemetry'),
                liveness: httpProbe('/livez', 'http'),
              },
              resources: props.resources,
            }),
          ],
        }),
      },
    });
    new StableService(this, 'Service', { identity, ports });
  }
}

import { Chart, Duration, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { AnomalyMethod } from '../lib/catalog/anomaly-methods';
import { components } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import { ConfigFiles } from '../lib/constructs/config-file';
import { container, env, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import { podTemplate } from '../lib/constructs/pod';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';
import { prometheusDuration } from '../lib/units/duration';

export interface AnomalyDetectorChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  /** The stock Node image, which runs the bundle. */
  readonly image: Image;
  /** Version of the program. */
  readonly version: string;
  /** The program and all it needs as one JavaScript file. */
  readonly bundle: string;
  readonly prometheusUrl: string;
  readonly history: Duration;
  readonly step: Duration;
  readonly warmUp: Duration;
  readonly method: AnomalyMethod;
  readonly resources: ContainerResources;
}

const oftenEnough = Duration.hours(1);

/** A model learns anew each hour, and sooner where the end of a short warm-up would else go unnoticed: in whole seconds. */
const retrainInterval = (warmUp: Duration): Duration =>
  Duration.seconds(Math.min(oftenEnough.toSeconds(), Math.ceil(warmUp.toMilliseconds() / 12_000)));

const programDirectory = '/opt/anomaly-detector';

/** Tells which signals of the services are unusual for the hour of the week, from what Prometheus remembers. */
export class AnomalyDetectorChart extends Chart {
  constructor(scope: Construct, id: string, { image, version, ...props }: AnomalyDetectorChartProps) {
    const identity = { name: 'anomaly-detector', instance: props.instance, version } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components['anomaly-detector'];

    const account = new ServiceIdentity(this, 'Identity', { name: identity.name, namespace: props.namespace });
    const { configMapName } = new ConfigFiles(this, 'Bundle', {
      name: identity.name,
      files: { 'main.js': props.bundle },
    });
    new k8s.KubeDeployment(this, 'Deployment', {
      metadata: { name: identity.name },
      spec: {
        // A second one would find the same, and every anomaly would be told twice.
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { ...selectorLabels(identity) } },
        template: podTemplate({
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          volumes: [{ name: 'program', configMap: { name: configMapName } }],
          containers: [
            container({
              name: identity.name,
              image: imageReference(image),
              command: ['/usr/local/bin/node', `${programDirectory}/main.js`],
              env: env({
                PROMETHEUS_URL: props.prometheusUrl,
                HISTORY: prometheusDuration(props.history),
                STEP: prometheusDuration(props.step),
                WARM_UP: prometheusDuration(props.warmUp),
                RETRAIN_INTERVAL: prometheusDuration(retrainInterval(props.warmUp)),
                METHOD: props.method,
              }),
              ports,
              probes: {
                readiness: httpProbe('/readyz', 'http'),
                // It answers nothing while it learns, for a moment.
                liveness: httpProbe('/healthz', 'http', { timeoutSeconds: 5, failureThreshold: 5 }),
              },
              resources: props.resources,
              mounts: [{ name: 'program', mountPath: programDirectory, readOnly: true }],
            }),
          ],
        }),
      },
    });
    new StableService(this, 'Service', { identity, ports });
  }
}

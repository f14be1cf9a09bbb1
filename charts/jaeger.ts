import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import type { JaegerConfig } from '../lib/config/jaeger';
import type { SamplingFile } from '../lib/config/sampling';
import { toYaml } from '../lib/config/to-yaml';
import { ConfigFiles } from '../lib/constructs/config-file';
import { container, env, goMemoryLimit, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import { podTemplate } from '../lib/constructs/pod';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';
import { volumeClaim, type ClaimedVolume } from '../lib/constructs/volume-claim';

interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

export interface JaegerChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  readonly replicas: number;
  readonly config: JaegerConfig;
  readonly ui: object;
  readonly sampling: SamplingFile;
  /** Where `config` looks for what. */
  readonly paths: {
    readonly samplingFile: string;
    readonly uiFile: string;
    readonly data: string;
    readonly credentials: string;
  };
  readonly resources: ContainerResources;
  /** For a store in the pod itself. */
  readonly volume: ClaimedVolume | 'none';
  /** Files for an external store, by name. */
  readonly secrets: Readonly<Record<string, SecretKey>>;
  /** What is not a default yet in Jaeger. */
  readonly featureGates: readonly string[];
}

const configDirectory = '/etc/jaeger';
const samplingDirectory = '/etc/jaeger-sampling';
export const jaegerPaths: JaegerChartProps['paths'] = {
  samplingFile: `${samplingDirectory}/sampling.json`,
  uiFile: `${configDirectory}/ui.json`,
  data: '/badger',
  credentials: '/etc/jaeger-credentials',
};

/**
 * Jaeger: receives spans over OTLP, keeps and shows traces, tells services how much to sample, counts spans for
 * Prometheus.
 *
 * @see https://www.jaegertracing.io/docs/2.20/architecture/
 */
export class JaegerChart extends Chart {
  constructor(scope: Construct, id: string, { image, volume, secrets, paths, ...props }: JaegerChartProps) {
    const identity = { name: 'jaeger', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components.jaeger;

    const config = new ConfigFiles(this, 'Config', {
      name: 'jaeger-config',
      files: { 'jaeger.yaml': toYaml(props.config), 'ui.json': JSON.stringify(props.ui) },
    });
    const sampling = new ConfigFiles(this, 'Sampling', {
      name: 'jaeger-sampling',
      files: { 'sampling.json': JSON.stringify(props.sampling, undefined, 2) },
      reloads: true,
    });
    const account = new ServiceIdentity(this, 'Identity', { name: 'jaeger', namespace: props.namespace });
    if (volume !== 'none')
      new k8s.KubePersistentVolumeClaim(this, 'Volume', { metadata: { name: 'jaeger' }, spec: volumeClaim(volume) });
    const mounts: k8s.VolumeMount[] = [
      { name: 'config', mountPath: configDirectory, readOnly: true },
      { name: 'sampling', mountPath: samplingDirectory, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ];
    const volumes: k8s.Volume[] = [
      { name: 'config', configMap: { name: config.configMapName } },
      { name: 'sampling', configMap: { name: sampling.configMapName } },
      { name: 'tmp', emptyDir: {} },
    ];
    if (volume !== 'none') {
      volumes.push({ name: 'data', persistentVolumeClaim: { claimName: 'jaeger' } });
      mounts.push({ name: 'data', mountPath: paths.data, subPath: 'jaeger' });
    }
    const sources = Object.entries(secrets).map(([path, { secretName, key }]) => ({
      secret: { name: secretName, items: [{ key, path }] },
    }));
    if (sources.length > 0) {
      volumes.push({ name: 'credentials', projected: { sources } });
      mounts.push({ name: 'credentials', mountPath: paths.credentials, readOnly: true });
    }

    new k8s.KubeDeployment(this, 'Deployment', {
      metadata: { name: 'jaeger' },
      spec: {
        replicas: props.replicas,
        // Two at a time would each see a part of the traces, and cannot share a volume.
        ...(props.replicas === 1 && { strategy: { type: 'Recreate' } }),
        selector: { matchLabels: { ...selectorLabels(identity) } },
        template: podTemplate({
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          // Traces that wait for their decision are decided on, and what is on its way is stored.
          terminationGracePeriodSeconds: 60,
          volumes,
          containers: [
            container({
              name: 'jaeger',
              image: imageReference(image),
              args: [
                `--config=${configDirectory}/jaeger.yaml`,
                ...(props.featureGates.length > 0 ? [`--feature-gates=${props.featureGates.join(',')}`] : []),
              ],
              env: env({ GOMEMLIMIT: goMemoryLimit(props.resources) }),
              ports,
              probes: {
                startup: httpProbe('/status', 'health', { periodSeconds: 2, failureThreshold: 60 }),
                readiness: httpProbe('/status', 'health'),
                liveness: httpProbe('/status', 'health', { failureThreshold: 6 }),
              },
              resources: props.resources,
              mounts,
            }),
          ],
        }),
      },
    });
    new StableService(this, 'Service', { identity, ports });
  }
}

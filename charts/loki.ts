import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components, replicasServiceOf } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import type { LokiConfig } from '../lib/config/loki';
import { toYaml } from '../lib/config/to-yaml';
import { ConfigFiles } from '../lib/constructs/config-file';
import {
  container,
  env,
  fieldEnv,
  goMemoryLimit,
  httpProbe,
  type ContainerResources,
} from '../lib/constructs/container';
import { labels } from '../lib/constructs/labels';
import { replicated } from '../lib/constructs/replicated';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';
import type { ClaimedVolume } from '../lib/constructs/volume-claim';

/** A file of credentials from a Secret, and the variable by which the store's SDK finds it. */
export interface ObjectStoreCredentials {
  readonly secretName: string;
  readonly key: string;
  readonly variable: string;
}

export interface LokiChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  readonly replicas: number;
  readonly config: LokiConfig;
  readonly dataDirectory: string;
  readonly resources: ContainerResources;
  readonly volume: ClaimedVolume;
  readonly credentials: ObjectStoreCredentials | 'none';
}

export const governingService = replicasServiceOf('loki');
const configDirectory = '/etc/loki';
const credentialsDirectory = '/etc/loki/credentials';

/**
 * Loki as a single binary: on its volume alone, or as replicas over an object store.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/deployment-modes/
 */
export class LokiChart extends Chart {
  constructor(scope: Construct, id: string, { image, credentials, ...props }: LokiChartProps) {
    const identity = { name: 'loki', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components.loki;

    const config = new ConfigFiles(this, 'Config', {
      name: 'loki-config',
      files: { 'loki.yaml': toYaml(props.config) },
    });
    const account = new ServiceIdentity(this, 'Identity', { name: 'loki', namespace: props.namespace });
    const hasCredentials = credentials !== 'none';
    new k8s.KubeStatefulSet(this, 'StatefulSet', {
      metadata: { name: 'loki' },
      spec: replicated({
        governingService,
        replicas: props.replicas,
        volume: props.volume,
        pod: {
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          // As long as its makers give it to leave the ring.
          terminationGracePeriodSeconds: 300,
          volumes: [
            { name: 'config', configMap: { name: config.configMapName } },
            { name: 'tmp', emptyDir: {} },
            ...(hasCredentials ? [{ name: 'credentials', secret: { secretName: credentials.secretName } }] : []),
          ],
          containers: [
            container({
              name: 'loki',
              image: imageReference(image),
              args: [`-config.file=${configDirectory}/loki.yaml`, '-config.expand-env=true', '-target=all'],
              env: [
                fieldEnv('POD_IP', 'status.podIP'),
                ...env({ GOMEMLIMIT: goMemoryLimit(props.resources) }),
                ...(hasCredentials
                  ? env({ [credentials.variable]: `${credentialsDirectory}/${credentials.key}` })
                  : []),
              ],
              ports,
              probes: {
                // It waits 15 s for its place in the ring, and minutes for its log ahead after an outage.
                startup: httpProbe('/ready', 'http', {
                  initialDelaySeconds: 20,
                  periodSeconds: 5,
                  failureThreshold: 180,
                }),
                readiness: httpProbe('/ready', 'http'),
                liveness: httpProbe('/loki/api/v1/status/buildinfo', 'http', { failureThreshold: 6 }),
              },
              resources: props.resources,
              mounts: [
                { name: 'config', mountPath: configDirectory, readOnly: true },
                { name: 'tmp', mountPath: '/tmp' },
                { name: 'data', mountPath: props.dataDirectory, subPath: 'loki' },
                ...(hasCredentials ? [{ name: 'credentials', mountPath: credentialsDirectory, readOnly: true }] : []),
              ],
            }),
          ],
        },
      }),
    });
    new StableService(this, 'Service', { identity, ports, governs: governingService });
  }
}

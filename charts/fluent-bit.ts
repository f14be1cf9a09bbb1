import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import type { FluentBitConfig } from '../lib/config/fluent-bit';
import { toYaml } from '../lib/config/to-yaml';
import { ConfigFiles } from '../lib/constructs/config-file';
import { container, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import { podTemplate } from '../lib/constructs/pod';
import { ServiceIdentity } from '../lib/constructs/service-identity';
import type { HostAccess } from './agent-admission';

export interface FluentBitChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  readonly config: FluentBitConfig;
  readonly resources: ContainerResources;
  /** Paths of the node, each found at the same place in the pod. */
  readonly hostPaths: HostAccess['paths'];
}

const configDirectory = '/etc/fluent-bit';

/** Fluent Bit on every node: sends the lines of all containers to Loki, and asks no API server. */
export class FluentBitChart extends Chart {
  /** What the admission policy of its namespace has to let through. */
  readonly hostAccess: HostAccess;

  constructor(scope: Construct, id: string, { image, hostPaths, ...props }: FluentBitChartProps) {
    const identity = { name: 'fluent-bit', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components['fluent-bit'];
    this.hostAccess = {
      serviceAccountName: 'fluent-bit',
      user: image.user,
      paths: hostPaths,
      sharesNamespaces: false,
    };

    const config = new ConfigFiles(this, 'Config', {
      name: 'fluent-bit-config',
      files: { 'fluent-bit.yaml': toYaml(props.config) },
    });
    const account = new ServiceIdentity(this, 'Identity', {
      name: this.hostAccess.serviceAccountName,
      namespace: props.namespace,
    });
    const host = Object.entries(hostPaths).map(([path, access], index) => ({ name: `host-${index}`, path, access }));
    new k8s.KubeDaemonSet(this, 'DaemonSet', {
      metadata: { name: 'fluent-bit' },
      spec: {
        selector: { matchLabels: { ...selectorLabels(identity) } },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('10%') } },
        template: podTemplate({
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          volumes: [
            { name: 'config', configMap: { name: config.configMapName } },
            ...host.map(({ name, path, access }) => ({
              name,
              hostPath: { path, ...(access === 'read-write' && { type: 'DirectoryOrCreate' }) },
            })),
          ],
          containers: [
            container({
              name: 'fluent-bit',
              image: imageReference(image),
              args: [`--config=${configDirectory}/fluent-bit.yaml`],
              ports,
              // Healthy through an outage of Loki: what waits is on the disk.
              probes: {
                readiness: httpProbe('/api/v2/health', 'http'),
                liveness: httpProbe('/', 'http', { failureThreshold: 6 }),
              },
              resources: props.resources,
              mounts: [
                { name: 'config', mountPath: configDirectory, readOnly: true },
                ...host.map(({ name, path, access }) => ({
                  name,
                  mountPath: path,
                  ...(access === 'read-only' && { readOnly: true }),
                })),
              ],
            }),
          ],
          more: {
            // Every node has logs, those too that take no other pods.
            tolerations: [{ operator: 'Exists' }],
            topologySpreadConstraints: undefined,
          },
        }),
      },
    });
  }
}

import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import { container, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import type { HostAccess } from './agent-admission';
import { podTemplate } from '../lib/constructs/pod';
import { ServiceIdentity } from '../lib/constructs/service-identity';

export interface NodeExporterChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  readonly resources: ContainerResources;
}

/** Those that the catalog's metrics come from. */
const collectors = ['cpu', 'diskstats', 'filesystem', 'loadavg', 'meminfo', 'netdev', 'stat', 'timex'];

/** Interfaces that belong to single pods, which cAdvisor measures. */
const podInterfaces = '^(veth.*|cali.*|cilium.*|lxc.*|cni.*|nodelocaldns)$';
/** Mounts that belong to single pods or to the container runtime. */
const podMounts = '^/(dev|proc|sys|run/.+|var/lib/(docker|containerd|containers|kubelet)/.+)($|/)';

/** Host paths that node-exporter reads, each with where it finds it. */
const hostPaths = { root: '/', sys: '/sys' } as const;

/** node-exporter on every node: it reads the host's file systems and shares its network and process list. */
export class NodeExporterChart extends Chart {
  /** What the admission policy of its namespace has to let through. */
  readonly hostAccess: HostAccess;

  constructor(scope: Construct, id: string, { image, ...props }: NodeExporterChartProps) {
    const identity = { name: 'node-exporter', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components['node-exporter'];
    this.hostAccess = {
      serviceAccountName: 'node-exporter',
      user: image.user,
      paths: Object.fromEntries(Object.values(hostPaths).map((path) => [path, 'read-only'])),
      sharesNamespaces: true,
    };

    const account = new ServiceIdentity(this, 'Identity', {
      name: this.hostAccess.serviceAccountName,
      namespace: props.namespace,
    });
    new k8s.KubeDaemonSet(this, 'DaemonSet', {
      metadata: { name: 'node-exporter' },
      spec: {
        selector: { matchLabels: { ...selectorLabels(identity) } },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('10%') } },
        template: podTemplate({
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          volumes: Object.entries(hostPaths).map(([name, path]) => ({ name, hostPath: { path } })),
          containers: [
            container({
              name: 'node-exporter',
              image: imageReference(image),
              args: [
                '--path.rootfs=/host/root',
                '--path.procfs=/host/root/proc',
                '--path.sysfs=/host/sys',
                '--path.udev.data=/host/root/run/udev/data',
                '--collector.disable-defaults',
                ...collectors.map((collector) => `--collector.${collector}`),
                `--collector.filesystem.mount-points-exclude=${podMounts}`,
                `--collector.netdev.device-exclude=${podInterfaces}`,
                '--web.disable-exporter-metrics',
              ],
              ports,
              probes: { readiness: httpProbe('/', 'http'), liveness: httpProbe('/', 'http') },
              resources: props.resources,
              mounts: Object.keys(hostPaths).map((name) => ({
                name,
                mountPath: `/host/${name}`,
                readOnly: true,
                mountPropagation: 'HostToContainer',
              })),
            }),
          ],
          more: {
            hostNetwork: true,
            hostPid: true,
            // Every node counts, those too that take no other pods.
            tolerations: [{ operator: 'Exists' }],
            topologySpreadConstraints: undefined,
          },
        }),
      },
    });
  }
}

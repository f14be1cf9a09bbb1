import { Chart, type ChartProps, type Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components, replicasServiceOf } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import { notificationMemoryHours } from '../lib/catalog/receivers';
import type { AlertmanagerConfig } from '../lib/config/alertmanager';
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
import { goDuration } from '../lib/units/duration';

interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

export interface AlertmanagerChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  readonly config: AlertmanagerConfig;
  /** Templates of what people read. */
  readonly notifications: string;
  /** Files for the receivers, by name. */
  readonly secrets: Readonly<Record<string, SecretKey>>;
  /** Where people reach it, for the links in notifications. */
  readonly externalUrl: string;
  /** Where each replica meets the others; there are as many. */
  readonly peers: readonly string[];
  /** How long each waits for the one before it in line. */
  readonly peerTimeout: Duration;
  /** After a start, until the first notification. */
  readonly startDelay: Duration;
  readonly resources: ContainerResources;
  readonly volume: ClaimedVolume;
}

const configDirectory = '/etc/alertmanager';
const dataDirectory = '/alertmanager';
const templates = 'notifications.tmpl';

/** Where its configuration looks for what. */
export const alertmanagerPaths = {
  templateFile: `${configDirectory}/${templates}`,
  secrets: '/etc/alertmanager-secrets',
} as const;

/** One replica alone would wait for others. */
const clusterArgs = ({
  peers,
  peerTimeout,
}: Pick<AlertmanagerChartProps, 'peers' | 'peerTimeout'>): readonly string[] =>
  peers.length > 1
    ? [
        // The address that it listens on is the one that others are told. In brackets it may be one of IPv6, too.
        `--cluster.listen-address=[$(POD_IP)]:${components.alertmanager.ports.gossip}`,
        ...peers.map((peer) => `--cluster.peer=${peer}`),
        `--cluster.peer-timeout=${goDuration(peerTimeout)}`,
        // The address of a pod that is gone does not come back; it would be tried for six hours.
        '--cluster.reconnect-timeout=5m',
      ]
    : ['--cluster.listen-address='];

/**
 * Alertmanager: groups, inhibits and silences alerts, and tells people. Its replicas tell each other what they sent; any
 * one of them is enough.
 *
 * @see https://prometheus.io/docs/alerting/latest/high_availability/
 */
export class AlertmanagerChart extends Chart {
  constructor(scope: Construct, id: string, { image, ...props }: AlertmanagerChartProps) {
    const identity = { name: 'alertmanager', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components.alertmanager;
    const governingService = replicasServiceOf('alertmanager');

    const config = new ConfigFiles(this, 'Config', {
      name: 'alertmanager-config',
      files: { 'alertmanager.yml': toYaml(props.config), [templates]: props.notifications },
    });
    const account = new ServiceIdentity(this, 'Identity', { name: 'alertmanager', namespace: props.namespace });
    const sources = Object.entries(props.secrets).map(([path, { secretName, key }]) => ({
      secret: { name: secretName, items: [{ key, path }] },
    }));
    const hasSecrets = sources.length > 0;
    new k8s.KubeStatefulSet(this, 'StatefulSet', {
      metadata: { name: 'alertmanager' },
      spec: replicated({
        governingService,
        replicas: props.peers.length,
        volume: props.volume,
        pod: {
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          // It writes down silences and what was sent.
          terminationGracePeriodSeconds: 120,
          volumes: [
            { name: 'config', configMap: { name: config.configMapName } },
            ...(hasSecrets ? [{ name: 'secrets', projected: { sources } }] : []),
          ],
          containers: [
            container({
              name: 'alertmanager',
              image: imageReference(image),
              args: [
                `--config.file=${configDirectory}/alertmanager.yml`,
                `--storage.path=${dataDirectory}`,
                `--data.retention=${notificationMemoryHours}h`,
                `--web.external-url=${props.externalUrl}`,
                // Whatever path people see: within the cluster it serves at the root.
                '--web.route-prefix=/',
                ...clusterArgs(props),
                `--dispatch.start-delay=${goDuration(props.startDelay)}`,
                // Which receiver failed, and not only by what way.
                '--enable-feature=utf8-strict-mode,receiver-name-in-metrics',
                '--log.format=json',
              ],
              env: [fieldEnv('POD_IP', 'status.podIP'), ...env({ GOMEMLIMIT: goMemoryLimit(props.resources) })],
              ports,
              probes: {
                readiness: httpProbe('/-/ready', 'http'),
                liveness: httpProbe('/-/healthy', 'http', { failureThreshold: 6 }),
              },
              resources: props.resources,
              mounts: [
                { name: 'config', mountPath: configDirectory, readOnly: true },
                { name: 'data', mountPath: dataDirectory, subPath: 'alertmanager' },
                ...(hasSecrets ? [{ name: 'secrets', mountPath: alertmanagerPaths.secrets, readOnly: true }] : []),
              ],
            }),
          ],
        },
      }),
    });
    new StableService(this, 'Service', { identity, ports, governs: governingService });
  }
}

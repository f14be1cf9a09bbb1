import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components, replicasServiceOf } from '../lib/catalog/components';
import { imageReference, type Image } from '../lib/catalog/image';
import type { PrometheusConfig } from '../lib/config/prometheus';
import type { RuleFile } from '../lib/config/rule-file';
import { toYaml } from '../lib/config/to-yaml';
import { ConfigFiles } from '../lib/constructs/config-file';
import { container, fieldEnv, goMemoryShare, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels } from '../lib/constructs/labels';
import { replicated } from '../lib/constructs/replicated';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';
import type { ClaimedVolume } from '../lib/constructs/volume-claim';

export interface PrometheusChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  /** Identical copies, each with a volume of its own. */
  readonly replicas: number;
  readonly config: PrometheusConfig;
  /** Where `config` looks for rules. */
  readonly ruleDirectory: string;
  /** Each file with its rules. */
  readonly rules: Readonly<Record<string, RuleFile>>;
  /** Where people reach it, for the links in its alerts. */
  readonly externalUrl: string;
  readonly resources: ContainerResources;
  readonly volume: ClaimedVolume;
  /** Namespaces whose pods it discovers. */
  readonly scrapedNamespaces: readonly string[];
}

const configDirectory = '/etc/prometheus';
const dataDirectory = '/prometheus';
const governingService = replicasServiceOf('prometheus');

/** Never `nodes/proxy`, which would let it run commands in every pod. */
const clusterRules: readonly k8s.PolicyRule[] = [
  { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
];
const discoverPods: readonly k8s.PolicyRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
];

/**
 * Prometheus: scrapes, evaluates rules, keeps the metrics on a volume of each replica.
 *
 * @see https://prometheus.io/docs/prometheus/latest/storage/
 */
export class PrometheusChart extends Chart {
  constructor(scope: Construct, id: string, { image, ...props }: PrometheusChartProps) {
    const identity = { name: 'prometheus', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components.prometheus;

    const config = new ConfigFiles(this, 'Config', {
      name: 'prometheus-config',
      files: { 'prometheus.yml': toYaml(props.config) },
    });
    const rules = new ConfigFiles(this, 'Rules', {
      name: 'prometheus-rules',
      files: Object.fromEntries(Object.entries(props.rules).map(([file, rules]) => [file, toYaml(rules)])),
      reloads: true,
    });
    const account = new ServiceIdentity(this, 'Identity', {
      name: 'prometheus',
      namespace: props.namespace,
      clusterRules,
      namespaceRules: Object.fromEntries(props.scrapedNamespaces.map((namespace) => [namespace, discoverPods])),
    });

    new k8s.KubeStatefulSet(this, 'StatefulSet', {
      metadata: { name: 'prometheus' },
      spec: replicated({
        governingService,
        replicas: props.replicas,
        volume: props.volume,
        pod: {
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: true,
          // The last chance to write out what is in memory, and to cut a checkpoint.
          terminationGracePeriodSeconds: 600,
          volumes: [
            { name: 'config', configMap: { name: config.configMapName } },
            { name: 'rules', configMap: { name: rules.configMapName } },
          ],
          containers: [
            container({
              name: 'prometheus',
              image: imageReference(image),
              args: [
                `--config.file=${configDirectory}/prometheus.yml`,
                '--config.auto-reload',
                `--storage.tsdb.path=${dataDirectory}`,
                `--web.external-url=${props.externalUrl}`,
                // Whatever path people see: within the cluster it serves at the root.
                '--web.route-prefix=/',
                '--enable-feature=exemplar-storage',
                `--auto-gomemlimit.ratio=${goMemoryShare}`,
                '--log.format=json',
              ],
              env: [fieldEnv('POD_NAME', 'metadata.name')],
              ports,
              probes: {
                // Replaying the write-ahead log of a large store takes minutes.
                startup: httpProbe('/-/ready', 'http', { periodSeconds: 5, failureThreshold: 180 }),
                readiness: httpProbe('/-/ready', 'http', { periodSeconds: 5 }),
                liveness: httpProbe('/-/healthy', 'http', { failureThreshold: 6 }),
              },
              resources: props.resources,
              mounts: [
                { name: 'config', mountPath: configDirectory, readOnly: true },
                { name: 'rules', mountPath: props.ruleDirectory, readOnly: true },
                // A folder in the volume: its root may hold lost+found, which Prometheus takes for a block.
                { name: 'data', mountPath: dataDirectory, subPath: 'prometheus' },
              ],
            }),
          ],
        },
      }),
    });
    new StableService(this, 'Service', { identity, ports, governs: governingService });
  }
}

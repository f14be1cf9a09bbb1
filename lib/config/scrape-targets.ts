import { components, isService, kubeletPort, portOf } from '../catalog/components';
import type { ScrapeJob } from '../catalog/scrape-jobs';
import type { Platform } from '../platform/platform';
import { alternatives } from '../units/regex';
import { copy, drop, keep, type Relabel } from './relabel';

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config */
export interface KubernetesDiscovery {
  readonly role: 'pod' | 'node';
  readonly namespaces?: { readonly names: readonly string[] };
  readonly api_server?: string;
  readonly authorization?: { readonly credentials_file: string };
  readonly tls_config?: { readonly ca_file: string };
}

/** How Prometheus finds the targets of a job and what it attaches to each. */
export interface Targets {
  readonly kubernetes_sd_configs: readonly KubernetesDiscovery[];
  readonly relabel_configs: readonly Relabel[];
}

const meta = {
  namespace: '__meta_kubernetes_namespace',
  pod: '__meta_kubernetes_pod_name',
  podIp: '__meta_kubernetes_pod_ip',
  podNode: '__meta_kubernetes_pod_node_name',
  podPhase: '__meta_kubernetes_pod_phase',
  initContainer: '__meta_kubernetes_pod_container_init',
  name: '__meta_kubernetes_pod_label_app_kubernetes_io_name',
  scrape: '__meta_kubernetes_pod_annotation_prometheus_io_scrape',
  port: '__meta_kubernetes_pod_annotation_prometheus_io_port',
  path: '__meta_kubernetes_pod_annotation_prometheus_io_path',
  node: '__meta_kubernetes_node_name',
  nodeIp: '__meta_kubernetes_node_address_InternalIP',
} as const;

/** `ip:port`, with the brackets that IPv6 needs. */
const address = (ip: string, port: number): readonly Relabel[] => [
  { source_labels: [ip], regex: '(.+)', target_label: '__address__', replacement: `$1:${port}` },
  { source_labels: [ip], regex: '(.+:.+)', target_label: '__address__', replacement: `[$1]:${port}` },
];

const annotatedAddress: readonly Relabel[] = [
  {
    source_labels: [meta.podIp, meta.port],
    regex: String.raw`([^:;]+);(\d+)`,
    target_label: '__address__',
    replacement: '$1:$2',
  },
  {
    source_labels: [meta.podIp, meta.port],
    regex: String.raw`(.+:.+);(\d+)`,
    target_label: '__address__',
    replacement: '[$1]:$2',
  },
];

const serves: readonly Relabel[] = [drop(meta.podPhase, 'Pending|Succeeded|Failed'), drop(meta.initContainer, 'true')];

/** Where discovery says what a target label holds. */
const sources = {
  pod: { namespace: meta.namespace, pod: meta.pod, node: meta.podNode },
  node: { node: meta.node },
} as const;

/** Attaches the labels, and names a target by its node where there is one on each. */
const attach = (labels: readonly string[], role: keyof typeof sources): readonly Relabel[] => {
  const found = Object.entries(sources[role]).filter(([label]) => labels.includes(label));
  const isPerNode = labels.includes('node') && !labels.includes('pod');
  return [
    ...found.map(([label, from]) => copy(from, label)),
    ...(isPerNode ? [copy(sources[role].node, 'instance')] : []),
  ];
};

const discovery = (platform: Platform, role: 'pod' | 'node', namespaces?: readonly string[]): KubernetesDiscovery => {
  const { url, caFile, tokenFile } = platform.apiServer;
  return {
    role,
    ...(namespaces && { namespaces: { names: namespaces } }),
    ...(url !== undefined && {
      api_server: url,
      authorization: { credentials_file: tokenFile },
      tls_config: { ca_file: caFile },
    }),
  };
};

/** The targets of a job, with exactly the job's target labels. */
export const jobTargets = ({ discovery: found, targetLabels }: ScrapeJob, platform: Platform): Targets => {
  if (found === 'kubelet')
    return {
      kubernetes_sd_configs: [discovery(platform, 'node')],
      relabel_configs: [...address(meta.nodeIp, kubeletPort), ...attach(targetLabels, 'node')],
    };
  const { namespace } = components[found.pods];
  return {
    kubernetes_sd_configs: [discovery(platform, 'pod', [platform.namespaces[namespace]])],
    relabel_configs: [
      keep(meta.name, found.pods),
      ...(isService(found.pods) ? [keep(meta.scrape, 'true')] : []),
      ...serves,
      ...address(meta.podIp, portOf(found.pods, found.port)),
      ...attach(targetLabels, 'pod'),
    ],
  };
};

/** Pods of these namespaces that say themselves that and where they want to be scraped, and that no other job takes. */
export const annotatedTargets = (namespaces: readonly string[], platform: Platform): Targets => {
  const taken = Object.entries(components).map(([name, { namespace }]) => `${platform.namespaces[namespace]};${name}`);
  return {
    kubernetes_sd_configs: [discovery(platform, 'pod', namespaces)],
    relabel_configs: [
      keep(meta.scrape, 'true'),
      { source_labels: [meta.namespace, meta.name], regex: alternatives(taken), action: 'drop' },
      ...serves,
      keep(meta.port, String.raw`\d+`),
      ...annotatedAddress,
      { source_labels: [meta.path], regex: '(/.*)', target_label: '__metrics_path__' },
      ...attach(['namespace', 'pod', 'node'], 'pod'),
    ],
  };
};

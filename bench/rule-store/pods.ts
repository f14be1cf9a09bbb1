import { components, portOf, type ComponentName } from '../../lib/catalog/components';
import type { LabelBound } from '../../lib/catalog/label-bound';
import type { Metric } from '../../lib/catalog/metric';
import { objectives } from '../../lib/catalog/objectives';
import { scrapeJobs, type JobName } from '../../lib/catalog/scrape-jobs';
import { production } from '../../lib/profile/production';

// The series that a cluster with so many pods of AutoServe exposes: whose they are and what they hold.

export type Labels = Readonly<Record<string, string>>;

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const shortNames = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Routes of the backend: one pod answers these, and each of them in these ways. */
const routes = (
  [
    ['/api/tasks', 'GET', 'POST'],
    ['/api/tasks/{id}', 'GET', 'PUT', 'PATCH', 'DELETE'],
    ['/api/users', 'GET', 'POST'],
    ['/api/users/{id}', 'GET', 'PUT', 'DELETE'],
    ['/api/auth/login', 'POST'],
    ['/api/auth/logout', 'POST'],
    ['/api/sessions', 'GET'],
    ['other', 'GET'],
  ] as const
).flatMap(([endpoint, ...methods]) =>
  methods.flatMap((method) =>
    (['200', '400', '401', '404', '500', '503'] as const).map((status) => ({ endpoint, method, status })),
  ),
);

const lokiRoutes = ['push', 'query', 'query_range', 'labels', 'label_name_values', 'series', 'tail', 'format_query']
  .map((name) => `loki_api_v1_${name}`)
  .concat('metrics', 'ready', '/logproto.Pusher/Push', '/logproto.Querier/Query')
  .flatMap((route) => ['200', '500'].map((status_code) => ({ route, method: 'POST', status_code, ws: 'false' })));

const fileSystems = shortNames.map((name, index) => ({
  device: index < 4 ? `/dev/nvme${index}n1` : 'tmpfs',
  fstype: index < 4 ? 'ext4' : 'tmpfs',
  mountpoint: index === 0 ? '/' : `/mnt/${name}`,
}));

type Kind = 'ReplicaSet' | 'StatefulSet' | 'DaemonSet';

export interface Cluster {
  readonly nodes: readonly Labels[];
  /** What kube-state-metrics and cAdvisor say of each, as far as it is a label. */
  readonly pods: readonly Labels[];
}

const podsOfNode = 20;

export const clusterOf = (servicePods: number): Cluster => {
  const nodes = numbers(Math.max(3, Math.ceil(servicePods / podsOfNode))).map((index) => `node-${index}`);
  const workers = Math.round(servicePods * 0.3);
  const replicas: Readonly<Record<ComponentName, readonly [count: number, kind: Kind]>> = {
    backend: [servicePods - workers - 1, 'ReplicaSet'],
    worker: [workers, 'ReplicaSet'],
    'ml-controller': [1, 'ReplicaSet'],
    prometheus: [production.prometheus.replicas, 'StatefulSet'],
    alertmanager: [production.alertmanager.replicas, 'StatefulSet'],
    loki: [production.logs.loki.replicas, 'StatefulSet'],
    jaeger: [1, 'StatefulSet'],
    'anomaly-detector': [1, 'ReplicaSet'],
    grafana: [2, 'ReplicaSet'],
    'kube-state-metrics': [1, 'ReplicaSet'],
    'postgres-exporter': [1, 'ReplicaSet'],
    'node-exporter': [nodes.length, 'DaemonSet'],
    'fluent-bit': [nodes.length, 'DaemonSet'],
  };
  const workloads = [
    ...Object.entries(replicas).map(([name, [count, kind]]) => ({
      name,
      count,
      kind,
      namespace: production.namespaces[components[name as ComponentName].namespace],
    })),
    // What every cluster has, and no rule of ours looks at.
    ...shortNames.map((name) => ({
      name: `system-${name}`,
      count: nodes.length,
      kind: 'DaemonSet',
      namespace: 'kube-system',
    })),
  ];
  return {
    nodes: nodes.map((node) => ({ node, instance: node })),
    pods: workloads.flatMap(({ name, count, kind, namespace }) =>
      numbers(count).map((index) => ({
        namespace,
        pod: kind === 'StatefulSet' ? `${name}-${index}` : `${name}-6d5f9c7b8-${index}`,
        container: name,
        node: nodes[index % nodes.length] ?? '',
        created_by_kind: kind,
        created_by_name: name,
      })),
    ),
  };
};

const pick = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])));

/** The labels of every target of a scrape job. */
export const targetsOf = (job: JobName, { nodes, pods }: Cluster): readonly Labels[] => {
  const { discovery, targetLabels } = scrapeJobs[job];
  const found: readonly Labels[] =
    discovery === 'kubelet'
      ? nodes.map(({ node = '' }) => ({ node, instance: `${node}:10250` }))
      : pods
          .filter(({ container }) => container === discovery.pods)
          .map((pod, index) => ({
            ...pod,
            instance: `10.0.${index >> 8}.${index & 255}:${portOf(discovery.pods, discovery.port)}`,
          }));
  return found.map((labels) => pick({ ...labels, job }, targetLabels));
};

/** Things whose labels belong together, by the label that tells them apart. */
const thingsBy: Readonly<Record<string, (cluster: Cluster) => readonly Labels[]>> = {
  pod: ({ pods }) => pods,
  persistentvolumeclaim: ({ pods }) =>
    pods
      .filter(({ created_by_kind }) => created_by_kind === 'StatefulSet')
      .map(({ namespace = '', node = '', pod = '' }) => ({ namespace, node, persistentvolumeclaim: `data-${pod}` })),
  deployment: ({ pods }) =>
    pods
      .filter(({ created_by_kind }) => created_by_kind === 'ReplicaSet')
      .map(({ namespace = '', created_by_name = '' }) => ({ namespace, deployment: created_by_name })),
  poddisruptionbudget: ({ pods }) =>
    pods
      .filter(({ created_by_kind }) => created_by_kind !== 'DaemonSet')
      .map(({ namespace = '', created_by_name = '' }) => ({ namespace, poddisruptionbudget: created_by_name })),
  node: ({ nodes }) => nodes,
  mountpoint: () => fileSystems,
  cpu: () => numbers(8).map((cpu) => ({ cpu: `${cpu}` })),
  endpoint: () => routes,
  route: () => lokiRoutes,
  rule_group: () => ['nodes', 'services', 'slos', 'alerts'].map((rule_group) => ({ rule_group })),
  slo: () => Object.entries(objectives).map(([slo, { service }]) => ({ slo, service })),
};

/** What a label holds: what is known to appear, else two values that stand for any. */
const valuesOf = (label: string, { values, limit }: LabelBound): readonly string[] =>
  values.length > 0 ? values : numbers(Math.min(limit, 2)).map((index) => `${label}-${index}`);

/** The values of a metric's own labels, for each of its series at one target. */
export const ownLabels = (metric: Metric, target: Labels, cluster: Cluster): readonly Labels[] => {
  const names = Object.keys(metric.labels);
  const [, things] = Object.entries(thingsBy).find(([label]) => names.includes(label)) ?? [];
  const told = (things?.(cluster) ?? [{}])
    // The kubelet of a node speaks of what is there.
    .filter(({ node }: Labels) => node === undefined || target['node'] === undefined || node === target['node'])
    .map((labels) => pick(labels, names));
  const distinct = [...new Map(told.map((labels) => [JSON.stringify(labels), labels])).values()];
  const left = names.filter((name) => distinct.some((labels) => labels[name] === undefined));
  return left.reduce<readonly Labels[]>((rows, name) => {
    const bound = metric.labels[name];
    const values = bound ? valuesOf(name, bound) : [];
    return rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }, distinct);
};

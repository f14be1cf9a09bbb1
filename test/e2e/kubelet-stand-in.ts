import { AuthenticationV1Api, AuthorizationV1Api } from '@kubernetes/client-node';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { cadvisor } from '../../lib/catalog/cadvisor';
import { metricsOf } from '../../lib/catalog/catalog';
import { kubeletPort } from '../../lib/catalog/components';
import type { Metric } from '../../lib/catalog/metric';
import { scrapeJobs } from '../../lib/catalog/scrape-jobs';
import { atEnd } from '../harness/at-end';
import type { Cluster, ClusterNode, ClusterPod } from './cluster';

type Labels = Readonly<Record<string, string>>;

/** What every container of a program that does not run is said to hold. */
const someBytes = 1_000_000;
/** cAdvisor dates its samples by when it looked, which may be long before a scrape. */
export const backdatedSeconds = 60;

/** Every counter rises by one a second since then. */
const began = Date.now() / 1000 - 2 * backdatedSeconds;

const line = (name: string, labels: Labels, rest: string): string => {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}} ${rest}\n`;
};

const family = (
  { name, type }: Pick<Metric, 'name' | 'type'>,
  series: readonly Labels[],
  rest: (series: Labels) => string,
): string => `# TYPE ${name} ${type}\n${series.map((labels) => line(name, labels, rest(labels))).join('')}`;

/** cAdvisor's own labels: those of the catalog, and others that it attaches to everything. */
const cgroup = (id: string, pod?: ClusterPod, container = '', image = ''): Labels => ({
  id,
  container,
  image,
  name: image && id,
  namespace: pod?.namespace ?? '',
  pod: pod?.name ?? '',
});

const root = cgroup('/');

const cadvisorSeries = ({ labels }: Metric, pods: readonly ClusterPod[]): readonly Labels[] => {
  // The network belongs to the sandbox of a pod, which is no container of it.
  if ('interface' in labels)
    return [root, ...pods.map((pod) => cgroup(`/pods/${pod.name}/sandbox`, pod, '', 'pause'))].map((owner) => ({
      ...owner,
      interface: 'eth0',
    }));
  const owners = [
    root,
    cgroup('/pods'),
    ...pods.flatMap((pod) => [
      cgroup(`/pods/${pod.name}`, pod),
      cgroup(`/pods/${pod.name}/sandbox`, pod, '', 'pause'),
      ...pod.containers.map(({ name, image }) => cgroup(`/pods/${pod.name}/${name}`, pod, name, image)),
    ]),
  ];
  return 'device' in labels ? owners.map((owner) => ({ ...owner, device: '/dev/vda' })) : owners;
};

const kubeletSeries = (pods: readonly ClusterPod[]): readonly Labels[] =>
  pods.flatMap(({ namespace, claims }) =>
    claims.map((persistentvolumeclaim) => ({ namespace, persistentvolumeclaim })),
  );

/** What the kubelet exposes and the catalog has no use for. */
const uncatalogued = family({ name: 'kubelet_running_pods', type: 'gauge' }, [{}], () => '7');

/** Bytes that the program of a pod holds, while one runs. */
type MemoryOf = (pod: string) => number | undefined;

/** A memory limit as cAdvisor tells it. */
const limitOf = (pods: readonly ClusterPod[], { pod, container }: Labels): number => {
  const limit = pods.find(({ name }) => name === pod)?.containers.find(({ name }) => name === container)?.resources
    ?.limits?.['memory'];
  const [, count = '0', unit = ''] = /^(\d+)(Mi|Gi)$/.exec(limit ?? '') ?? [];
  return Number(count) * (unit === 'Gi' ? 1024 ** 3 : 1024 ** 2);
};

const pages: Readonly<Record<string, (pods: readonly ClusterPod[], memoryOf: MemoryOf) => string>> = {
  [scrapeJobs.kubelet.path]: (pods) =>
    uncatalogued +
    metricsOf('kubelet')
      .map((metric) => family(metric, kubeletSeries(pods), () => '1'))
      .join(''),
  [scrapeJobs.cadvisor.path]: (pods, memoryOf) => {
    const time = Date.now() - backdatedSeconds * 1000;
    const valueOf = ({ name, type }: Metric, labels: Labels): number => {
      if (name === cadvisor.container_spec_memory_limit_bytes.name) return limitOf(pods, labels);
      return type === 'counter' ? time / 1000 - began : (memoryOf(labels['pod'] ?? '') ?? someBytes);
    };
    return metricsOf('cadvisor')
      .map((metric) => family(metric, cadvisorSeries(metric, pods), (labels) => `${valueOf(metric, labels)} ${time}`))
      .join('');
  },
};

/** As the kubelet decides: the API server says who holds the token, and whether that one may read the node's metrics. */
const statusFor = async (
  { server }: Cluster,
  node: ClusterNode,
  request: IncomingMessage,
): Promise<200 | 401 | 403> => {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) return 401;
  const review = { spec: { token } };
  const { status } = await server.config.makeApiClient(AuthenticationV1Api).createTokenReview({ body: review });
  if (!status?.authenticated) return 401;
  const access = await server.config.makeApiClient(AuthorizationV1Api).createSubjectAccessReview({
    body: {
      spec: {
        user: status.user?.username,
        groups: status.user?.groups,
        resourceAttributes: { verb: 'get', resource: 'nodes', subresource: 'metrics', name: node.name, version: 'v1' },
      },
    },
  });
  return access.status?.allowed ? 200 : 403;
};

/**
 * Stands in for the kubelet of a node, which needs a container runtime: its port, its certificate, its question to the
 * API server about every caller, and its two pages, on which the memory of programs alone is not made up.
 */
export const startKubeletStandIn = async (
  cluster: Cluster,
  node: ClusterNode,
  pods: readonly ClusterPod[],
  memoryOf: MemoryOf,
): Promise<void> => {
  const itsPods = pods.filter((pod) => pod.node === node.name);
  const { certFile, keyFile } = cluster.server.serving;
  const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (request, response) => {
    const page = pages[request.url ?? ''];
    statusFor(cluster, node, request)
      .then((status) => {
        if (status !== 200 || page === undefined) response.writeHead(status === 200 ? 404 : status).end();
        else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(page(itsPods, memoryOf));
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await once(server.listen(kubeletPort, node.address), 'listening');
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
};

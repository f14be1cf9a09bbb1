import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1ResourceAttributes,
} from '@kubernetes/client-node';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { kubeletPort, type ComponentName } from '../../lib/catalog/components';
import { production } from '../../lib/profile/production';
import { eventually } from '../harness/eventually';
import { testOf } from './missing-programs';
import { stack } from './running-stack';

const { application, monitoring, agents } = production.namespaces;
const system = 'kube-system';

const tokenOf = (component: ComponentName): Promise<string> => {
  const { cluster, podOf } = stack();
  return cluster.server.serviceAccountToken(podOf(component).namespace, component);
};

const configOf = async (component: ComponentName): Promise<KubeConfig> =>
  stack().cluster.server.configFor(await tokenOf(component));

/** All that someone may do in a namespace, as `verb group/resource/name`. */
const rightsIn = async (config: KubeConfig, namespace: string): Promise<readonly string[]> => {
  const { status } = await config
    .makeApiClient(AuthorizationV1Api)
    .createSelfSubjectRulesReview({ body: { spec: { namespace } } });
  return (status?.resourceRules ?? []).flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = ['*'] }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => resourceNames.map((name) => `${verb} ${group}/${resource}/${name}`)),
      ),
    ),
  );
};

const every = (verbs: readonly string[], ...objects: readonly string[]): readonly string[] =>
  verbs.flatMap((verb) => objects.map((object) => `${verb} ${object}/*`));

const nodes = [...every(['list', 'watch'], '/nodes'), ...every(['get'], '/nodes/metrics')];
const pods = every(['get', 'list', 'watch'], '/pods');
const clusterState = every(
  ['list', 'watch'],
  '/nodes',
  '/pods',
  '/persistentvolumeclaims',
  'apps/deployments',
  'apps/statefulsets',
  'apps/daemonsets',
  'apps/replicasets',
  'policy/poddisruptionbudgets',
);
const scaling = ['get', 'patch'].flatMap((verb) =>
  ['backend', 'worker'].map((name) => `${verb} apps/deployments/scale/${name}`),
);

type Rights = Readonly<Record<string, readonly string[]>>;
const none: Rights = { [application]: [], [monitoring]: [], [agents]: [], [system]: [] };

/** In each namespace, what a component may do beyond what everyone may. */
const rights: Readonly<Record<ComponentName, Rights>> = {
  prometheus: {
    [application]: [...nodes, ...pods],
    [monitoring]: [...nodes, ...pods],
    [agents]: [...nodes, ...pods],
    [system]: nodes,
  },
  'kube-state-metrics': Object.fromEntries(Object.keys(none).map((namespace) => [namespace, clusterState])),
  'ml-controller': { ...none, [application]: [...pods, ...scaling] },
  backend: none,
  worker: none,
  'node-exporter': none,
  loki: none,
  jaeger: none,
  'fluent-bit': none,
  alertmanager: none,
  'anomaly-detector': none,
  grafana: none,
  'postgres-exporter': none,
};

const forbidden = expect.objectContaining({ code: 403 }) as unknown;

describe('access to the API server', () => {
  for (const [component, expected] of Object.entries(rights) as [ComponentName, Rights][]) {
    testOf(component)(`${component} may do exactly what it needs`, async () => {
      const { server } = stack().cluster;
      const everyone = server.configFor(await server.serviceAccountToken(monitoring, 'default'));
      const config = await configOf(component);
      for (const [namespace, own] of Object.entries(expected)) {
        const common = new Set(await rightsIn(everyone, namespace));
        const found = (await rightsIn(config, namespace)).filter((right) => !common.has(right));
        expect({ namespace, rights: found.sort() }).toEqual({ namespace, rights: own.toSorted() });
      }
    });
  }

  test.each<[string, string, V1ResourceAttributes]>([
    ['may', 'read the metrics of nodes', { verb: 'get', resource: 'nodes', subresource: 'metrics' }],
    ['may not', 'reach into pods through a node', { verb: 'get', resource: 'nodes', subresource: 'proxy' }],
    ['may not', 'list secrets', { verb: 'list', resource: 'secrets' }],
    ['may not', 'list the pods of the cluster itself', { verb: 'list', resource: 'pods', namespace: system }],
  ])('Prometheus %s %s', async (verdict, _, resourceAttributes) => {
    const review = { spec: { resourceAttributes } };
    const api = (await configOf('prometheus')).makeApiClient(AuthorizationV1Api);
    expect((await api.createSelfSubjectAccessReview({ body: review })).status?.allowed).toBe(verdict === 'may');
  });

  test('Prometheus is refused secrets anywhere, and pods where it has no business', async () => {
    const core = (await configOf('prometheus')).makeApiClient(CoreV1Api);
    await expect(core.listSecretForAllNamespaces()).rejects.toEqual(forbidden);
    for (const namespace of Object.keys(none))
      await expect(core.listNamespacedSecret({ namespace })).rejects.toEqual(forbidden);
    await expect(core.listNamespacedPod({ namespace: system })).rejects.toEqual(forbidden);
    await core.listNamespacedPod({ namespace: application });
  });

  test('kube-state-metrics is refused secrets and ConfigMaps', async () => {
    const core = (await configOf('kube-state-metrics')).makeApiClient(CoreV1Api);
    await expect(core.listSecretForAllNamespaces()).rejects.toEqual(forbidden);
    await expect(core.listConfigMapForAllNamespaces()).rejects.toEqual(forbidden);
    await core.listPodForAllNamespaces();
  });

  test('the ml-controller reads pods, and scales backend and worker and nothing else', async () => {
    const config = await configOf('ml-controller');
    const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
    await core.readNamespacedPod({ namespace: application, name: 'backend-0' });
    const scale = (name: string) =>
      apps.patchNamespacedDeploymentScale({
        namespace: application,
        name,
        body: [{ op: 'replace', path: '/spec/replicas', value: 2 }],
      });
    expect((await scale('backend')).spec?.replicas).toBe(2);
    expect((await scale('worker')).spec?.replicas).toBe(2);
    await expect(scale('ml-controller')).rejects.toEqual(forbidden);
    const whole = apps.patchNamespacedDeployment({ namespace: application, name: 'backend', body: [] });
    await expect(whole).rejects.toEqual(forbidden);
  });

  test('the stand-in for the kubelet serves Prometheus, and neither strangers nor kube-state-metrics', async () => {
    const {
      nodes: [node],
      server,
    } = stack().cluster;
    const statusFor = async (token?: string): Promise<number | undefined> => {
      const request = get(`https://${node.address}:${kubeletPort}/metrics`, {
        ca: readFileSync(server.caFile),
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    await eventually('200', async () => {
      expect(await statusFor(await tokenOf('prometheus'))).toBe(200);
    });
    expect(await statusFor()).toBe(401);
    expect(await statusFor('no-such-token')).toBe(401);
    expect(await statusFor(await tokenOf('kube-state-metrics'))).toBe(403);
  });
});

import type { ComponentName } from '../../lib/catalog/components';
import { externalConnections } from '../../lib/catalog/connections';
import { application, deployed, kubectl, monitoring, namespaceOf, podsOf } from './cluster';
import { skip } from './skip';

const may = async (name: ComponentName, verb: string, resource: string, where: string): Promise<boolean> => {
  const account = `--as=system:serviceaccount:${namespaceOf(name)}:${name}`;
  const { stdout, stderr } = await kubectl(['auth', 'can-i', verb, ...resource.split(' '), account, where]);
  const answer = stdout.trim();
  const isUnderstood = (answer === 'yes' || answer === 'no') && !stderr.includes("doesn't have a resource type");
  if (!isUnderstood) throw new Error(`kubectl auth can-i: ${stdout}${stderr}`);
  return answer === 'yes';
};

const everywhere = '--all-namespaces';
const inNamespace = (namespace: string): string => `--namespace=${namespace}`;

type Right = readonly [name: ComponentName, verb: string, resource: string, where: string];

const granted: readonly Right[] = [
  ['prometheus', 'list', 'pods', inNamespace(application)],
  ['prometheus', 'watch', 'pods', inNamespace(monitoring)],
  ['prometheus', 'list', 'nodes', everywhere],
  ['prometheus', 'get', 'nodes --subresource=metrics', everywhere],
  ['kube-state-metrics', 'list', 'pods', everywhere],
  ['ml-controller', 'list', 'pods', inNamespace(application)],
  ['ml-controller', 'patch', 'deployments.apps/backend --subresource=scale', inNamespace(application)],
  ['ml-controller', 'patch', 'deployments.apps/worker --subresource=scale', inNamespace(application)],
];

const refused: readonly Right[] = [
  ...deployed.flatMap((name): Right[] => [
    [name, 'list', 'secrets', inNamespace(namespaceOf(name))],
    [name, 'get', 'secrets', inNamespace('kube-system')],
    [name, 'create', 'pods', inNamespace(namespaceOf(name))],
    [name, 'create', 'pods --subresource=exec', inNamespace(namespaceOf(name))],
    [name, 'get', 'nodes --subresource=proxy', everywhere],
    [name, 'create', 'nodes --subresource=proxy', everywhere],
  ]),
  ...(['backend', 'worker', 'node-exporter', 'postgres-exporter', 'loki', 'jaeger', 'fluent-bit'] as const).map(
    (name): Right => [name, 'list', 'pods', inNamespace(namespaceOf(name))],
  ),
  ['prometheus', 'list', 'pods', inNamespace('kube-system')],
  ['prometheus', 'list', 'configmaps', inNamespace(monitoring)],
  ['kube-state-metrics', 'list', 'configmaps', everywhere],
  ['ml-controller', 'patch', 'deployments.apps/ml-controller --subresource=scale', inNamespace(application)],
  ['ml-controller', 'patch', 'deployments.apps/backend', inNamespace(application)],
  ['ml-controller', 'patch', 'statefulsets.apps/prometheus --subresource=scale', inNamespace(monitoring)],
  ['ml-controller', 'patch', 'deployments.apps/kube-state-metrics --subresource=scale', inNamespace(monitoring)],
];

const asked = (): void => {
  beforeAll(async () => {
    const { code } = await kubectl(['auth', 'can-i', 'impersonate', 'serviceaccounts']);
    if (code !== 0) skip('the user of this cluster may not ask for others');
  });

  describe.each([
    { verb: 'may', expected: true, list: granted },
    { verb: 'may not', expected: false, list: refused },
  ])('$verb', ({ verb, expected, list }) => {
    test.each(list.filter(([name]) => deployed.includes(name)))(
      `%s ${verb} %s %s %s`,
      async (name, verb_, resource, where) => {
        expect(await may(name, verb_, resource, where)).toBe(expected);
      },
    );
  });
};

/** Those whose pods get no token. */
const strangersToTheApi = deployed.filter((name) => !externalConnections['api-server'].includes(name));

export const rights = (): void => {
  test.each(strangersToTheApi)('%s has no token', async (name) => {
    for (const { spec } of await podsOf(name)) {
      const mounts = spec?.containers.flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ mountPath }) => mountPath),
      );
      expect(mounts).not.toContain('/var/run/secrets/kubernetes.io/serviceaccount');
      expect(JSON.stringify(spec?.volumes)).not.toContain('serviceAccountToken');
    }
  });

  describe('by the API server', asked);
};

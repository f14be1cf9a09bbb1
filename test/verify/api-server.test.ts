import type { V1Pod } from '@kubernetes/client-node';
import { AdmissionregistrationV1Api, CoreV1Api, RbacAuthorizationV1Api, VersionApi } from '@kubernetes/client-node';
import { pinnedProgram } from '../../tools/programs';
import { isAtLeast, parseVersion } from '../../tools/version';
import type { ApiServer } from '../harness/api-server';
import { startApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { flawless, kubectl } from '../harness/kubectl';

let server: ApiServer;
let core: CoreV1Api;

beforeAll(async () => {
  server = await startApiServer();
  core = server.config.makeApiClient(CoreV1Api);
}, 120_000);

const createNamespace = async (name: string, labels = {}): Promise<string> => {
  await core.createNamespace({ body: { metadata: { name, labels } } });
  await server.addDefaultServiceAccounts();
  return name;
};

/** A pod that restricted Pod Security admits, but for what is overridden. */
const pod = (name: string, securityContext: object = {}): V1Pod => ({
  metadata: { name },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'example.com/image:1.0.0',
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          ...securityContext,
        },
      },
    ],
  },
});

const privileged = { privileged: true, allowPrivilegeEscalation: true };

const refusal = (code: number, text: string) => ({ code, message: expect.stringContaining(text) as string });

test('is the pinned release or a newer one', async () => {
  const { major, minor } = await server.config.makeApiClient(VersionApi).getCode();
  const { release } = await pinnedProgram('kube-apiserver');
  expect(isAtLeast(parseVersion(`${major}.${minor}`), release)).toBe(true);
});

describe('admission', () => {
  test('a restricted namespace refuses a privileged pod and admits a restricted one', async () => {
    const namespace = await createNamespace('restricted', { 'pod-security.kubernetes.io/enforce': 'restricted' });
    await expect(core.createNamespacedPod({ namespace, body: pod('privileged', privileged) })).rejects.toMatchObject(
      refusal(403, 'violates PodSecurity'),
    );
    await core.createNamespacedPod({ namespace, body: pod('modest') });
  });

  test('any other namespace admits the privileged pod', async () => {
    const namespace = await createNamespace('unrestricted');
    await core.createNamespacedPod({ namespace, body: pod('privileged', privileged) });
  });

  test('a namespace refuses pods until it has their ServiceAccount', async () => {
    const namespace = 'fresh';
    const create = () => core.createNamespacedPod({ namespace, body: pod('first') });
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await expect(create()).rejects.toMatchObject(refusal(403, 'error looking up service account fresh/default'));
    await server.addDefaultServiceAccounts();
    await create();
  });

  test('a ValidatingAdmissionPolicy decides once it is bound', async () => {
    const namespace = await createNamespace('with-policy');
    const admission = server.config.makeApiClient(AdmissionregistrationV1Api);
    const metadata = { name: 'no-config-maps' };
    await admission.createValidatingAdmissionPolicy({
      body: {
        metadata,
        spec: {
          matchConstraints: {
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
            ],
          },
          validations: [{ expression: 'false', message: 'by policy' }],
        },
      },
    });
    await admission.createValidatingAdmissionPolicyBinding({
      body: {
        metadata,
        spec: {
          policyName: metadata.name,
          validationActions: ['Deny'],
          matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
        },
      },
    });
    await eventually('the policy is in force', () =>
      expect(
        core.createNamespacedConfigMap({ namespace, dryRun: 'All', body: { metadata: { name: 'any' } } }),
      ).rejects.toMatchObject(refusal(422, 'by policy')),
    );
  });
});

describe('kubectl', () => {
  const apply = (manifest: object, ...flags: string[]) =>
    kubectl(server.kubeconfig, ['apply', '--filename=-', ...flags], JSON.stringify(manifest));

  const typo = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'typo' }, dta: { key: 'value' } };

  test('an unknown field is refused', async () => {
    const { code, stderr } = await apply(typo);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('unknown field "dta"') as string });
  });

  test('a warning is a flaw', async () => {
    const outcome = await apply(typo, '--validate=warn');
    expect(outcome.code).toBe(0);
    expect(() => flawless(outcome)).toThrow('Warning: unknown field "dta"');
  });

  test('what is sound passes', async () => {
    expect(flawless(await apply({ ...typo, dta: undefined }, '--validate=strict'))).toContain('configmap/typo');
  });
});

test('a ServiceAccount token grants what RBAC grants to its account', async () => {
  const namespace = await createNamespace('with-reader');
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'reader' } } });
  const rbac = server.config.makeApiClient(RbacAuthorizationV1Api);
  await rbac.createNamespacedRole({
    namespace,
    body: { metadata: { name: 'reader' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] },
  });
  await rbac.createNamespacedRoleBinding({
    namespace,
    body: {
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace }],
    },
  });

  const reader = server.configFor(await server.serviceAccountToken(namespace, 'reader')).makeApiClient(CoreV1Api);
  await eventually('the role is in force', () => reader.listNamespacedPod({ namespace }));
  const forbidden = refusal(403, `system:serviceaccount:${namespace}:reader`);
  await expect(reader.listNamespacedSecret({ namespace })).rejects.toMatchObject(forbidden);
  await expect(reader.createNamespacedPod({ namespace, body: pod('any') })).rejects.toMatchObject(forbidden);
  await expect(reader.listNamespacedPod({ namespace: 'default' })).rejects.toMatchObject(forbidden);

  const stranger = server.configFor('no-such-token').makeApiClient(CoreV1Api);
  await expect(stranger.listNamespacedPod({ namespace })).rejects.toMatchObject({ code: 401 });
});

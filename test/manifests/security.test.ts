import { checkObjects } from '../../charts/check-objects';
import { kustomizationOf } from '../../charts/stack';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { ofKind, workloadsOf } from './output';

describe.each(profileNames)('in profile %s', (profileName) => {
  const profile = profiles[profileName];
  const manifests = rendered(profile);

  test('nothing is too large, named twice or looks like a secret', () => {
    expect([...checkObjects(manifests)]).toEqual([]);
  });

  test('there is no Secret, and whatever one holds is mounted as a file', () => {
    expect(ofKind(manifests, 'Secret')).toEqual([]);
  });

  test('only a deployment that nobody else reaches makes Secrets, for Grafana, of what the guide tells everybody', () => {
    const { secretGenerator = [] } = kustomizationOf(profile, []);
    expect(secretGenerator.map(({ namespace, name }) => [namespace, name])).toEqual(
      profileName === 'local' ? [[profile.namespaces.monitoring, 'grafana']] : [],
    );
    const literals = secretGenerator.flatMap((secret) => secret.literals);
    expect(
      literals.filter((literal) => !/^(admin-user=admin|admin-password=admin|secret-key=everybody-)/.test(literal)),
    ).toEqual([]);
  });

  test("the application's and monitoring's namespaces are restricted; the agents' alone is open, and warns", () => {
    const prefix = 'pod-security.kubernetes.io/';
    const levels = ofKind(manifests, 'Namespace').map(({ metadata }) => [
      metadata?.name,
      ...['enforce', 'audit', 'warn'].map((mode) => metadata?.labels?.[`${prefix}${mode}`]),
    ]);
    expect(levels).toEqual([
      [profile.namespaces.application, 'restricted', 'restricted', 'restricted'],
      [profile.namespaces.monitoring, 'restricted', 'restricted', 'restricted'],
      [profile.namespaces.agents, 'privileged', 'restricted', 'restricted'],
    ]);
    for (const { metadata } of ofKind(manifests, 'Namespace'))
      for (const mode of ['enforce', 'audit', 'warn'])
        expect(metadata?.labels?.[`${prefix}${mode}-version`]).toMatch(/^v1\.\d+$/);
  });

  test("an admission policy is bound to the agents' namespace, and denies", () => {
    const [policy] = ofKind(manifests, 'ValidatingAdmissionPolicy');
    const [binding] = ofKind(manifests, 'ValidatingAdmissionPolicyBinding');
    expect(policy?.spec?.failurePolicy).toBe('Fail');
    expect(binding?.spec).toMatchObject({
      policyName: policy?.metadata?.name,
      validationActions: ['Deny'],
      matchResources: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': profile.namespaces.agents } },
      },
    });
  });

  test('every object of a namespace is in one of the three', () => {
    const clusterWide = /^(Namespace|ClusterRole|ClusterRoleBinding|ValidatingAdmission.*)$/;
    const elsewhere = manifests.filter(
      ({ kind, metadata }) =>
        !clusterWide.test(kind) && !Object.values(profile.namespaces).includes(metadata.namespace ?? ''),
    );
    expect(elsewhere.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });

  test('only the agents reach into the node', () => {
    const reaching = workloadsOf(manifests).filter(
      ({ spec }) =>
        (spec.hostNetwork ?? spec.hostPID ?? spec.hostIPC) === true ||
        spec.volumes?.some(({ hostPath }) => hostPath !== undefined) === true,
    );
    expect(reaching.map(({ namespace }) => namespace)).toEqual(reaching.map(() => profile.namespaces.agents));
    const mounts = reaching.flatMap(({ spec, containers }) =>
      containers
        .flatMap(({ volumeMounts }) => volumeMounts ?? [])
        .filter(({ name }) => spec.volumes?.find((volume) => volume.name === name)?.hostPath !== undefined),
    );
    const written = mounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath);
    expect(written).toEqual(['/var/lib/autoserve-fluent-bit']);
  });

  test('only the agents that declare it share the network and the processes of the node', () => {
    const sharing = workloadsOf(manifests).filter(({ spec }) => (spec.hostNetwork ?? spec.hostPID) === true);
    expect(sharing.map(({ name }) => name)).toEqual(['node-exporter']);
  });

  describe('a right', () => {
    const roles = [...ofKind(manifests, 'Role'), ...ofKind(manifests, 'ClusterRole')];
    const rules = roles.flatMap(({ rules: all }) => all ?? []);

    test('is a wildcard nowhere', () => {
      const texts = rules.flatMap(({ apiGroups, resources, verbs, nonResourceURLs }) =>
        [apiGroups, resources, verbs, nonResourceURLs].flatMap((list) => list ?? []),
      );
      expect(texts.filter((text) => text.includes('*'))).toEqual([]);
    });

    test('never reads a Secret or a ConfigMap, never enters a node or a pod, never gives rights', () => {
      const forbidden = [
        /^secrets/,
        /^configmaps/,
        /^nodes\/proxy/,
        /^pods\/(exec|attach|portforward|proxy|ephemeralcontainers)/,
        /^services\/proxy/,
        /^serviceaccounts/,
        /^(cluster)?role(binding)?s/,
      ];
      const resources = rules.flatMap((rule) => rule.resources ?? []);
      expect(resources.filter((resource) => forbidden.some((pattern) => pattern.test(resource)))).toEqual([]);
      const verbs = rules.flatMap((rule) => rule.verbs);
      expect(verbs.filter((verb) => !['get', 'list', 'watch', 'patch'].includes(verb))).toEqual([]);
    });

    test('changes nothing but the scale of backend and worker', () => {
      const changing = rules.filter(({ verbs }) => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)));
      expect(changing.map(({ resources, resourceNames }) => ({ resources, resourceNames }))).toEqual([
        { resources: ['deployments/scale'], resourceNames: ['backend', 'worker'] },
      ]);
    });

    test('is given to a ServiceAccount that exists, by a binding to a role that exists', () => {
      const accounts = ofKind(manifests, 'ServiceAccount').map(({ metadata }) => [metadata?.namespace, metadata?.name]);
      const names = roles.map(({ kind, metadata }) => [kind, metadata?.namespace, metadata?.name]);
      for (const binding of [...ofKind(manifests, 'RoleBinding'), ...ofKind(manifests, 'ClusterRoleBinding')]) {
        expect(names).toContainEqual([binding.roleRef.kind, binding.metadata?.namespace, binding.roleRef.name]);
        for (const { kind, namespace, name } of binding.subjects ?? []) {
          expect(kind).toBe('ServiceAccount');
          expect(accounts).toContainEqual([namespace, name]);
        }
      }
    });
  });
});

test('a profile is rendered to the same objects every time', () => {
  for (const name of profileNames)
    expect(JSON.stringify(rendered(profiles[name]))).toBe(JSON.stringify(rendered(profiles[name])));
});

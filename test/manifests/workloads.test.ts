import { components, type Component } from '../../lib/catalog/components';
import { imageReference } from '../../lib/catalog/image';
import { goMemoryShare } from '../../lib/constructs/container';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { ofKind, selects, workloadsOf } from './output';

/** Headless Services have names of their own. */
const byName: Readonly<Record<string, Component | undefined>> = components;

describe.each(profileNames)('in profile %s', (profileName) => {
  const profile = profiles[profileName];
  const manifests = rendered(profile);
  const workloads = workloadsOf(manifests);
  const containers = workloads.flatMap(({ name, spec, containers: all }) =>
    all.map((container) => ({ name: `${name}/${container.name}`, container, pod: spec })),
  );

  test('HighMemoryUsage tells of more than a Go program lets garbage fill', () => {
    const { HighMemoryUsage: alert } = profile.alerts.table;
    expect(alert === 'off' ? Infinity : alert.threshold).toBeGreaterThan(goMemoryShare);
  });

  test('there are workloads to look at', () => {
    expect(workloads.length).toBeGreaterThan(5);
    expect(workloads.flatMap(({ spec }) => spec.initContainers ?? [])).toEqual([]);
  });

  test.each(containers)(
    '$name requests processor, memory and disk, and is limited in memory and disk',
    ({ container }) => {
      const { requests: { cpu = '', ...requests } = {}, limits = {} } = container.resources ?? {};
      const isGiven = expect.stringMatching(/^[1-9]\d*(Ki|Mi|Gi)$/) as string;
      expect(Number.parseFloat(cpu)).toBeGreaterThan(0);
      expect(requests).toEqual({ memory: isGiven, 'ephemeral-storage': isGiven });
      expect(limits).toEqual({ memory: isGiven, 'ephemeral-storage': isGiven });
    },
  );

  test.each(containers)('$name is probed on a port that it has, for readiness and liveness', ({ container }) => {
    const { readinessProbe, livenessProbe, startupProbe, ports = [] } = container;
    expect(readinessProbe).toBeDefined();
    expect(livenessProbe).toBeDefined();
    for (const probe of [readinessProbe, livenessProbe, startupProbe].filter((each) => each !== undefined))
      expect(ports.map(({ name }) => name)).toContain(probe.httpGet?.port);
  });

  test.each(containers)('$name runs as a numeric user and can gain nothing', ({ container, pod }) => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.securityContext).toMatchObject({
      runAsUser: expect.any(Number) as number,
      runAsGroup: expect.any(Number) as number,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('nothing runs as root but Fluent Bit, for whom alone the logs of a node are readable', () => {
    const asRoot = workloads.filter(
      ({ spec: { securityContext } }) =>
        securityContext?.runAsNonRoot !== true || securityContext.runAsUser === 0 || securityContext.runAsGroup === 0,
    );
    expect(asRoot.map(({ name }) => name)).toEqual(['fluent-bit']);
  });

  test.each(containers)(
    "$name runs an image by tag and digest, or AutoServe's at an exact version",
    ({ container }) => {
      const { program } = profile.autoserve;
      const own = program === 'simulator' ? [] : [`${program.registry}/${container.name}:${program.version}`];
      const pinned = Object.values(profile.images).map(imageReference);
      expect([...own, ...pinned]).toContain(container.image);
      expect(container.image).toMatch(/^[^@]+:[^:@/]+(@sha256:[0-9a-f]{64})?$/);
      expect(container.image).not.toMatch(/:latest(@|$)/);
    },
  );

  test.each(workloads)('$kind $name finds its own pods by its selector, and no other workload does', (workload) => {
    const finding = workloads.filter(
      ({ namespace, selector }) => namespace === workload.namespace && selects(selector, workload.labels),
    );
    expect(finding.map(({ name }) => name)).toEqual([workload.name]);
    expect(Object.keys(workload.selector)).not.toContain('app.kubernetes.io/version');
  });

  test.each(workloads)(
    '$kind $name runs under a ServiceAccount that exists and is mounted only when it has rights',
    (workload) => {
      const { serviceAccountName, automountServiceAccountToken } = workload.spec;
      const accounts = ofKind(manifests, 'ServiceAccount').filter(
        ({ metadata }) => metadata?.name === serviceAccountName && metadata?.namespace === workload.namespace,
      );
      expect(accounts).toHaveLength(1);
      expect(accounts[0]?.automountServiceAccountToken).toBe(false);
      const bindings = [...ofKind(manifests, 'RoleBinding'), ...ofKind(manifests, 'ClusterRoleBinding')];
      const bound = bindings
        .flatMap(({ subjects }) => subjects ?? [])
        .filter(({ name }) => name === serviceAccountName);
      expect(automountServiceAccountToken).toBe(bound.length > 0);
    },
  );

  test.each(workloads)(
    '$kind $name mounts ConfigMaps that exist, volumes that it declares, and no Secret as environment',
    (workload) => {
      const maps = ofKind(manifests, 'ConfigMap').filter(({ metadata }) => metadata?.namespace === workload.namespace);
      const wanted = (workload.spec.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? []);
      expect(maps.map(({ metadata }) => metadata?.name)).toEqual(expect.arrayContaining(wanted));
      const claims = ofKind(manifests, 'StatefulSet')
        .filter(({ metadata }) => metadata?.name === workload.name)
        .flatMap(({ spec }) => spec?.volumeClaimTemplates ?? [])
        .map(({ metadata }) => metadata?.name);
      const declared = [...(workload.spec.volumes ?? []).map(({ name }) => name), ...claims];
      for (const { volumeMounts = [], env = [], envFrom } of workload.containers) {
        expect(declared).toEqual(expect.arrayContaining(volumeMounts.map(({ name }) => name)));
        expect(env.filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined)).toEqual([]);
        expect(envFrom).toBeUndefined();
      }
    },
  );

  test('every claim is mounted by one workload, whose old pod lets go of it before a new one comes', () => {
    const claims = ofKind(manifests, 'PersistentVolumeClaim').map(
      ({ metadata }) => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`,
    );
    const mounting = workloads.flatMap(({ name, namespace, spec }) =>
      (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
        claim === undefined ? [] : [{ name, claim: `${namespace}/${claim.claimName}` }],
      ),
    );
    expect(mounting.map(({ claim }) => claim)).toEqual(claims);
    for (const { name } of mounting) {
      const deployment = ofKind(manifests, 'Deployment').find(({ metadata }) => metadata?.name === name);
      expect(deployment?.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    }
  });

  test('every ConfigMap is mounted by somebody', () => {
    const mounted = workloads.flatMap(({ namespace, spec }) =>
      (spec.volumes ?? [])
        .flatMap(({ configMap, projected }) => [configMap, ...(projected?.sources ?? []).map((each) => each.configMap)])
        .flatMap((configMap) => (configMap ? [`${namespace}/${configMap.name ?? ''}`] : [])),
    );
    const maps = ofKind(manifests, 'ConfigMap').map(
      ({ metadata }) => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`,
    );
    expect([...new Set(mounted)].sort()).toEqual(maps.sort());
  });

  test.each(workloads.filter(({ kind }) => kind !== 'DaemonSet'))(
    '$kind $name loses one pod at a time to a drain, and a drain never blocks',
    (workload) => {
      const budgets = ofKind(manifests, 'PodDisruptionBudget').filter(
        ({ metadata, spec }) =>
          metadata?.namespace === workload.namespace && selects(spec?.selector?.matchLabels ?? {}, workload.labels),
      );
      expect(budgets.map(({ spec }) => spec)).toMatchObject([
        { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
      ]);
    },
  );

  test.each(workloads.filter(({ kind }) => kind !== 'DaemonSet'))(
    'the pods of $name keep to different zones and nodes where they can',
    (workload) => {
      const spreads = workload.spec.topologySpreadConstraints ?? [];
      expect(spreads.map(({ topologyKey }) => topologyKey)).toEqual([
        'topology.kubernetes.io/zone',
        'kubernetes.io/hostname',
      ]);
      for (const { labelSelector } of spreads)
        expect(selects(labelSelector?.matchLabels ?? { none: '' }, workload.labels)).toBe(true);
    },
  );

  const services = ofKind(manifests, 'Service').map(({ metadata, spec }) => ({
    name: metadata?.name ?? '',
    namespace: metadata?.namespace,
    selector: spec?.selector ?? {},
    ports: spec?.ports ?? [],
  }));

  test.each(services)('Service $name selects the pods of exactly one workload, on ports that they have', (service) => {
    const found = workloads.filter(
      ({ namespace, labels }) => namespace === service.namespace && selects(service.selector, labels),
    );
    expect(found).toHaveLength(1);
    const offered = found.flatMap(({ containers: all }) => all).flatMap(({ ports }) => ports ?? []);
    const servicePorts = byName[service.name]?.servicePorts ?? {};
    for (const { name = '', targetPort, port } of service.ports) {
      const isOwn = servicePorts[name] === port;
      const containerPort = isOwn ? (expect.any(Number) as number) : port;
      expect(offered).toContainEqual({ name: targetPort, containerPort });
    }
  });

  const labelled = manifests.filter(({ kind }) =>
    [
      ...['Deployment', 'StatefulSet', 'DaemonSet', 'Service', 'ServiceAccount'],
      ...['PersistentVolumeClaim', 'PodDisruptionBudget', 'Role'],
    ].includes(kind),
  );

  test.each([
    ...labelled.map(({ kind, metadata }) => ({
      name: `${kind} ${metadata.name}`,
      labels: (metadata as { readonly labels?: Readonly<Record<string, string>> }).labels,
    })),
    ...workloads.map(({ name, labels }) => ({ name: `each pod of ${name}`, labels })),
  ])('$name bears the recommended labels', ({ labels }) => {
    expect(labels).toEqual({
      'app.kubernetes.io/name': expect.any(String) as string,
      'app.kubernetes.io/instance': profile.name,
      'app.kubernetes.io/version': expect.stringMatching(/^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$/) as string,
      'app.kubernetes.io/component': expect.any(String) as string,
      'app.kubernetes.io/part-of': expect.stringMatching(/^autoserve(-monitoring)?$/) as string,
      'app.kubernetes.io/managed-by': 'cdk8s',
    });
  });
});

import { App, Size } from 'cdk8s';
import { FluentBitChart, type FluentBitChartProps } from '../../charts/fluent-bit';
import { manifestsOf } from '../../charts/manifest';
import { images } from '../../lib/catalog/image';
import type { FluentBitConfig } from '../../lib/config/fluent-bit';
import { ofKind, workloadsOf } from '../manifests/output';

const config: FluentBitConfig = { service: {}, parsers: [], pipeline: { inputs: [], filters: [], outputs: [] } };

const build = (overrides: Partial<FluentBitChartProps> = {}) =>
  new FluentBitChart(new App(), 'fluent-bit', {
    namespace: 'nodes',
    instance: 'test',
    image: images.fluentBit,
    config,
    resources: {
      cpu: 0.1,
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
      ephemeralStorage: Size.mebibytes(32),
    },
    hostPaths: { '/var/log': 'read-only', '/var/lib/state': 'read-write' },
    ...overrides,
  });
const synth = (overrides: Partial<FluentBitChartProps> = {}) => manifestsOf(build(overrides));

const podOf = (overrides: Partial<FluentBitChartProps> = {}) => {
  const [workload] = workloadsOf(synth(overrides));
  const [container] = workload?.containers ?? [];
  return {
    kind: workload?.kind,
    spec: workload?.spec,
    container,
    volumes: workload?.spec.volumes ?? [],
    mounts: container?.volumeMounts ?? [],
  };
};
const mapOf = (overrides: Partial<FluentBitChartProps> = {}) => {
  const [map] = ofKind(synth(overrides), 'ConfigMap');
  return { name: map?.metadata?.name, immutable: map?.immutable };
};

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('it runs on every node, whatever the node is reserved for, and on no network but its own', () => {
  const { kind, spec } = podOf();
  expect(kind).toBe('DaemonSet');
  expect(spec?.tolerations).toEqual([{ operator: 'Exists' }]);
  expect([spec?.hostNetwork, spec?.hostPID, spec?.hostIPC]).toEqual([undefined, undefined, undefined]);
});

test('it is root, whose files logs are, without a single capability and with nothing to gain', () => {
  const { spec, container } = podOf();
  expect(spec?.securityContext).toMatchObject({ runAsUser: 0, runAsGroup: 0, runAsNonRoot: false });
  expect(container?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('a path of the node is found at the same place, and can be written to where that was asked for alone', () => {
  const { volumes, mounts } = podOf();
  const found = mounts.flatMap(({ name, mountPath, readOnly }) => {
    const path = volumes.find((volume) => volume.name === name)?.hostPath?.path;
    return path === undefined ? [] : [{ path, mountPath, isReadOnly: readOnly === true }];
  });
  expect(found).toEqual([
    { path: '/var/log', mountPath: '/var/log', isReadOnly: true },
    { path: '/var/lib/state', mountPath: '/var/lib/state', isReadOnly: false },
  ]);
});

test('the directory that it writes to is made on a node that does not have it yet', () => {
  const types = podOf().volumes.flatMap(({ hostPath }) => (hostPath ? [[hostPath.path, hostPath.type]] : []));
  expect(types).toEqual([
    ['/var/log', undefined],
    ['/var/lib/state', 'DirectoryOrCreate'],
  ]);
});

test('it tells the admission policy exactly who it is and the host paths that it mounts', () => {
  const { spec } = podOf();
  expect(build().hostAccess).toEqual({
    serviceAccountName: spec?.serviceAccountName,
    user: spec?.securityContext?.runAsUser,
    paths: { '/var/log': 'read-only', '/var/lib/state': 'read-write' },
    sharesNamespaces: false,
  });
});

test('a change of the configuration makes another immutable ConfigMap, and the pods that mount it', () => {
  const changed = { config: { ...config, service: { flush: 2 } } };
  expect(mapOf()).toEqual({
    name: expect.stringMatching(/^fluent-bit-config-[0-9a-f]{10}$/) as string,
    immutable: true,
  });
  expect(mapOf(changed).name).not.toBe(mapOf().name);
  expect(podOf(changed).volumes.find(({ name }) => name === 'config')?.configMap?.name).toBe(mapOf(changed).name);
});

test('it asks no API server: no rights, no token', () => {
  expect([...ofKind(synth(), 'Role'), ...ofKind(synth(), 'ClusterRole')]).toEqual([]);
  expect(podOf().spec?.automountServiceAccountToken).toBe(false);
});

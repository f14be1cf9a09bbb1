import { Size } from 'cdk8s';
import { LokiChart, type LokiChartProps } from '../../charts/loki';
import { images } from '../../lib/catalog/image';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const synth = (overrides: Partial<LokiChartProps> = {}) =>
  objectsOf(
    (app) =>
      new LokiChart(app, 'loki', {
        namespace: 'watch',
        instance: 'test',
        image: images.loki,
        replicas: 3,
        config: { auth_enabled: false },
        dataDirectory: '/data',
        resources: {
          cpu: 1,
          memory: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
          ephemeralStorage: Size.mebibytes(64),
        },
        volume: { size: Size.gibibytes(10), storageClass: 'cluster-default' },
        credentials: 'none',
        ...overrides,
      }),
  );

const podOf = (overrides: Partial<LokiChartProps> = {}) => {
  const [workload] = workloadsOf(synth(overrides));
  const [container] = workload?.containers ?? [];
  return {
    spec: workload?.spec,
    args: container?.args ?? [],
    env: new Map((container?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom])),
    mounts: container?.volumeMounts ?? [],
    volumes: workload?.spec.volumes ?? [],
    startup: container?.startupProbe,
  };
};
const setOf = (overrides: Partial<LokiChartProps> = {}) => ofKind(synth(overrides), 'StatefulSet')[0]?.spec;
const mapOf = (overrides: Partial<LokiChartProps> = {}) => {
  const [map] = ofKind(synth(overrides), 'ConfigMap');
  return { name: map?.metadata?.name, immutable: map?.immutable };
};

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

describe('credentials of an object store', () => {
  const credentials = { secretName: 'bucket', key: 'credentials', variable: 'AWS_SHARED_CREDENTIALS_FILE' };

  test('are a file, which the variable of the SDK names', () => {
    const { env, mounts, volumes } = podOf({ credentials });
    const file = env.get('AWS_SHARED_CREDENTIALS_FILE');
    const mount = mounts.find(({ mountPath }) => file === `${mountPath}/credentials`);
    expect(mount?.readOnly).toBe(true);
    expect(volumes.find(({ name }) => name === mount?.name)?.secret?.secretName).toBe('bucket');
  });

  test('are neither mounted nor named where the pod has an identity of its own', () => {
    const { env, volumes } = podOf();
    expect([...env.keys()]).toEqual(['POD_IP', 'GOMEMLIMIT']);
    expect(volumes.filter(({ secret }) => secret !== undefined)).toEqual([]);
  });
});

test('the configuration may name the address of the pod', () => {
  const { env, args } = podOf();
  expect(env.get('POD_IP')).toEqual({ fieldRef: { fieldPath: 'status.podIP' } });
  expect(args).toContain('-config.expand-env=true');
});

describe('a change of the configuration', () => {
  const changed = { config: { auth_enabled: true } };

  test('makes another immutable ConfigMap, and the pods that mount it', () => {
    expect(mapOf()).toEqual({
      name: expect.stringMatching(/^loki-config-[0-9a-f]{10}$/) as string,
      immutable: true,
    });
    expect(mapOf(changed).name).not.toBe(mapOf().name);
    expect(podOf(changed).volumes.find(({ name }) => name === 'config')?.configMap?.name).toBe(mapOf(changed).name);
  });

  test('replaces a replica that a bad one broke, which `OrderedReady` would not', () => {
    expect(setOf()?.podManagementPolicy).toBe('Parallel');
  });
});

test('what is not in the object store yet outlives the pod, the StatefulSet and a smaller number of replicas', () => {
  const data = podOf().mounts.find(({ mountPath }) => mountPath === '/data');
  expect(setOf()?.volumeClaimTemplates?.map(({ metadata }) => metadata?.name)).toEqual([data?.name]);
  expect(setOf()?.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
});

test('the volume is of the class that was named, or of the default one', () => {
  const named = { volume: { size: Size.gibibytes(10), storageClass: { name: 'fast' } } };
  expect(setOf(named)?.volumeClaimTemplates?.[0]?.spec).toMatchObject({
    storageClassName: 'fast',
    resources: { requests: { storage: '10Gi' } },
  });
  expect(setOf()?.volumeClaimTemplates?.[0]?.spec).not.toHaveProperty('storageClassName');
});

test('only the data and /tmp can be written to', () => {
  const writable = podOf().mounts.filter(({ readOnly }) => readOnly !== true);
  expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/tmp', '/data']);
});

test('replicas find each other before they are ready, since none is without the others', () => {
  const service = ofKind(synth(), 'Service').find(({ metadata }) => metadata?.name === setOf()?.serviceName);
  expect(service?.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  expect(service?.spec?.ports).toContainEqual({ name: 'gossip', port: 7946, targetPort: 'gossip' });
});

test('replaying the log may take a quarter of an hour, and shutting down five minutes', () => {
  const { startup, spec } = podOf();
  expect((startup?.periodSeconds ?? 0) * (startup?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(15 * 60);
  expect(spec?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(300);
});

test('it has no rights in the cluster, and no token', () => {
  expect([...ofKind(synth(), 'Role'), ...ofKind(synth(), 'ClusterRole')]).toEqual([]);
  expect(podOf().spec?.automountServiceAccountToken).toBe(false);
});

import { Size } from 'cdk8s';
import { JaegerChart, jaegerPaths, type JaegerChartProps } from '../../charts/jaeger';
import { images } from '../../lib/catalog/image';
import type { JaegerConfig } from '../../lib/config/jaeger';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const config: JaegerConfig = {
  service: { extensions: [], pipelines: {}, telemetry: {} },
  extensions: {},
  connectors: {},
  receivers: {},
  processors: {},
  exporters: {},
};

const synth = (overrides: Partial<JaegerChartProps> = {}) =>
  objectsOf(
    (app) =>
      new JaegerChart(app, 'jaeger', {
        namespace: 'watch',
        instance: 'test',
        image: images.jaeger,
        replicas: 1,
        config,
        ui: { monitor: { menuEnabled: true } },
        sampling: { default_strategy: { type: 'probabilistic', param: 0.5 }, service_strategies: [] },
        paths: jaegerPaths,
        resources: {
          cpu: 0.5,
          memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
          ephemeralStorage: Size.mebibytes(64),
        },
        volume: 'none',
        secrets: {},
        featureGates: [],
        ...overrides,
      }),
  );

/** What of a pod can be told: where its files come from, and what it is started with. */
const podOf = (overrides: Partial<JaegerChartProps> = {}) => {
  const [workload] = workloadsOf(synth(overrides));
  const [container] = workload?.containers ?? [];
  const volumes = new Map((workload?.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return {
    spec: workload?.spec,
    args: container?.args ?? [],
    probes: [container?.startupProbe, container?.readinessProbe, container?.livenessProbe],
    volumeAt: new Map(
      (container?.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => [
        mountPath,
        { readOnly, ...volumes.get(name) },
      ]),
    ),
  };
};
const strategyOf = (overrides: Partial<JaegerChartProps> = {}) =>
  ofKind(synth(overrides), 'Deployment')[0]?.spec?.strategy?.type;
const mapsOf = (overrides: Partial<JaegerChartProps> = {}) =>
  ofKind(synth(overrides), 'ConfigMap').map(({ metadata, immutable, data }) => ({
    name: metadata?.name ?? '',
    isImmutable: immutable === true,
    files: Object.keys(data ?? {}),
  }));

const badger = { volume: { size: Size.gibibytes(20), storageClass: { name: 'fast' } } } as const;

test('the whole chart, over an external store', () => {
  expect(
    synth({ secrets: { username: { secretName: 'store', key: 'user' } }, featureGates: ['storage.clickhouse'] }),
  ).toMatchSnapshot();
});

describe('with Badger', () => {
  test('traces lie on a claimed volume that outlives the pod', () => {
    const claims = ofKind(synth(badger), 'PersistentVolumeClaim');
    expect(claims.map(({ spec }) => spec)).toMatchObject([
      { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } },
    ]);
    expect(podOf(badger).volumeAt.get(jaegerPaths.data)?.persistentVolumeClaim?.claimName).toBe(
      claims[0]?.metadata?.name,
    );
  });

  test('the old pod goes before the new one comes, for it holds the volume', () => {
    expect(strategyOf(badger)).toBe('Recreate');
  });
});

describe('with an external store', () => {
  const secrets = {
    username: { secretName: 'store', key: 'user' },
    password: { secretName: 'vault', key: 'word' },
    'ca.crt': { secretName: 'trust', key: 'ca' },
  };

  test('each key of a Secret is a read-only file, and there is no volume', () => {
    const files = podOf({ secrets }).volumeAt.get(jaegerPaths.credentials);
    expect(files?.readOnly).toBe(true);
    expect(
      files?.projected?.sources?.map(({ secret }) => [secret?.name, ...(secret?.items ?? []).map(Object.values)]),
    ).toEqual([
      ['store', ['user', 'username']],
      ['vault', ['word', 'password']],
      ['trust', ['ca', 'ca.crt']],
    ]);
    expect(ofKind(synth({ secrets }), 'PersistentVolumeClaim')).toEqual([]);
  });

  test('several replicas are replaced one by one', () => {
    expect(strategyOf({ replicas: 2 })).toBeUndefined();
  });
});

test('one replica is never two: each would see a part of the traces', () => {
  expect(strategyOf({ replicas: 1 })).toBe('Recreate');
});

test('without a volume or credentials nothing but configuration is mounted, and only /tmp can be written to', () => {
  const { volumeAt } = podOf();
  const writable = [...volumeAt].filter(([, { readOnly }]) => readOnly !== true);
  expect(writable.map(([path]) => path)).toEqual(['/tmp']);
  expect([...volumeAt.values()].filter(({ configMap, emptyDir }) => (configMap ?? emptyDir) === undefined)).toEqual([]);
});

describe('a change', () => {
  test('of the configuration or of the UI makes another immutable ConfigMap, and the pods that mount it', () => {
    const changes = [{ config: { ...config, extensions: { more: {} } } }, { ui: {} }];
    const names = [{}, ...changes].map((change) => mapsOf(change)[0]?.name);
    expect(new Set(names).size).toBe(3);
    for (const change of changes) {
      expect(mapsOf(change)[0]?.isImmutable).toBe(true);
      expect(podOf(change).volumeAt.get('/etc/jaeger')?.configMap?.name).toBe(mapsOf(change)[0]?.name);
    }
  });

  test('of the sampling keeps name and pods: Jaeger reloads it by itself', () => {
    const change = {
      sampling: { default_strategy: { type: 'probabilistic', param: 1 }, service_strategies: [] },
    } as const;
    expect(mapsOf(change)).toEqual(mapsOf());
    expect(workloadsOf(synth(change))).toEqual(workloadsOf(synth()));
    expect(mapsOf()[1]).toMatchObject({ name: 'jaeger-sampling', isImmutable: false });
  });
});

test('the files lie where the configuration looks for them', () => {
  const { volumeAt, args } = podOf();
  const files = [...volumeAt].flatMap(([path, { configMap }]) =>
    mapsOf()
      .filter(({ name }) => name === configMap?.name)
      .flatMap((map) => map.files.map((file) => `${path}/${file}`)),
  );
  const [config = ''] = args.map((arg) => arg.replace('--config=', ''));
  expect(files.sort()).toEqual([config, jaegerPaths.uiFile, jaegerPaths.samplingFile].sort());
});

test('it is asked for its health by the port of that name, which answers before there is anything to show', () => {
  expect(podOf().probes.map((probe) => probe?.httpGet?.port)).toEqual(['health', 'health', 'health']);
});

test('a store that is not a default yet is switched on by its feature gate', () => {
  expect(podOf({ featureGates: ['a', 'b'] }).args).toContain('--feature-gates=a,b');
  expect(podOf().args.filter((arg) => arg.includes('feature-gates'))).toEqual([]);
});

test('traces that wait for their decision get the time to be stored', () => {
  expect(podOf().spec?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(60);
});

test('it has no rights in the cluster, and no token', () => {
  expect([...ofKind(synth(), 'Role'), ...ofKind(synth(), 'ClusterRole')]).toEqual([]);
  expect(podOf().spec?.automountServiceAccountToken).toBe(false);
});

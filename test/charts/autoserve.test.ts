import { Size } from 'cdk8s';
import { AutoServeChart, type AutoServeChartProps } from '../../charts/autoserve';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const synth = (overrides: Partial<AutoServeChartProps> = {}) =>
  objectsOf(
    (app) =>
      new AutoServeChart(app, 'service', {
        namespace: 'shop',
        instance: 'test',
        service: 'ml-controller',
        program: { image: 'example.org/ml-controller:1.2.3', version: '1.2.3', user: 1000 },
        replicas: 2,
        resources: {
          cpu: 0.25,
          memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
          ephemeralStorage: Size.mebibytes(32),
        },
        logLevel: 'WARN',
        environment: 'test',
        traces: { endpoint: 'http://jaeger.watch.svc:4318', ratio: 0.25 },
        peers: { WORKER_URL: 'http://worker.shop.svc:8001' },
        secret: 'none',
        ...overrides,
      }),
  );

const podOf = (overrides: Partial<AutoServeChartProps> = {}) => {
  const [workload] = workloadsOf(synth(overrides));
  const [container] = workload?.containers ?? [];
  return {
    ...workload,
    image: container?.image,
    command: container?.command,
    env: new Map((container?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom])),
    mounts: new Map((container?.volumeMounts ?? []).map(({ name, mountPath }) => [name, mountPath])),
    volumes: workload?.spec.volumes,
  };
};

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('the ml-controller reads the pods of its namespace and scales backend and worker, and no more', () => {
  const objects = synth();
  expect(ofKind(objects, 'Role').map(({ metadata, rules }) => ({ namespace: metadata?.namespace, rules }))).toEqual([
    {
      namespace: 'shop',
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
        {
          apiGroups: ['apps'],
          resources: ['deployments/scale'],
          resourceNames: ['backend', 'worker'],
          verbs: ['get', 'patch'],
        },
      ],
    },
  ]);
  expect(ofKind(objects, 'ClusterRole')).toEqual([]);
  expect(podOf().spec?.automountServiceAccountToken).toBe(true);
});

test.each(['backend', 'worker'] as const)('the %s has no rights and no token', (service) => {
  const objects = synth({ service });
  expect([...ofKind(objects, 'Role'), ...ofKind(objects, 'RoleBinding')]).toEqual([]);
  expect(podOf({ service }).spec?.automountServiceAccountToken).toBe(false);
});

test("the guide's annotations say where the metrics are", () => {
  expect(podOf({ service: 'worker' }).annotations).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '8001',
    'prometheus.io/path': '/metrics',
  });
});

test('the program learns who it is, what it calls and how much to say', () => {
  const { env } = podOf({ service: 'worker' });
  expect(Object.fromEntries(env)).toMatchObject({
    SERVICE_NAME: 'worker',
    OTEL_SERVICE_NAME: 'worker',
    LOG_LEVEL: 'WARN',
    LOG_FORMAT: 'json',
    WORKER_URL: 'http://worker.shop.svc:8001',
    POD_NAME: { fieldRef: { fieldPath: 'metadata.name' } },
  });
});

test('traces that begin at the service are recorded at its ratio, and sent where spans go', () => {
  expect(Object.fromEntries(podOf().env)).toMatchObject({
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger.watch.svc:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  });
});

test('a variable stands before those that refer to it, or Kubernetes would leave the reference as it is', () => {
  const defined = new Set<string>();
  for (const [name, value] of podOf().env) {
    const referred = typeof value === 'string' ? [...value.matchAll(/\$\(([^)]+)\)/g)].map(([, to = '']) => to) : [];
    expect(referred.filter((to) => !defined.has(to))).toEqual([]);
    defined.add(name);
  }
});

test('a Secret is mounted as files, when there is one', () => {
  const withSecret = podOf({ secret: { secretName: 'settings' } });
  expect(withSecret.mounts.get('secrets')).toBe('/etc/autoserve/secrets');
  expect(withSecret.volumes).toContainEqual({
    name: 'secrets',
    secret: expect.objectContaining({ secretName: 'settings' }) as object,
  });
  expect(podOf().mounts.has('secrets')).toBe(false);
});

test('/tmp alone is writable', () => {
  const { mounts, volumes } = podOf({ secret: { secretName: 'settings' } });
  const writable = (volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined).map(({ name }) => mounts.get(name));
  expect(writable).toEqual(['/tmp']);
});

test('the simulator is a file that the stock image runs', () => {
  const { command, mounts, volumes, image } = podOf({
    program: { image: 'node:24', version: 'simulator', user: 1000, simulator: 'simulator-1234' },
  });
  expect(image).toBe('node:24');
  expect(command?.[1]).toBe(`${mounts.get('simulator') ?? ''}/main.js`);
  expect(volumes).toContainEqual({
    name: 'simulator',
    configMap: expect.objectContaining({ name: 'simulator-1234' }) as object,
  });
});

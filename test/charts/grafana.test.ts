import { Duration, Size } from 'cdk8s';
import { dashboardPath, GrafanaChart, grafanaPaths, type GrafanaChartProps } from '../../charts/grafana';
import { dashboards, dashboardUids, folders, type DashboardUid } from '../../lib/catalog/dashboards';
import { images } from '../../lib/catalog/image';
import { dataSourcesFile } from '../../lib/config/grafana-data-sources';
import { dashboardProviders } from '../../lib/config/grafana-provisioning';
import { grafanaSettings } from '../../lib/config/grafana-settings';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const urls = { prometheus: 'http://a', loki: 'http://b', jaeger: 'http://c', alertmanager: 'http://d' };
const settings = grafanaSettings({
  url: 'https://grafana.example.org',
  listen: { address: '0.0.0.0', port: 3000 },
  paths: grafanaPaths,
  home: dashboardPath('application-overview'),
  database: 'sqlite',
});
const dataSources = dataSourcesFile({ urls, scrapeInterval: Duration.seconds(15), prometheusVersion: '3.14.0' });
const textsOf = (text: string) =>
  Object.fromEntries(dashboardUids.map((uid) => [uid, text])) as Readonly<Record<DashboardUid, string>>;
const ingress: GrafanaChartProps['ingress'] = {
  host: 'grafana.example.org',
  className: 'nginx',
  tlsSecretName: 'grafana-tls',
  annotations: { 'cert-manager.io/cluster-issuer': 'ours' },
};

const synth = (overrides: Partial<GrafanaChartProps> = {}) =>
  objectsOf(
    (app) =>
      new GrafanaChart(app, 'grafana', {
        namespace: 'watch',
        instance: 'test',
        image: images.grafana,
        replicas: 1,
        settings,
        dataSources,
        dashboardProviders: dashboardProviders(grafanaPaths.dashboards),
        dashboards: textsOf('{"panels":[]}'),
        secrets: {
          'admin-user': { secretName: 'admin', key: 'user' },
          'admin-password': { secretName: 'admin', key: 'password' },
          'secret-key': { secretName: 'key', key: 'k' },
        },
        pathPrefix: '',
        resources: {
          cpu: 0.1,
          memory: { request: Size.mebibytes(128), limit: Size.mebibytes(400) },
          ephemeralStorage: Size.mebibytes(64),
        },
        volume: { size: Size.gibibytes(1), storageClass: 'cluster-default' },
        ingress,
        ...overrides,
      }),
  );

const podOf = (overrides: Partial<GrafanaChartProps> = {}) => {
  const [workload] = workloadsOf(synth(overrides));
  const [container] = workload?.containers ?? [];
  const volumes = new Map((workload?.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return {
    spec: workload?.spec,
    container,
    mounts: container?.volumeMounts ?? [],
    /** What is mounted at a path. */
    at: (path: string) =>
      volumes.get(container?.volumeMounts?.find(({ mountPath }) => mountPath === path)?.name ?? 'none'),
  };
};
const deploymentOf = (overrides: Partial<GrafanaChartProps> = {}) => ofKind(synth(overrides), 'Deployment')[0]?.spec;
const configMapsOf = (overrides: Partial<GrafanaChartProps> = {}) =>
  ofKind(synth(overrides), 'ConfigMap').map(({ metadata, data, immutable }) => ({
    name: metadata?.name ?? '',
    data: data ?? {},
    immutable,
  }));
const configName = (overrides: Partial<GrafanaChartProps> = {}) =>
  configMapsOf(overrides).find(({ name }) => name.startsWith('grafana-config-'))?.name;

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('its Service is called on port 80, its pods listen on 3000', () => {
  const [service] = ofKind(synth(), 'Service');
  expect(service?.spec?.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
  expect(podOf().container?.ports).toEqual([{ name: 'http', containerPort: 3000 }]);
});

describe('a dashboard', () => {
  test.each(dashboardUids)('%s is a file where its provider looks, from a ConfigMap of its own', (uid) => {
    const map = configMapsOf().find(({ name }) => name === `grafana-dashboard-${uid}`);
    expect(map).toMatchObject({ data: { [`${uid}.json`]: '{"panels":[]}' }, immutable: false });
    const { folder } = dashboards[uid];
    const sources = podOf().at(`${grafanaPaths.dashboards}/${folder}`)?.projected?.sources;
    expect(sources).toContainEqual({ configMap: { name: map?.name } });
    expect(dashboardPath(uid)).toBe(`${grafanaPaths.dashboards}/${folder}/${uid}.json`);
  });

  test('reaches the pods that run: none is replaced, and none is mounted by `subPath`', () => {
    expect(deploymentOf({ dashboards: textsOf('{"panels":[1]}') })?.template).toEqual(deploymentOf()?.template);
    const mounts = podOf().mounts.filter(({ mountPath }) => mountPath.startsWith(grafanaPaths.dashboards));
    expect(mounts).toHaveLength(Object.keys(folders).length);
    expect(mounts.map(({ readOnly, subPath }) => [readOnly, subPath])).toEqual(mounts.map(() => [true, undefined]));
  });
});

test.each<readonly [string, Partial<GrafanaChartProps>]>([
  [
    'settings',
    {
      settings: {
        ...settings,
        news: { news_feed_enabled: false },
        log: { mode: 'console' },
        server: { ...settings.server, http_port: 1 },
      },
    },
  ],
  ['data sources', { dataSources: { ...dataSources, datasources: [] } }],
  ['providers', { dashboardProviders: dashboardProviders('/elsewhere') }],
])('other %s are another immutable ConfigMap, and other pods', (_, changed) => {
  expect(configMapsOf().find(({ name }) => name === configName())?.immutable).toBe(true);
  expect(configName(changed)).toMatch(/^grafana-config-[0-9a-f]{10}$/);
  expect(configName(changed)).not.toBe(configName());
  expect(podOf(changed).at('/etc/grafana')?.configMap?.name).toBe(configName(changed));
});

test('its configuration lies where the image looks for it', () => {
  const files = podOf().at('/etc/grafana')?.configMap?.items;
  expect(files?.map(({ path }) => path)).toEqual([
    'grafana.ini',
    'provisioning/datasources/data-sources.yaml',
    'provisioning/dashboards/dashboard-providers.yaml',
  ]);
});

test('a secret is a file, from its own key, where the settings look for it', () => {
  expect(podOf().at(grafanaPaths.secrets)?.projected?.sources).toEqual([
    { secret: { name: 'admin', items: [{ key: 'user', path: 'admin-user' }] } },
    { secret: { name: 'admin', items: [{ key: 'password', path: 'admin-password' }] } },
    { secret: { name: 'key', items: [{ key: 'k', path: 'secret-key' }] } },
  ]);
});

describe('what it writes', () => {
  test('is on its volume, which one pod at a time holds', () => {
    expect(podOf().at(grafanaPaths.data)?.persistentVolumeClaim?.claimName).toBe('grafana');
    expect(ofKind(synth(), 'PersistentVolumeClaim')).toHaveLength(1);
    expect(deploymentOf()).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  test('goes with the pod where the database is elsewhere, so that there can be several', () => {
    const elsewhere = { volume: 'none', replicas: 3 } as const;
    expect(podOf(elsewhere).at(grafanaPaths.data)?.emptyDir).toEqual({});
    expect(ofKind(synth(elsewhere), 'PersistentVolumeClaim')).toEqual([]);
    expect(deploymentOf(elsewhere)).toMatchObject({ replicas: 3 });
    expect(deploymentOf(elsewhere)?.strategy).toBeUndefined();
  });

  test('is nowhere else', () => {
    const writable = podOf().mounts.filter(({ readOnly }) => readOnly !== true);
    expect(writable.map(({ mountPath }) => mountPath).sort()).toEqual(['/tmp', '/var/lib/grafana']);
    expect(podOf().container?.securityContext?.readOnlyRootFilesystem).toBe(true);
  });
});

describe('probes', () => {
  const pathsOf = (pathPrefix: string) => {
    const { startupProbe, readinessProbe, livenessProbe } = podOf({ pathPrefix }).container ?? {};
    return [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet?.path);
  };

  test('are not restarted for a database that is away', () => {
    expect(pathsOf('')).toEqual(['/api/health', '/api/health', '/healthz']);
  });

  test('ask below the path at which it serves: elsewhere they would be sent away', () => {
    expect(pathsOf('/grafana')).toEqual(['/grafana/api/health', '/grafana/api/health', '/grafana/healthz']);
  });
});

describe('the Ingress', () => {
  const specOf = (overrides: Partial<GrafanaChartProps> = {}) => ofKind(synth(overrides), 'Ingress')[0]?.spec;

  test('leads to the Service over TLS alone', () => {
    expect(specOf()?.ingressClassName).toBe('nginx');
    expect(specOf()?.tls).toEqual([{ hosts: ['grafana.example.org'], secretName: 'grafana-tls' }]);
    expect(specOf()?.rules).toEqual([
      {
        host: 'grafana.example.org',
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'grafana', port: { name: 'http' } } } }],
        },
      },
    ]);
  });

  test('leads there by the path of the link', () => {
    expect(specOf({ pathPrefix: '/grafana' })?.rules?.[0]?.http?.paths[0]?.path).toBe('/grafana');
  });

  test('tells its controller what it is told', () => {
    expect(ofKind(synth(), 'Ingress')[0]?.metadata?.annotations).toEqual(ingress.annotations);
  });

  test('is left out where people come otherwise', () => {
    expect(ofKind(synth({ ingress: 'none' }), 'Ingress')).toEqual([]);
  });
});

test('it stays below its memory limit, and has time to answer who asked', () => {
  const { container, spec } = podOf();
  expect(container?.env).toEqual([{ name: 'GOMEMLIMIT', value: '300MiB' }]);
  expect(spec?.terminationGracePeriodSeconds).toBe(45);
});

test('it has no rights in the cluster, and no token', () => {
  expect([...ofKind(synth(), 'Role'), ...ofKind(synth(), 'ClusterRole')]).toEqual([]);
  expect(podOf().spec?.automountServiceAccountToken).toBe(false);
});

import { Size } from 'cdk8s';
import { PrometheusChart, type PrometheusChartProps } from '../../charts/prometheus';
import { images } from '../../lib/catalog/image';
import type { PrometheusConfig } from '../../lib/config/prometheus';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const config: PrometheusConfig = {
  global: {
    scrape_interval: '15s',
    scrape_timeout: '10s',
    evaluation_interval: '15s',
    external_labels: {},
    keep_dropped_targets: 1,
    metric_name_validation_scheme: 'legacy',
  },
  storage: { tsdb: { retention: { time: '1d', size: '1GB' } }, exemplars: { max_exemplars: 1 } },
  rule_files: [],
  alerting: { alert_relabel_configs: [], alertmanagers: [] },
  scrape_configs: [],
};
const rules = { 'recording.yaml': { groups: [{ name: 'a', rules: [{ record: 'b', expr: '1' }] }] } };

const synth = (overrides: Partial<PrometheusChartProps> = {}) =>
  objectsOf(
    (app) =>
      new PrometheusChart(app, 'prometheus', {
        namespace: 'watch',
        instance: 'test',
        image: images.prometheus,
        replicas: 2,
        config,
        ruleDirectory: '/rules',
        rules,
        externalUrl: 'https://metrics.example.org/prometheus',
        resources: {
          cpu: 2,
          memory: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
          ephemeralStorage: Size.mebibytes(64),
        },
        volume: { size: Size.gibibytes(10), storageClass: 'cluster-default' },
        scrapedNamespaces: ['watch', 'shop'],
        ...overrides,
      }),
  );

const mapsOf = (overrides: Partial<PrometheusChartProps> = {}) =>
  ofKind(synth(overrides), 'ConfigMap').map(({ metadata, immutable }) => ({ name: metadata?.name, immutable }));
const volumesOf = (overrides: Partial<PrometheusChartProps> = {}) =>
  workloadsOf(synth(overrides)).flatMap(({ spec }) => spec.volumes?.map(({ configMap }) => configMap?.name) ?? []);
const claimOf = (overrides: Partial<PrometheusChartProps> = {}) =>
  ofKind(synth(overrides), 'StatefulSet')[0]?.spec?.volumeClaimTemplates?.[0]?.spec;

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

describe('a change of the configuration', () => {
  const changed = { config: { ...config, rule_files: ['/'] } };

  test('of one byte makes another immutable ConfigMap, and the pods that mount it', () => {
    expect(mapsOf()[0]).toEqual({
      name: expect.stringMatching(/^prometheus-config-[0-9a-f]{10}$/) as string,
      immutable: true,
    });
    expect(mapsOf(changed)[0]?.name).not.toBe(mapsOf()[0]?.name);
    expect(volumesOf(changed)).toEqual(mapsOf(changed).map(({ name }) => name));
  });

  test('of the rules keeps name and pods: Prometheus reloads them by itself', () => {
    const otherRules = { rules: { 'recording.yaml': { groups: [] } } };
    expect(mapsOf(otherRules)).toEqual(mapsOf());
    expect(workloadsOf(synth(otherRules))).toEqual(workloadsOf(synth()));
    expect(mapsOf()[1]).toMatchObject({ name: 'prometheus-rules' });
    expect(mapsOf()[1]?.immutable).not.toBe(true);
  });

  test('replaces a replica that a bad one broke, which `OrderedReady` would not', () => {
    expect(ofKind(synth(), 'StatefulSet')[0]?.spec?.podManagementPolicy).toBe('Parallel');
  });
});

test('it reads nodes, their metrics and the pods of the scraped namespaces, and no more', () => {
  const objects = synth();
  expect(ofKind(objects, 'ClusterRole').map((role) => role.rules)).toEqual([
    [
      { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ],
  ]);
  expect(ofKind(objects, 'Role').map((role) => [role.metadata?.namespace, role.rules])).toEqual(
    ['watch', 'shop'].map((namespace) => [
      namespace,
      [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    ]),
  );
});

test('the volume outlives the StatefulSet and a smaller number of replicas', () => {
  expect(ofKind(synth(), 'StatefulSet')[0]?.spec?.persistentVolumeClaimRetentionPolicy).toEqual({
    whenDeleted: 'Retain',
    whenScaled: 'Retain',
  });
});

test('the volume is of the class that was named, or of the default one', () => {
  expect(claimOf()?.resources).toEqual({ requests: { storage: '10Gi' } });
  expect(claimOf()).not.toHaveProperty('storageClassName');
  const named = { volume: { size: Size.gibibytes(10), storageClass: { name: 'fast' } } };
  expect(claimOf(named)?.storageClassName).toBe('fast');
});

test('links in alerts lead to where people reach it, while it serves at the root', () => {
  const [workload] = workloadsOf(synth());
  expect(workload?.containers[0]?.args).toEqual(
    expect.arrayContaining(['--web.external-url=https://metrics.example.org/prometheus', '--web.route-prefix=/']),
  );
});

test('each replica is found by a name of its own, even while it starts', () => {
  const objects = synth();
  const governing = ofKind(objects, 'StatefulSet')[0]?.spec?.serviceName;
  const service = ofKind(objects, 'Service').find(({ metadata }) => metadata?.name === governing);
  expect(service?.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
});

test('replaying the log may take a quarter of an hour, and shutting down ten minutes', () => {
  const [workload] = workloadsOf(synth());
  const { periodSeconds = 0, failureThreshold = 0 } = workload?.containers[0]?.startupProbe ?? {};
  expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(15 * 60);
  expect(workload?.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(600);
});

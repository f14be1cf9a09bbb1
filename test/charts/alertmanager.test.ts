import { Duration, Size } from 'cdk8s';
import { AlertmanagerChart, alertmanagerPaths, type AlertmanagerChartProps } from '../../charts/alertmanager';
import { images } from '../../lib/catalog/image';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const config = { templates: [], route: { receiver: 'team' }, inhibit_rules: [], receivers: [{ name: 'team' }] };
const alone = ['alertmanager-0.replicas:9094'];

const synth = (overrides: Partial<AlertmanagerChartProps> = {}) =>
  objectsOf(
    (app) =>
      new AlertmanagerChart(app, 'alertmanager', {
        namespace: 'watch',
        instance: 'test',
        image: images.alertmanager,
        config,
        notifications: '{{ define "title" }}Something happened{{ end }}',
        secrets: { 'page-routing-key': { secretName: 'receivers', key: 'pagerduty' } },
        externalUrl: 'https://alerts.example.org/alertmanager',
        peers: ['alertmanager-0.replicas:9094', 'alertmanager-1.replicas:9094', 'alertmanager-2.replicas:9094'],
        peerTimeout: Duration.seconds(5),
        startDelay: Duration.seconds(90),
        resources: {
          cpu: 0.1,
          memory: { request: Size.mebibytes(64), limit: Size.mebibytes(200) },
          ephemeralStorage: Size.mebibytes(64),
        },
        volume: { size: Size.gibibytes(1), storageClass: 'cluster-default' },
        ...overrides,
      }),
  );

const podOf = (overrides: Partial<AlertmanagerChartProps> = {}) => {
  const [workload] = workloadsOf(synth(overrides));
  const [container] = workload?.containers ?? [];
  return {
    spec: workload?.spec,
    args: container?.args ?? [],
    env: new Map((container?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom])),
    mounts: container?.volumeMounts ?? [],
    volumes: workload?.spec.volumes ?? [],
  };
};
const setOf = (overrides: Partial<AlertmanagerChartProps> = {}) => ofKind(synth(overrides), 'StatefulSet')[0]?.spec;
const mapOf = (overrides: Partial<AlertmanagerChartProps> = {}) => {
  const [map] = ofKind(synth(overrides), 'ConfigMap');
  return { name: map?.metadata?.name, immutable: map?.immutable };
};
const cluster = (args: readonly string[]): readonly string[] => args.filter((arg) => arg.startsWith('--cluster.'));

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

describe('replicas', () => {
  test('are as many as meet, each told of all', () => {
    expect(setOf()?.replicas).toBe(3);
    expect(cluster(podOf().args)).toEqual([
      '--cluster.listen-address=[$(POD_IP)]:9094',
      '--cluster.peer=alertmanager-0.replicas:9094',
      '--cluster.peer=alertmanager-1.replicas:9094',
      '--cluster.peer=alertmanager-2.replicas:9094',
      '--cluster.peer-timeout=5s',
      '--cluster.reconnect-timeout=5m',
    ]);
    expect(podOf().env.get('POD_IP')).toEqual({ fieldRef: { fieldPath: 'status.podIP' } });
  });

  test('find each other before they are ready, by names of their own', () => {
    const service = ofKind(synth(), 'Service').find(({ metadata }) => metadata?.name === setOf()?.serviceName);
    expect(service?.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  });

  test('are not looked for by one alone', () => {
    expect(setOf({ peers: alone })?.replicas).toBe(1);
    expect(cluster(podOf({ peers: alone }).args)).toEqual(['--cluster.listen-address=']);
  });

  test('are taken one at a time by a drain', () => {
    expect(ofKind(synth(), 'PodDisruptionBudget')[0]?.spec?.maxUnavailable).toBe(1);
  });
});

describe('the secrets of receivers', () => {
  const refs = {
    'page-routing-key': { secretName: 'receivers', key: 'pagerduty' },
    'team-webhook-url': { secretName: 'slack', key: 'url' },
  };

  test('are files, each from its own key, where the configuration looks for them', () => {
    const { mounts, volumes } = podOf({ secrets: refs });
    const mount = mounts.find(({ mountPath }) => mountPath === alertmanagerPaths.secrets);
    expect(mount?.readOnly).toBe(true);
    expect(volumes.find(({ name }) => name === mount?.name)?.projected?.sources).toEqual([
      { secret: { name: 'receivers', items: [{ key: 'pagerduty', path: 'page-routing-key' }] } },
      { secret: { name: 'slack', items: [{ key: 'url', path: 'team-webhook-url' }] } },
    ]);
  });

  test('are not asked for where there are none: no Secret has to exist', () => {
    const { mounts, volumes } = podOf({ secrets: {} });
    expect(volumes.map(({ name }) => name)).toEqual(['config']);
    expect(mounts.map(({ mountPath }) => mountPath)).not.toContain(alertmanagerPaths.secrets);
  });
});

describe('a change', () => {
  test.each<readonly [string, Partial<AlertmanagerChartProps>]>([
    ['of the configuration', { config: { ...config, route: { receiver: 'page' } } }],
    ['of what people read', { notifications: 'other' }],
  ])('%s makes another immutable ConfigMap, and the pods that mount it', (_, changed) => {
    expect(mapOf()).toEqual({
      name: expect.stringMatching(/^alertmanager-config-[0-9a-f]{10}$/) as string,
      immutable: true,
    });
    expect(mapOf(changed).name).not.toBe(mapOf().name);
    expect(podOf(changed).volumes.find(({ name }) => name === 'config')?.configMap?.name).toBe(mapOf(changed).name);
  });

  test('replaces a replica that a bad configuration broke, which `OrderedReady` would not', () => {
    expect(setOf()?.podManagementPolicy).toBe('Parallel');
  });
});

test('silences, and what was sent, outlive the pod, the StatefulSet and a smaller number of replicas', () => {
  const { args, mounts } = podOf();
  const data = mounts.find(({ mountPath }) => args.includes(`--storage.path=${mountPath}`));
  expect(setOf()?.volumeClaimTemplates?.map(({ metadata }) => metadata?.name)).toEqual([data?.name]);
  expect(setOf()?.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
});

test('nothing but its data can be written to', () => {
  const writable = podOf().mounts.filter(({ readOnly }) => readOnly !== true);
  expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/alertmanager']);
});

test('links lead to where people reach it, while it serves at the root', () => {
  expect(podOf().args).toEqual(
    expect.arrayContaining(['--web.external-url=https://alerts.example.org/alertmanager', '--web.route-prefix=/']),
  );
});

test('it waits for what silences and inhibits before it tells anybody', () => {
  expect(podOf().args).toContain('--dispatch.start-delay=1m30s');
});

test('it stays below its memory limit, and has two minutes to end', () => {
  expect(podOf().env.get('GOMEMLIMIT')).toBe('150MiB');
  expect(podOf().spec?.terminationGracePeriodSeconds).toBe(120);
});

test('it has no rights in the cluster, and no token', () => {
  expect([...ofKind(synth(), 'Role'), ...ofKind(synth(), 'ClusterRole')]).toEqual([]);
  expect(podOf().spec?.automountServiceAccountToken).toBe(false);
});

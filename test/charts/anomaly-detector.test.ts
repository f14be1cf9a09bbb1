import { Duration, Size } from 'cdk8s';
import { AnomalyDetectorChart, type AnomalyDetectorChartProps } from '../../charts/anomaly-detector';
import { readSettings } from '../../apps/anomaly-detector/settings';
import { images } from '../../lib/catalog/image';
import { production } from '../../lib/profile/production';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const synth = (override: Partial<AnomalyDetectorChartProps> = {}) =>
  objectsOf(
    (app) =>
      new AnomalyDetectorChart(app, 'anomaly-detector', {
        namespace: 'watch',
        instance: 'test',
        image: images.node,
        version: '1.2.3',
        bundle: 'run()',
        prometheusUrl: 'http://prometheus.watch.svc:9090',
        history: Duration.days(28),
        step: Duration.minutes(15),
        warmUp: Duration.hours(36),
        method: 'seasonal',
        resources: {
          cpu: 0.05,
          memory: { request: Size.mebibytes(96), limit: Size.mebibytes(192) },
          ephemeralStorage: Size.mebibytes(32),
        },
        ...override,
      }),
  );

/** What the one container of the workload finds in its environment. */
const environmentOf = (manifests: ReturnType<typeof synth>): Readonly<Record<string, string | undefined>> => {
  const workload = workloadsOf(manifests).find(({ name }) => name === 'anomaly-detector');
  return Object.fromEntries((workload?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
};

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('the program understands its settings as they are meant', () => {
  expect(readSettings(environmentOf(synth()))).toMatchObject({
    prometheusUrl: 'http://prometheus.watch.svc:9090',
    method: 'seasonal',
    historySeconds: 28 * 86_400,
    stepSeconds: 900,
    warmUpSeconds: 36 * 3600,
  });
});

test.each(profileNames)('the program accepts the settings of %s', (name) => {
  expect(readSettings(environmentOf(rendered(profiles[name])))).toMatchObject({
    method: profiles[name].anomalies.method,
  });
});

test.each([
  [Duration.days(14), 3600],
  [Duration.hours(1), 300],
  [Duration.seconds(100), 9],
  [Duration.seconds(1), 1],
])('after a warm-up of %s it learns anew every %i s', (warmUp, retrainIntervalSeconds) => {
  expect(readSettings(environmentOf(synth({ warmUp })))).toMatchObject({ retrainIntervalSeconds });
});

test('the least that a profile may ask for is what the program takes', () => {
  const [history, second] = [Duration.minutes(1), Duration.seconds(1)];
  expect(readSettings(environmentOf(synth({ history, step: second, warmUp: second })))).toMatchObject({
    historySeconds: 60,
    stepSeconds: 1,
    warmUpSeconds: 1,
  });
});

test('one replica, since a second would tell every anomaly twice', () => {
  const [deployment] = ofKind(synth(), 'Deployment');
  expect(deployment?.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
});

test('it has no access to the API server', () => {
  expect(synth().filter(({ kind }) => kind.includes('Role'))).toEqual([]);
  for (const { spec } of workloadsOf(synth())) expect(spec.automountServiceAccountToken).toBe(false);
});

test('another program is another ConfigMap, so that the pod that runs it is replaced', () => {
  const mapsOf = (bundle: string) => ofKind(synth({ bundle }), 'ConfigMap').map(({ metadata }) => metadata?.name);
  expect(mapsOf('run()')).toEqual(mapsOf('run()'));
  expect(mapsOf('run( )')).not.toEqual(mapsOf('run()'));
  const [volume] = workloadsOf(synth())[0]?.spec.volumes ?? [];
  expect([volume?.configMap?.name]).toEqual(mapsOf('run()'));
});

test('in a profile it asks the Prometheus of the profile', () => {
  expect(environmentOf(rendered(production))['PROMETHEUS_URL']).toBe('http://prometheus.monitoring.svc:9090');
});

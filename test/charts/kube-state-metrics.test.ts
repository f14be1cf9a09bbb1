import { Size } from 'cdk8s';
import { KubeStateMetricsChart } from '../../charts/kube-state-metrics';
import { images } from '../../lib/catalog/image';
import { kubeStateMetrics } from '../../lib/catalog/kubernetes';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const synth = (metricNames: readonly string[] = ['kube_node_info', 'kube_pod_info']) =>
  objectsOf(
    (app) =>
      new KubeStateMetricsChart(app, 'kube-state-metrics', {
        namespace: 'watch',
        instance: 'test',
        image: images.kubeStateMetrics,
        resources: {
          cpu: 0.1,
          memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
          ephemeralStorage: Size.mebibytes(32),
        },
        metricNames,
      }),
  );

const watched = () => ofKind(synth(), 'ClusterRole').flatMap(({ rules }) => rules ?? []);

const argument = (name: string): string | undefined =>
  workloadsOf(synth())
    .flatMap(({ containers }) => containers.flatMap(({ args }) => args ?? []))
    .find((arg) => arg.startsWith(`--${name}=`))
    ?.slice(name.length + 3);

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('it may list and watch exactly what it is told to, and never Secrets or ConfigMaps', () => {
  expect(
    watched()
      .flatMap(({ resources }) => resources ?? [])
      .sort(),
  ).toEqual(argument('resources')?.split(','));
  expect(new Set(watched().flatMap(({ verbs }) => verbs))).toEqual(new Set(['list', 'watch']));
});

test('each metric of the catalog is of a kind of object that it watches', () => {
  const kinds = new Set(watched().flatMap(({ resources }) => resources ?? []));
  const kindOf = (metric: string) => `${/^kube_([a-z]+)_/.exec(metric)?.[1] ?? ''}s`;
  expect(Object.keys(kubeStateMetrics).filter((name) => !kinds.has(kindOf(name)))).toEqual([]);
});

test('it offers the named metrics and no others', () => {
  expect(argument('metric-allowlist')).toBe('kube_node_info,kube_pod_info');
});

test('one replica, since a second would count every object twice', () => {
  expect(ofKind(synth(), 'Deployment')[0]?.spec?.replicas).toBe(1);
});

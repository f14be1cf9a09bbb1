import { Size } from 'cdk8s';
import { PostgresExporterChart } from '../../charts/postgres-exporter';
import { images } from '../../lib/catalog/image';
import { ofKind, workloadsOf } from '../manifests/output';
import { objectsOf } from './objects';

const secret = (key: string) => ({ secretName: 'postgres', key });

const synth = () =>
  objectsOf(
    (app) =>
      new PostgresExporterChart(app, 'postgres-exporter', {
        namespace: 'watch',
        instance: 'test',
        image: images.postgresExporter,
        resources: {
          cpu: 0.1,
          memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
          ephemeralStorage: Size.mebibytes(32),
        },
        dsn: { uri: secret('where'), user: secret('who'), password: { secretName: 'vault', key: 'word' } },
      }),
  );

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('each part of the address is a file that the environment only points at', () => {
  const [workload] = workloadsOf(synth());
  const [container] = workload?.containers ?? [];
  const sources = workload?.spec.volumes?.flatMap(({ projected }) => projected?.sources ?? []) ?? [];
  const mount = container?.volumeMounts?.[0]?.mountPath ?? '';
  const keys = new Map(
    sources.flatMap(({ secret: from }) =>
      (from?.items ?? []).map(({ key, path }) => [`${mount}/${path}`, `${from?.name ?? ''}/${key}`]),
    ),
  );
  const env = Object.fromEntries((container?.env ?? []).map(({ name, value = '' }) => [name, keys.get(value)]));
  expect(env).toEqual({
    DATA_SOURCE_URI_FILE: 'postgres/where',
    DATA_SOURCE_USER_FILE: 'postgres/who',
    DATA_SOURCE_PASS_FILE: 'vault/word',
  });
});

test('no probe asks for metrics, which would open connections to the database', () => {
  const probes = workloadsOf(synth()).flatMap(({ containers }) =>
    containers.flatMap(({ readinessProbe, livenessProbe }) => [readinessProbe, livenessProbe]),
  );
  expect(probes.map((probe) => probe?.httpGet?.path)).toEqual(['/', '/']);
});

test('one replica, since a second would report the same database twice', () => {
  expect(ofKind(synth(), 'Deployment')[0]?.spec?.replicas).toBe(1);
});

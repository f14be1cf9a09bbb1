import { App, Size } from 'cdk8s';
import { manifestsOf } from '../../charts/manifest';
import { NodeExporterChart } from '../../charts/node-exporter';
import { images } from '../../lib/catalog/image';
import { ofKind, workloadsOf } from '../manifests/output';

const build = () =>
  new NodeExporterChart(new App(), 'node-exporter', {
    namespace: 'nodes',
    instance: 'test',
    image: images.nodeExporter,
    resources: {
      cpu: 0.1,
      memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
      ephemeralStorage: Size.mebibytes(32),
    },
  });
const synth = () => manifestsOf(build());

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('it runs on every node, whatever the node is reserved for', () => {
  expect(workloadsOf(synth())).toMatchObject([
    { kind: 'DaemonSet', spec: { tolerations: [{ operator: 'Exists' }], hostNetwork: true, hostPID: true } },
  ]);
});

test('it tells the admission policy exactly who it is and the host paths that it mounts, all read-only', () => {
  const [workload] = workloadsOf(synth());
  const paths = (workload?.spec.volumes ?? []).map(({ hostPath }) => hostPath?.path);
  expect(build().hostAccess).toEqual({
    serviceAccountName: workload?.spec.serviceAccountName,
    user: workload?.spec.securityContext?.runAsUser,
    paths: Object.fromEntries(paths.map((path) => [path, 'read-only'])) as object,
    sharesNamespaces: true,
  });
  const mounts = workload?.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []) ?? [];
  expect(mounts.map(({ readOnly }) => readOnly)).toEqual(paths.map(() => true));
});

test('it has no rights in the cluster', () => {
  expect([...ofKind(synth(), 'Role'), ...ofKind(synth(), 'ClusterRole')]).toEqual([]);
});

import { NetworkPoliciesChart, type NetworkPoliciesChartProps } from '../../charts/network-policies';
import { allowed, type End } from '../manifests/network';
import { ofKind } from '../manifests/output';
import { objectsOf } from './objects';

const synth = (overrides: Partial<NetworkPoliciesChartProps> = {}) =>
  objectsOf(
    (app) =>
      new NetworkPoliciesChart(app, 'network-policies', {
        instance: 'test',
        namespaces: { application: 'shop', monitoring: 'watch', agents: 'nodes' },
        deployed: ['worker', 'prometheus', 'node-exporter'],
        nodeCidrs: ['10.0.0.0/24'],
        external: { 'api-server': { cidrs: ['10.96.0.1/32'], ports: [6443] } },
        clientNamespaces: {},
        annotatedPodNamespaces: ['shop'],
        ...overrides,
      }),
  );

const pod = (namespace: string, name: string, instance = 'test'): End => ({
  namespace,
  labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': instance },
});
const isAllowed = (overrides: Partial<NetworkPoliciesChartProps>, from: End, to: End, port: number) =>
  allowed(ofKind(synth(overrides), 'NetworkPolicy'), from, to, port);

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('a component that is not deployed has no policy', () => {
  const names = ofKind(synth({ deployed: ['worker'] }), 'NetworkPolicy').map(({ metadata }) => metadata.name);
  expect(names.filter((name) => !['default-deny', 'allow-dns', 'annotated-pods'].includes(name))).toEqual(['worker']);
});

test('a pod on the host network is called by the address of its node', () => {
  const prometheus = pod('watch', 'prometheus');
  expect(isAllowed({}, prometheus, { address: '10.0.0.9' }, 9100)).toBe(true);
  expect(isAllowed({}, prometheus, { address: '10.0.1.9' }, 9100)).toBe(false);
});

test.each([
  ['the API server is called where it listens', '10.96.0.1', 6443, true],
  ['and on no other port', '10.96.0.1', 443, false],
  ['and at no other address', '10.96.0.2', 6443, false],
])('%s', (_, address, port, expected) => {
  expect(isAllowed({}, pod('watch', 'prometheus'), { address }, port)).toBe(expected);
});

test('another deployment in the same namespaces stays apart', () => {
  expect(isAllowed({}, pod('watch', 'prometheus'), pod('shop', 'worker'), 8001)).toBe(true);
  expect(isAllowed({}, pod('watch', 'prometheus', 'other'), pod('shop', 'worker'), 8001)).toBe(false);
});

test('a client namespace opens the component that it is the client of', () => {
  const overrides: Partial<NetworkPoliciesChartProps> = {
    deployed: ['backend', 'worker'],
    clientNamespaces: { backend: ['ingress'] },
  };
  const client: End = { namespace: 'ingress', labels: {} };
  expect(isAllowed(overrides, client, pod('shop', 'backend'), 8000)).toBe(true);
  expect(isAllowed(overrides, client, pod('shop', 'worker'), 8001)).toBe(false);
  expect(isAllowed({ ...overrides, clientNamespaces: { backend: [] } }, client, pod('shop', 'backend'), 8000)).toBe(
    false,
  );
});

test('replicas that talk over datagrams too are called over both protocols, by nobody else', () => {
  const policies = ofKind(synth({ deployed: ['alertmanager', 'loki', 'prometheus'] }), 'NetworkPolicy');
  const [alertmanager, loki] = [pod('watch', 'alertmanager'), pod('watch', 'loki')];
  for (const protocol of ['TCP', 'UDP'] as const) {
    expect(allowed(policies, alertmanager, alertmanager, 9094, protocol)).toBe(true);
    expect(allowed(policies, pod('watch', 'prometheus'), alertmanager, 9094, protocol)).toBe(false);
  }
  expect(allowed(policies, alertmanager, alertmanager, 9093, 'UDP')).toBe(false);
  expect(allowed(policies, loki, loki, 7946, 'UDP')).toBe(false);
});

test("Prometheus may leave for the namespaces of annotated pods; only AutoServe's is opened to it", () => {
  const prometheus = pod('watch', 'prometheus');
  expect(isAllowed({}, prometheus, pod('shop', 'stranger'), 1234)).toBe(true);
  expect(isAllowed({}, prometheus, pod('other', 'stranger'), 1234)).toBe(false);
  expect(isAllowed({ annotatedPodNamespaces: ['shop', 'other'] }, prometheus, pod('other', 'x'), 1234)).toBe(true);
  expect(isAllowed({}, pod('watch', 'kube-state-metrics'), pod('shop', 'stranger'), 1234)).toBe(false);
});

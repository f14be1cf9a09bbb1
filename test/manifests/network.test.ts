import { components, kubeletPort, portOf, type Component, type ComponentName } from '../../lib/catalog/components';
import { connections, externalConnections, type External } from '../../lib/catalog/connections';
import type { Endpoint, Profile } from '../../lib/profile/profile';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { allowed, policiesFor, type End, type NetworkPolicy } from './network';
import { ofKind, workloadsOf } from './output';

const node = { address: '10.0.0.7' };

const bucket = { address: '198.51.100.7', port: 443 };
const receivers = { address: '198.51.100.9', port: 443 };
const database = { address: '198.51.100.11', port: 5432 };
const grafanaDatabase = { address: '198.51.100.12', port: 5432 };
const only = ({ address, port }: typeof bucket): Endpoint => ({ cidrs: [`${address}/32`], ports: [port] });

/** The same, where bucket and receivers are not anywhere in the internet, and each database is at an address of its own. */
const addressesApart = (profile: Profile): Profile => {
  const { alertmanager, logs, grafana } = profile;
  const { objects } = logs.loki;
  return {
    ...profile,
    alertmanager: { ...alertmanager, network: alertmanager.network === 'none' ? 'none' : only(receivers) },
    database: profile.database === 'none' ? 'none' : { ...profile.database, endpoint: only(database) },
    grafana: {
      ...grafana,
      store: grafana.store.kind === 'sqlite' ? grafana.store : { ...grafana.store, network: only(grafanaDatabase) },
    },
    logs: {
      ...logs,
      loki: { ...logs.loki, objects: objects === 'volume' ? objects : { ...objects, network: only(bucket) } },
    },
  };
};

describe.each(profileNames)('in profile %s', (profileName) => {
  const profile = profiles[profileName];
  const manifests = rendered(profile);
  const policies: readonly NetworkPolicy[] = ofKind(manifests, 'NetworkPolicy');
  const workloads = workloadsOf(manifests);
  const ends = new Map<string, End>(
    workloads.map(({ name, namespace, labels, spec }) => [
      name,
      spec.hostNetwork === true ? node : { namespace, labels },
    ]),
  );
  const names = [...ends.keys()];
  const end = (name: string): End => ends.get(name) ?? { address: '203.0.113.1' };
  const pods = [...ends].filter(([, one]) => !('address' in one));

  const stranger = (namespace: string): End => ({ namespace, labels: { app: 'stranger' } });
  const dns: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

  test('every workload is a component of the catalog, on the network that it declares', () => {
    for (const { name, namespace, spec } of workloads) {
      const component: Component | undefined = components[name as ComponentName];
      expect(namespace).toBe(profile.namespaces[component.namespace]);
      expect(spec.hostNetwork ?? false).toBe(component.hostNetwork ?? false);
    }
  });

  test.each(Object.values(profile.namespaces))(
    'a pod of %s that no rule is for can neither call nor be called',
    (namespace) => {
      const pod = stranger(namespace);
      expect(policiesFor(policies, pod, 'Ingress')).not.toEqual([]);
      expect(policiesFor(policies, pod, 'Egress')).not.toEqual([]);
      for (const [, other] of pods.filter(([name]) => name !== 'prometheus')) {
        expect(allowed(policies, pod, other, 8000)).toBe(false);
        expect(allowed(policies, other, pod, 8000)).toBe(false);
      }
    },
  );

  const declared = connections.filter(({ from, to }) => ends.has(from) && ends.has(to));

  test.each(declared)('$from may call $to on its port $port, out of the one and into the other', (connection) => {
    expect(allowed(policies, end(connection.from), end(connection.to), portOf(connection.to, connection.port))).toBe(
      true,
    );
  });

  test.each<readonly [ComponentName, ComponentName, number]>([
    ['fluent-bit', 'loki', 3100],
    ['loki', 'loki', 7946],
    ['loki', 'loki', 9095],
    ['backend', 'jaeger', 4317],
    ['worker', 'jaeger', 4318],
    ['ml-controller', 'jaeger', 5778],
    ['ml-controller', 'jaeger', 5779],
    ['jaeger', 'prometheus', 9090],
    ['prometheus', 'jaeger', 8888],
    ['prometheus', 'jaeger', 8889],
    ['prometheus', 'fluent-bit', 2020],
    ['prometheus', 'loki', 3100],
    ['prometheus', 'alertmanager', 9093],
    ['alertmanager', 'alertmanager', 9094],
    ['prometheus', 'grafana', 3000],
    ['grafana', 'prometheus', 9090],
    ['grafana', 'loki', 3100],
    ['grafana', 'jaeger', 16686],
    ['grafana', 'alertmanager', 9093],
  ])('telemetry flows from %s to %s on port %i', (from, to, port) => {
    expect(allowed(policies, end(from), end(to), port)).toBe(true);
  });

  test('no component calls another, or another replica of its own, on any port without a declared connection', () => {
    const ports = new Set([
      22,
      8443,
      ...Object.values(components).flatMap((each) => Object.values<number>(each.ports)),
    ]);
    const expected = declared.map(({ from, to, port }) => `${from} -> ${to}:${portOf(to, port)}`);
    const onNodes = (name: string) => 'address' in end(name);
    const found = names.flatMap((from) =>
      names.flatMap((to) =>
        // What a node does with itself, no NetworkPolicy sees.
        (onNodes(from) && onNodes(to) ? [] : [...ports])
          .filter((port) => allowed(policies, end(from), end(to), port))
          .map((port) => `${from} -> ${to}:${port}`),
      ),
    );
    const beyond = found.filter((call) => !expected.includes(call));
    expect(beyond).toEqual([]);
  });

  test('the replicas of Alertmanager send each other datagrams, and nobody else does', () => {
    const ports = Object.values(components).flatMap((each) => Object.values<number>(each.ports));
    const onlyPods = pods.map(([name]) => name);
    const found = onlyPods.flatMap((from) =>
      onlyPods.flatMap((to) =>
        ports
          .filter((port) => allowed(policies, end(from), end(to), port, 'UDP'))
          .map((port) => `${from} -> ${to}:${port}`),
      ),
    );
    expect(found).toEqual(['alertmanager -> alertmanager:9094']);
  });

  const policiesApart: readonly NetworkPolicy[] = ofKind(rendered(addressesApart(profile)), 'NetworkPolicy');
  const outside: Readonly<Record<External, { readonly address: string; readonly port: number } | undefined>> = {
    'api-server': { address: '10.96.0.1', port: 6443 },
    kubelets: { ...node, port: kubeletPort },
    database: profile.database === 'none' ? undefined : database,
    broker: profile.autoserve.broker === 'none' ? undefined : { address: '10.20.0.6', port: 6379 },
    'object-store': profile.logs.loki.objects === 'volume' ? undefined : bucket,
    receivers: profile.alertmanager.network === 'none' ? undefined : receivers,
    'grafana-database': profile.grafana.store.kind === 'sqlite' ? undefined : grafanaDatabase,
    'trace-store': profile.traces.store.kind === 'opensearch' ? { address: '10.20.0.8', port: 9200 } : undefined,
  };

  test.each(Object.entries(outside) as [External, (typeof outside)[External]][])(
    'the components that declare it call the %s, and no other does',
    (external, target) => {
      if (target === undefined) return;
      const calling = pods.filter(([, pod]) => allowed(policiesApart, pod, target, target.port)).map(([name]) => name);
      expect(calling.sort()).toEqual(externalConnections[external].filter((name) => ends.has(name)).sort());
    },
  );

  test('every pod asks DNS, over UDP and TCP, and nothing else of kube-system', () => {
    for (const [, pod] of pods) {
      expect(allowed(policies, pod, dns, 53, 'UDP')).toBe(true);
      expect(allowed(policies, pod, dns, 53)).toBe(true);
      expect(allowed(policies, pod, dns, 9153)).toBe(false);
      expect(allowed(policies, pod, stranger('kube-system'), 53)).toBe(false);
    }
  });

  test("nothing reaches the internet but Alertmanager its receivers and Loki its provider's object store, and nothing from there reaches a pod", () => {
    const internet: End = { address: '1.1.1.1' };
    const found = pods.flatMap(([name, pod]) =>
      [80, 443, 6443, 5432, 9200].flatMap((port) => [
        ...(allowed(policies, pod, internet, port) ? [`${name} -> internet:${port}`] : []),
        ...(allowed(policies, internet, pod, port) ? [`internet -> ${name}:${port}`] : []),
      ]),
    );
    expect(found).toEqual([
      ...(profile.alertmanager.network === 'none' ? [] : ['alertmanager -> internet:443']),
      ...(profile.logs.loki.objects === 'volume' ? [] : ['loki -> internet:443']),
    ]);
  });

  test('other namespaces call nothing but what they are the clients of: the backend, or Grafana through its Ingress', () => {
    const called = (from: End) =>
      pods
        .filter(([name, pod]) =>
          Object.values(components[name as ComponentName].ports).some((port) => allowed(policies, from, pod, port)),
        )
        .map(([name]) => name);
    const { clientNamespaces } = profile.autoserve;
    const { ingress } = profile.grafana;
    const controller = ingress === 'none' ? 'none' : ingress.controllerNamespace;
    for (const namespace of [...clientNamespaces, controller])
      expect(called(stranger(namespace))).toEqual([
        ...(clientNamespaces.includes(namespace) ? ['backend'] : []),
        ...(namespace !== 'none' && namespace === controller ? ['grafana'] : []),
      ]);
    expect(called(stranger('default'))).toEqual([]);
  });

  test("Prometheus reaches whatever port a pod of AutoServe's namespace names, and no other pod does", () => {
    const annotated = stranger(profile.namespaces.application);
    expect(names.filter((name) => allowed(policies, end(name), annotated, 12_345))).toEqual(['prometheus']);
  });
});

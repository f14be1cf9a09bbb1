import { inCluster, urlOf } from '../../../lib/platform/platform';

const platform = inCluster({ application: 'shop', monitoring: 'watch', agents: 'nodes' });

test('a component is reached in the namespace of its role, on the port of the declared connection', () => {
  expect(urlOf(platform, 'backend', 'worker')).toBe('http://worker.shop.svc:8001');
  expect(urlOf(platform, 'prometheus', 'kube-state-metrics')).toBe('http://kube-state-metrics.watch.svc:8080');
  expect(urlOf(platform, 'worker', 'jaeger', 'otlp-http')).toBe('http://jaeger.watch.svc:4318');
});

test('each replica is reached by a name of its own, in the namespace of its role', () => {
  expect(platform.replicaHostsOf('alertmanager', 2)).toEqual([
    'alertmanager-0.alertmanager-replicas.watch.svc',
    'alertmanager-1.alertmanager-replicas.watch.svc',
  ]);
});

test('a call that no connection declares is refused, since a NetworkPolicy would refuse it too', () => {
  expect(() => urlOf(platform, 'worker', 'prometheus')).toThrow('worker calls prometheus on its port http: declare');
  expect(() => urlOf(platform, 'worker', 'jaeger', 'grpc')).toThrow('worker calls jaeger on its port grpc: declare');
});

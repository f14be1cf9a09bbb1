import type { FaultName } from '../../apps/simulator/faults';
import type { ComponentPod } from './cluster';
import { switchFault } from './fault-switch';
import { stack } from './running-stack';

const switched: { readonly pod: ComponentPod; readonly fault: FaultName }[] = [];

const switchOn = async (pod: ComponentPod, fault: FaultName, body?: object): Promise<void> => {
  await switchFault(pod, 'PUT', fault, body);
  switched.push({ pod, fault });
};

describe('a fault of a service shows', () => {
  afterEach(async () => {
    for (const { pod, fault } of switched.splice(0)) await switchFault(pod, 'DELETE', fault);
  });

  test('errors: the rate of 5xx answers rises', async () => {
    const { prometheus, podOf } = stack();
    const backend = podOf('backend');
    const rate = `sum(rate(http_requests_total{pod="${backend.name}",status=~"5.."}[10s]))`;
    await prometheus.until(rate, (perSecond) => perSecond < 1);
    await switchOn(backend, 'errors', { ratio: 1 });
    await prometheus.until(rate, (perSecond) => perSecond > 5);
  });

  test('silence: the pod is down while it is silent, and no other', async () => {
    const { prometheus, podOf } = stack();
    const backend = podOf('backend');
    await prometheus.until('up{job="backend"}', (value) => value === 1);
    await switchOn(backend, 'silence', { mode: 'close' });
    await prometheus.until(`up{pod="${backend.name}"}`, (value) => value === 0);
    await prometheus.until(`up{job="backend",pod!="${backend.name}"}`, (value) => value === 1);
    await switchFault(backend, 'DELETE', 'silence');
    await prometheus.until('up{job="backend"}', (value) => value === 1);
  });

  test('exhausted-connections: every connection of the pool is in use', async () => {
    const { prometheus, podOf } = stack();
    const backend = podOf('backend');
    const used = `db_connections_active{pod="${backend.name}"} / db_connections_max`;
    await prometheus.until(used, (ratio) => ratio < 1);
    await switchOn(backend, 'exhausted-connections');
    await prometheus.until(used, (ratio) => ratio === 1);
  });

  test('stuck-queue: the queue grows', async () => {
    const { prometheus, podOf } = stack();
    const depth = 'sum(celery_queue_depth)';
    await prometheus.until(depth, (tasks) => tasks < 10);
    await switchOn(podOf('worker'), 'stuck-queue');
    await prometheus.until(depth, (tasks) => tasks > 30);
  });

  test('crash: the pod is down', async () => {
    const { prometheus, podOf, start } = stack();
    const controller = podOf('ml-controller');
    const up = `up{pod="${controller.name}"}`;
    await prometheus.until(up, (value) => value === 1);
    await switchFault(controller, 'PUT', 'crash');
    await prometheus.until(up, (value) => value === 0);
    await start(controller);
    await prometheus.until(up, (value) => value === 1);
  });
});

import { portOf } from '../../lib/catalog/components';
import { grafana } from '../harness/grafana';
import { containerLog } from './container-logs';
import { grafanaAnswer } from './grafana';
import { newTraceId, sendSpans } from './otlp';
import { stack } from './running-stack';

/** What happens so rarely that the metrics which count it have to be helped into being. */
export const rareEvents = {
  // A question to Jaeger's store.
  asksJaeger: async () => {
    const { ok, status } = await fetch(`http://${stack().podOf('jaeger').host}/api/services`);
    if (!ok) throw new Error(`Jaeger answered ${status}`);
  },
  // An attribute that is too long for Badger.
  sendsTooLongAttribute: async () => {
    const spans = [{ traceId: newTraceId(), name: 'long', attributes: { text: 'x'.repeat(70_000) } }];
    const url = `http://${stack().podOf('jaeger').address}:${portOf('jaeger', 'otlp-http')}`;
    await expect(sendSpans(url, { service: 'backend', spans })).rejects.toThrow('exceeded 65000 limit');
  },
  // A question of Grafana to a data source.
  asksGrafana: async () => {
    if (grafana === undefined) return;
    const query = { refId: 'A', datasource: { uid: 'prometheus' }, expr: 'up', instant: true };
    const body = { queries: [query], from: 'now-1m', to: 'now' };
    expect(await grafanaAnswer('/api/ds/query', { method: 'POST', body })).toMatchObject({ status: 200 });
  },
  // A line that is too old for Loki.
  sendsTooOldLine: async () => {
    const { loki, profile } = stack();
    const time = BigInt(Date.now() - 2 * profile.logs.retention.toMilliseconds()) * 1_000_000n;
    const stream = { job: 'fluent-bit', service: 'backend', namespace: 'old', container: 'backend' };
    await expect(loki.push([{ stream, metadata: {}, time, line: 'old' }])).rejects.toThrow('too old');
  },
  // A line that is too long for Fluent Bit, on each node.
  writesTooLongLine: async () => {
    for (const node of stack().cluster.nodes)
      containerLog({ name: 'long', namespace: 'long', node: node.name, containers: [{ name: 'main' }] }).write([
        'x'.repeat(1_100_000),
      ]);
    return Promise.resolve();
  },
} satisfies Readonly<Record<string, () => Promise<void>>>;

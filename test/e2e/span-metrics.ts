import { portOf } from '../../lib/catalog/components';
import { spanMetrics } from '../../lib/catalog/span-metrics';
import { eventually } from '../harness/eventually';
import { newTraceId, sendSpans } from './otlp';
import { stack } from './running-stack';

describe('span metrics', () => {
  const calls = spanMetrics.traces_span_metrics_calls_total.name;

  test('count every span in Prometheus, by service and name', async () => {
    const { prometheus, podOf } = stack();
    const otlp = `http://${podOf('jaeger').address}:${portOf('jaeger', 'otlp-http')}`;
    const name = 'counted';
    for (const service of ['backend', 'worker'])
      for (const failed of [false, true])
        await sendSpans(otlp, {
          service,
          spans: Array.from({ length: failed ? 7 : 100 }, () => ({ traceId: newTraceId(), name, failed })),
        });
    await eventually(calls, async () => {
      const samples = await prometheus.query(`${calls}{span_name="${name}"}`);
      const counts = samples.map(({ labels, value }) => [labels['service_name'], labels['status_code'], value]);
      expect(counts.sort()).toEqual([
        ['backend', 'STATUS_CODE_ERROR', 7],
        ['backend', 'STATUS_CODE_UNSET', 100],
        ['worker', 'STATUS_CODE_ERROR', 7],
        ['worker', 'STATUS_CODE_UNSET', 100],
      ]);
    });
  });

  const selector = '{service_name="backend",span_kind="SPAN_KIND_SERVER"}';
  const rateOf = (series: string): string => `rate(${series}[1m])`;
  const all = `sum by (span_name) (${rateOf(`${calls}${selector}`)})`;
  const failed = `sum by (span_name) (${rateOf(`${calls}${selector.replace('{', '{status_code="STATUS_CODE_ERROR",')}`)})`;
  const buckets = `${spanMetrics.traces_span_metrics_duration_milliseconds.name}_bucket`;

  test.each([
    ['calls', all],
    ['errors', `${failed} / ${all}`],
    ['latencies', `histogram_quantile(0.95, sum by (span_name, le) (${rateOf(`${buckets}${selector}`)}))`],
  ] as const)('are what the Monitor tab shows: %s', (graph, query) =>
    eventually(graph, async () => {
      const { prometheus, jaeger } = stack();
      const at = Date.now() - 2000;
      const shown = await jaeger.monitor(graph, {
        service: 'backend',
        groupByOperation: 'true',
        spanKind: 'server',
        quantile: '0.95',
        endTs: `${at}`,
        lookback: '1000',
        step: '1000',
        ratePer: '60000',
      });
      const stored = await prometheus.query(query, at / 1000);
      const sorted = (values: readonly (readonly [name: string | undefined, value: number | undefined])[]) =>
        values.filter(([, value]) => Number.isFinite(value)).toSorted(([a = ''], [b = '']) => a.localeCompare(b));
      const expected = sorted(stored.map(({ labels, value }) => [labels['span_name'], value]));
      expect(expected.length).toBeGreaterThan(0);
      expect(sorted(shown.map(({ labels, values }) => [labels['operation'], values.at(-1)]))).toEqual(expected);
    }),
  );
});

import { portOf } from '../../lib/catalog/components';
import type { ComponentPod } from './cluster';
import { newTraceId, sendSpans } from './otlp';
import { stack } from './running-stack';

const requests = 20;
const spansInRequest = 50;

/** A trace of many spans, all acknowledged. */
const acknowledgedTrace = async ({ address }: ComponentPod): Promise<string> => {
  const traceId = newTraceId();
  const spans = Array.from({ length: spansInRequest }, (_, index) => ({ traceId, name: `step ${index}` }));
  for (let request = 0; request < requests; request += 1)
    await sendSpans(`http://${address}:${portOf('jaeger', 'otlp-http')}`, { service: 'backend', spans });
  return traceId;
};

const storedSpans = async (traceId: string): Promise<number> => (await stack().jaeger.trace(traceId)).length;

describe('Jaeger on a volume', () => {
  test('has stored a span when it acknowledges it', async () => {
    expect(await storedSpans(await acknowledgedTrace(stack().podOf('jaeger')))).toBe(requests * spansInRequest);
  });

  test.each(['stop', 'kill'] as const)(
    'that is ended at once (%s) and started again has every span that it acknowledged',
    async (end) => {
      const { podOf, prometheus, ...running } = stack();
      const pod = podOf('jaeger');
      const before = await acknowledgedTrace(pod);
      const last = await acknowledgedTrace(pod);
      await running[end](pod);
      await expect(storedSpans(last)).rejects.toThrow('fetch failed');
      await running.start(pod);
      for (const traceId of [before, last]) expect(await storedSpans(traceId)).toBe(requests * spansInRequest);
      await prometheus.until('up', (value) => value === 1);
    },
  );
});

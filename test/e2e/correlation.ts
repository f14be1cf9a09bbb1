import { backend } from '../../lib/catalog/backend';
import { autoServeLines, ofTrace } from '../../lib/signals/logs';
import { eventually } from '../harness/eventually';
import type { Span } from './jaeger-api';
import { shippingTest } from './log-tests';
import type { StoredLine } from './loki-api';
import { stack } from './running-stack';
import { login, traced } from './traced-call';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = ({ line }: StoredLine): Fields => JSON.parse(line) as Fields;

const linesOf = (traceId: string): Promise<readonly StoredLine[]> =>
  stack().loki.lines(ofTrace(autoServeLines, traceId));

/** The span that a line names as the one in which it was written. */
const writerOf = (line: StoredLine, spans: readonly Span[]): Span | undefined =>
  spans.find(({ id }) => id === line.metadata['span_id']);

/** The last of what is found, once there is any: whatever it points to may take a moment longer. */
const lastOf = <T>(description: string, find: () => Promise<readonly T[]>): Promise<T> =>
  eventually(description, async () => {
    const last = (await find()).at(-1);
    if (last === undefined) throw new Error('there is none');
    return last;
  });

describe('one trace id', () => {
  shippingTest('leads from a line to its trace, and there to the span that wrote it', async () => {
    const { loki, jaeger } = stack();
    for (const service of ['backend', 'worker']) {
      const line = await lastOf(`a line of the ${service}`, () =>
        loki.lines(`{service="${service}"} | trace_id!="" | pod=~"${service}-[0-9]"`),
      );
      const { trace_id = '', span_id } = line.metadata;
      expect(fieldsOf(line)).toMatchObject({ trace_id, span_id });
      await eventually('its span', async () => {
        expect(writerOf(line, await jaeger.trace(trace_id))?.service).toBe(service);
      });
    }
  });

  shippingTest('leads from a trace to the lines of every service that it passed through', async () => {
    const { jaeger, podOf } = stack();
    const pod = podOf('backend');
    const headers = await login(pod);
    const { traceId } = await traced(pod, {
      method: 'POST',
      path: '/api/tasks',
      body: { task: 'notification' },
      headers,
    });
    await eventually('lines of the backend and the worker', async () => {
      const [lines, spans] = [await linesOf(traceId), await jaeger.trace(traceId)];
      const services = lines.map(({ stream }) => stream['service']);
      expect([...new Set(services)].sort()).toEqual(['backend', 'worker']);
      expect(lines.map((line) => writerOf(line, spans)?.service)).toEqual(services);
    });
  });

  shippingTest('leads from an exemplar to the trace of a request that it stands for, and to its line', async () => {
    const { prometheus, jaeger } = stack();
    const { seriesLabels, labels, value } = await lastOf('an exemplar', async () => {
      const found = await prometheus.exemplars(
        `${backend.http_request_duration_seconds.name}_bucket{endpoint!="other"}`,
      );
      return found
        .flatMap(({ exemplars, ...series }) => exemplars.map((exemplar) => ({ ...series, ...exemplar })))
        .toSorted((a, b) => a.timestamp - b.timestamp);
    });
    const { method, endpoint } = seriesLabels;
    const traceId = labels['trace_id'] ?? '';
    await eventually('its trace, and its line', async () => {
      const request = (await jaeger.trace(traceId)).find(
        ({ service, attributes }) => service === 'backend' && attributes['http.route'] === endpoint,
      );
      expect(request?.attributes).toMatchObject({ 'http.request.method': method });
      const lines = (await linesOf(traceId)).filter(({ metadata }) => metadata['span_id'] === request?.id);
      expect(lines.map(fieldsOf)).toContainEqual(
        expect.objectContaining({
          trace_id: traceId,
          message: expect.stringContaining(`${method} ${endpoint} answered`) as string,
          duration_ms: Math.round(Number(value) * 1000),
        }),
      );
    });
  });
});

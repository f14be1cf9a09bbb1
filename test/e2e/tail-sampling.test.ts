import { Duration } from 'cdk8s';
import { jaeger as ownMetrics } from '../../lib/catalog/jaeger';
import { spanMetrics } from '../../lib/catalog/span-metrics';
import { production } from '../../lib/profile/production';
import type { Profile } from '../../lib/profile/profile';
import { staging } from '../../lib/profile/staging';
import { onPath } from '../../tools/on-path';
import { eventually } from '../harness/eventually';
import type { Span } from './jaeger-api';
import { newSpanId, newTraceId, sendSpans, type NewSpan } from './otlp';
import { startOwnJaeger, type OwnJaeger } from './own-jaeger';

if (production.traces.tailSampling === 'keep-all') throw new Error('production keeps every trace: nothing to test');
const { tailSampling } = production.traces;
const keepRatio = 0.01;
const numberOf = 2000;

/** Production's Jaeger on a store of its own, that decides sooner and has room for fewer traces. */
const sampling = (decisionWait: Duration): Profile => ({
  ...production,
  traces: {
    ...production.traces,
    store: staging.traces.store,
    tailSampling: { ...tailSampling, keepRatio, decisionWait, maxWaiting: numberOf },
  },
});

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const calls = spanMetrics.traces_span_metrics_calls_total.name;
const decided = ownMetrics.otelcol_processor_tail_sampling_global_count_traces_sampled_total.name;

/** A request to the backend that hands a task to the worker. */
interface Action {
  readonly traceId: string;
  readonly failed?: boolean;
  readonly backendSeconds?: number;
  readonly workerSeconds?: number;
}

/** The spans of two pods of the backend arrive first, as in life: each service sends its own. */
const send = async (jaeger: OwnJaeger, actions: readonly Action[]): Promise<void> => {
  const requests = actions.map(({ traceId, backendSeconds: seconds }): NewSpan & { readonly spanId: string } => ({
    traceId,
    spanId: newSpanId(),
    name: 'POST /api/tasks',
    seconds,
  }));
  const tasks = actions.map(({ traceId, workerSeconds: seconds, failed }, index): NewSpan => ({
    traceId,
    parentId: requests[index]?.spanId,
    name: 'process_task',
    kind: 'consumer',
    seconds,
    failed,
  }));
  for (const pod of [0, 1])
    await sendSpans(jaeger.otlp, {
      service: 'backend',
      resource: { 'service.instance.id': `backend-${pod}`, 'k8s.pod.name': `backend-${pod}` },
      spans: requests.filter((_, index) => index % 2 === pod),
    });
  await sendSpans(jaeger.otlp, { service: 'worker', spans: tasks });
};

const every100th = (offset: number) => (index: number) => index % 100 === offset;
const fails = every100th(0);
const backendIsSlow = every100th(33);
const workerTakesAsLong = every100th(66);

describe('of 2000 traces', () => {
  const actions = Array.from({ length: numberOf }, (_, index): Action => {
    const slow = 0.7;
    return {
      traceId: newTraceId(),
      failed: fails(index),
      ...(backendIsSlow(index) && { backendSeconds: slow }),
      ...(workerTakesAsLong(index) && { workerSeconds: slow }),
    };
  });
  const where = (isRight: (index: number) => boolean): readonly string[] =>
    actions.filter((_, index) => isRight(index)).map(({ traceId }) => traceId);
  let jaeger: OwnJaeger;
  let kept: ReadonlyMap<string, readonly Span[]>;
  const keptOf = (traceIds: readonly string[]): readonly string[] => traceIds.filter((id) => kept.has(id));

  beforeAll(async () => {
    jaeger = await startOwnJaeger(sampling(Duration.seconds(10)));
    await send(jaeger, actions);
    await eventually('all are decided on', async () => {
      expect(total(await jaeger.series('metrics', decided))).toBe(numberOf);
    });
    const found = await jaeger.api.traces(`/api/traces?service=backend&limit=${numberOf}`);
    kept = new Map(found.map((spans) => [spans[0]?.traceId ?? '', spans]));
  }, 120_000);

  test('every one in which something failed is kept', () => {
    expect(keptOf(where(fails))).toEqual(where(fails));
  });

  test('every one that was slow for the service that it was slow in is kept', () => {
    expect(keptOf(where(backendIsSlow))).toEqual(where(backendIsSlow));
  });

  test('a trace is kept whole', () => {
    for (const spans of kept.values())
      expect(spans.map(({ service }) => service).sort()).toEqual(['backend', 'worker']);
  });

  test('about one in a hundred of the rest is kept', () => {
    const rest = where((index) => !fails(index) && !backendIsSlow(index));
    expect(keptOf(rest).length).toBeGreaterThan(0);
    expect(keptOf(rest).length).toBeLessThan(100);
  });

  test('what takes the worker no longer than it promises is kept no more often', () => {
    expect(keptOf(where(workerTakesAsLong)).length).toBeLessThan(5);
  });

  test('span metrics count every span, those of two pods in one series', async () => {
    await eventually(calls, async () => {
      expect(await jaeger.series('span-metrics', calls, 'service_name="backend"')).toEqual([numberOf]);
      const failed = where(fails).length;
      const ofWorker = await jaeger.series('span-metrics', calls, 'service_name="worker"');
      expect(new Set(ofWorker)).toEqual(new Set([failed, numberOf - failed]));
    });
  });

  test('a span that comes after its trace made room for others shares its fate', async () => {
    await send(
      jaeger,
      actions.map(() => ({ traceId: newTraceId() })),
    );
    const isKept = (id: string): boolean => kept.has(id);
    const all = where(() => true);
    const [keptId = '', droppedId = ''] = [all.find(isKept), all.find((id) => !isKept(id))];
    const late = (traceId: string): NewSpan => ({ traceId, name: 'POST /internal/task-results' });
    await sendSpans(jaeger.otlp, { service: 'backend', spans: [late(droppedId), late(keptId)] });
    await eventually('the late span is kept', async () => {
      expect((await jaeger.api.trace(keptId)).map(({ name }) => name)).toContain('POST /internal/task-results');
    });
    expect(await jaeger.api.trace(droppedId)).toEqual([]);
  });
});

/** Older ones drop what waits when they stop. */
const decidesBeforeItStops = onPath({ name: 'jaeger', versionArgs: ['version'], release: { major: 2, minor: 20 } });

(decidesBeforeItStops === undefined ? test.skip : test)(
  'Jaeger 2.20 that is stopped by SIGTERM decides on what waits, and keeps what failed',
  async () => {
    const jaeger = await startOwnJaeger(sampling(Duration.hours(1)));
    const actions = Array.from({ length: 100 }, (_, index): Action => ({ traceId: newTraceId(), failed: index < 10 }));
    await send(jaeger, actions);
    expect(total(await jaeger.series('metrics', decided))).toBe(0);
    await jaeger.restart();
    for (const { traceId } of actions.filter(({ failed }) => failed))
      expect((await jaeger.api.trace(traceId)).map(({ service }) => service).sort()).toEqual(['backend', 'worker']);
  },
);

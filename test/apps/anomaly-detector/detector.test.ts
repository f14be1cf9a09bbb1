import { startAnomalyDetector } from '../../../apps/anomaly-detector/server';
import { readSettings } from '../../../apps/anomaly-detector/settings';
import { anomalyDetector } from '../../../lib/catalog/anomaly-detector';
import { anomalySignals } from '../../../lib/catalog/anomaly-signals';
import { services } from '../../../lib/catalog/components';
import { atEnd } from '../../harness/at-end';
import { eventually } from '../../harness/eventually';
import { fakePrometheus, type ValueOf } from './fake-prometheus';
import { day, noon, seasonal, watch } from './watch';

const perSignal = [
  'anomaly_score',
  'anomaly_detected',
  'anomaly_observed_value',
  'anomaly_expected_lower',
  'anomaly_expected_upper',
];
const all = Object.keys(anomalySignals).flatMap((signal) => services.map((service) => `${service} ${signal}`));

/** Seasonal, but for one series. */
const except =
  (metric: string, service: string, valueOf: ValueOf): ValueOf =>
  (m, s, seconds) =>
    (m === metric && s === service ? valueOf : seasonal)(m, s, seconds);
const rate = anomalySignals.request_rate.name;

test('every signal of every service has a verdict and a band after the first evaluation', async () => {
  const { evaluate, values } = await watch();
  await evaluate();
  for (const name of perSignal) expect(Object.keys(await values(name)).sort()).toEqual([...all].sort());
  const [lower, observed, upper] = await Promise.all([
    values('anomaly_expected_lower'),
    values('anomaly_observed_value'),
    values('anomaly_expected_upper'),
  ]);
  for (const series of all) {
    expect(lower[series]).toBeLessThan(observed[series] ?? NaN);
    expect(upper[series]).toBeGreaterThan(observed[series] ?? NaN);
  }
  expect(await values('anomaly_last_evaluation_timestamp')).toEqual({ '': noon });
});

test('before the first judgement it tells when it began, so that one that never has an answer is noticed', async () => {
  const { values, pass } = await watch();
  pass(600);
  expect(await values('anomaly_last_evaluation_timestamp')).toEqual({ '': noon });
});

test('it exposes exactly the metrics of the catalog', async () => {
  const { evaluate, samples } = await watch();
  await evaluate();
  const names = new Set((await samples()).map(({ name }) => name));
  expect([...names].sort()).toEqual(Object.keys(anomalyDetector).sort());
});

test('a value that is usual at another hour is detected, and those beside it are not', async () => {
  const { evaluate, values } = await watch(
    except(rate, 'worker', (m, s, seconds) => seasonal(m, s, seconds === noon ? noon - day / 4 : seconds)),
  );
  await evaluate();
  const detected = await values('anomaly_detected');
  expect(Object.keys(detected).filter((series) => detected[series] === 1)).toEqual(['worker request_rate']);
  expect((await values('anomaly_score'))['worker request_rate']).toBeGreaterThanOrEqual(0.5);
});

test('a signal with less history than the warm-up is not judged, and tells how far it is', async () => {
  const young: ValueOf = (m, s, seconds) => (seconds > noon - 10 * day ? seasonal(m, s, seconds) : undefined);
  const { evaluate, values, pass } = await watch(except(rate, 'worker', young));
  await evaluate();
  for (const name of perSignal) expect(await values(name)).not.toHaveProperty(['worker request_rate']);
  expect((await values('anomaly_history_seconds'))['worker request_rate']).toBe(10 * day);
  expect((await values('anomaly_history_seconds'))['backend request_rate']).toBe(21 * day);
  pass(5 * day);
  await evaluate();
  for (const name of perSignal) expect(await values(name)).toHaveProperty(['worker request_rate']);
});

test('gaps do not count as history', async () => {
  const gaps: ValueOf = (m, s, seconds) => (seconds % day < day / 2 ? seasonal(m, s, seconds) : undefined);
  const { evaluate, values } = await watch(except(rate, 'worker', gaps));
  await evaluate();
  expect((await values('anomaly_history_seconds'))['worker request_rate']).toBe(10.5 * day);
  expect(await values('anomaly_score')).not.toHaveProperty(['worker request_rate']);
});

test.each<[string, ValueOf]>([
  ['is absent', () => undefined],
  ['is no number', () => NaN],
  ['is infinite', () => Infinity],
  ['never varies', () => 3],
])('a series that %s is not judged, and the others are', async (_, valueOf) => {
  const { evaluate, values } = await watch(except(rate, 'worker', valueOf));
  await evaluate();
  expect(Object.keys(await values('anomaly_detected')).sort()).toEqual(
    all.filter((series) => series !== 'worker request_rate').sort(),
  );
});

test.each([NaN, Infinity, -Infinity])('a latest value of %d keeps the last verdict until it is stale', async (odd) => {
  const { evaluate, values, pass } = await watch(
    except(rate, 'worker', (m, s, seconds) => (seconds > noon ? odd : seasonal(m, s, seconds))),
  );
  await evaluate();
  pass(60);
  await evaluate();
  expect(await values('anomaly_detected')).toHaveProperty(['worker request_rate'], 0);
  pass(121);
  await evaluate();
  expect(await values('anomaly_detected')).not.toHaveProperty(['worker request_rate']);
  expect(await values('anomaly_detected')).toHaveProperty(['backend request_rate'], 0);
});

test.each(['refuses', 'no JSON'] as const)(
  'while Prometheus %s, failures are counted and told, and after three evaluations no verdict is left',
  async (trouble) => {
    const { evaluate, values, pass, prometheus, lines } = await watch();
    await evaluate();
    prometheus.know(trouble);
    for (const seconds of [60, 60, 60]) {
      pass(seconds);
      await evaluate();
      expect(Object.keys(await values('anomaly_detected'))).toHaveLength(all.length);
    }
    pass(1);
    for (const name of perSignal) expect(await values(name)).toEqual({});
    expect(await values('anomaly_query_failures_total')).toEqual({ history: 0, latest: 12 });
    expect(await values('anomaly_last_evaluation_timestamp')).toEqual({ '': noon });
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatchObject({ level: 'WARN', module: 'prometheus' });

    prometheus.know(seasonal);
    await evaluate();
    expect(Object.keys(await values('anomaly_detected'))).toHaveLength(all.length);
  },
);

test('a history that could not be read is asked for again at the next evaluation', async () => {
  const { evaluate, values, pass, prometheus } = await watch();
  prometheus.know('refuses');
  await evaluate();
  expect(await values('anomaly_query_failures_total')).toEqual({ history: 4, latest: 4 });
  prometheus.know(seasonal);
  pass(60);
  await evaluate();
  expect(Object.keys(await values('anomaly_detected'))).toHaveLength(all.length);
});

test('the history is read in pieces that Prometheus answers, without a hole or a point twice', async () => {
  const { evaluate, prometheus, values } = await watch(seasonal, { HISTORY: '30d', STEP: '5m' });
  await evaluate();
  const pieces = prometheus.asked
    .filter(({ path, parameters }) => path.endsWith('query_range') && parameters.get('query')?.startsWith(rate))
    .map(({ parameters }) => [Number(parameters.get('start')), Number(parameters.get('end'))] as const);
  expect(pieces.length).toBeGreaterThan(1);
  for (const [index, [start, end]] of pieces.entries()) {
    expect((end - start) / 300).toBeLessThan(11_000);
    if (index > 0) expect(start).toBe((pieces[index - 1]?.[1] ?? NaN) + 300);
  }
  expect((await values('anomaly_history_seconds'))['worker request_rate']).toBe(30 * day);
});

test('it learns again when it is time, and not before; what it remembers does not grow', async () => {
  const { evaluate, pass, prometheus, values, samples } = await watch(seasonal, { RETRAIN_INTERVAL: '1h' });
  const histories = () => prometheus.asked.filter(({ path }) => path.endsWith('query_range')).length;
  await evaluate();
  const [first, series] = [histories(), (await samples()).length];
  pass(3599);
  await evaluate();
  expect(histories()).toBe(first);
  for (let hours = 0; hours < 2; hours += 1) {
    pass(3600);
    await evaluate();
  }
  expect(histories()).toBe(3 * first);
  expect((await values('anomaly_history_seconds'))['worker request_rate']).toBe(21 * day);
  expect((await samples()).length).toBe(series);
});

test('it asks for the services of the catalog and for no other series', async () => {
  const { evaluate, prometheus } = await watch();
  await evaluate();
  expect(new Set(prometheus.asked.map(({ parameters }) => parameters.get('query')))).toEqual(
    new Set(Object.values(anomalySignals).map(({ name }) => `${name}{service=~"backend|worker|ml-controller"}`)),
  );
});

test('the program serves metrics and health from the start, and finds Prometheus when it comes', async () => {
  const lines: string[] = [];
  const now = (): number => noon;
  const prometheus = await fakePrometheus(seasonal, now);
  prometheus.know('refuses');
  const settings = readSettings({
    PROMETHEUS_URL: `${prometheus.url}/`,
    LISTEN_ADDRESS: '127.0.0.1',
    PORT: '0',
    EVALUATION_INTERVAL: '1s',
  });
  const detector = await startAnomalyDetector(settings, { write: (line) => lines.push(line), now });
  atEnd(detector.stop);
  const get = async (path: string) => {
    const answer = await fetch(detector.url + path, { headers: { connection: 'close' } });
    return { status: answer.status, text: await answer.text() };
  };
  for (const path of ['/healthz', '/readyz', '/metrics']) expect((await get(path)).status).toBe(200);
  expect((await get('/')).status).toBe(404);
  await eventually('a failure is counted', async () => {
    expect((await get('/metrics')).text).toMatch(/anomaly_query_failures_total\{query="latest"\} [1-9]/);
  });
  expect((await get('/metrics')).text).not.toContain('anomaly_score{');
  prometheus.know(seasonal);
  await eventually('a verdict is exposed', async () => {
    expect((await get('/metrics')).text).toContain('anomaly_detected{service="backend",signal="request_rate"} 0');
  });
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ service: 'anomaly-detector' });
});

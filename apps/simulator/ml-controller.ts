import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { mlController } from '../../lib/catalog/ml-controller';
import { Accuracy } from './accuracy';
import { correlated } from '../runtime/correlation';
import { Forecast } from './forecast';
import { createInstruments } from '../runtime/instruments';
import { Peer } from './peer';
import { scaledServices, type ScaledService } from './scaled-service';
import { Scaler } from './scaler';
import type { PlayedService, Surroundings } from './service';
import { inSpan, recordFailure } from '../runtime/spans';
import { every, sleep, stopwatch } from '../runtime/timing';

interface Load {
  readonly load: number;
  /** Of a service that follows the controller's decisions. */
  readonly replicas?: number;
}

const isLoad = (value: unknown): value is Load =>
  typeof value === 'object' && value !== null && 'load' in value && typeof value.load === 'number';

/** A load is the mean of this many readings: how many tasks run at one moment says little. */
const readingsInLoad = 3;
const inferenceSeconds = 0.015;
const secondsPerHour = 3600;

/** Plays the controller: reads the load of backend and worker, predicts the next, and scales the two. */
export const playMlController = ({
  settings,
  faults,
  log,
  tracer,
  random,
  exposition,
}: Surroundings): PlayedService => {
  const metrics = createInstruments(mlController, {}, exposition);
  const accuracy = new Accuracy();
  const stopped = new AbortController();
  const urls: Readonly<Record<string, string>> = { backend: settings.backendUrl, worker: settings.workerUrl };
  const scaled = scaledServices.map((facts) => ({
    facts,
    client: new Peer(urls[facts.service] ?? '', tracer),
    scaler: new Scaler(facts, settings.podStartSeconds),
    forecast: new Forecast(),
    readings: [] as readonly number[],
    predicted: undefined as number | undefined,
    adopted: false,
    counted: stopwatch(),
  }));
  type Scaled = (typeof scaled)[number];

  const train = (): Promise<void> =>
    inSpan(tracer, { name: 'train_model' }, () => {
      for (const { forecast } of scaled) forecast.train();
      metrics.model_last_training_timestamp.set(Date.now() / 1000);
    });

  const readLoad = async ({ client }: Scaled): Promise<Load> => {
    const { status, body } = await client.call({ method: 'GET', path: '/load' });
    if (status !== 200 || !isLoad(body)) throw new Error(`/load answered ${status} and ${JSON.stringify(body)}`);
    return body;
  };

  /** @throws Error while the model is unavailable. */
  const infer = ({ forecast }: Scaled): Promise<number> =>
    inSpan(tracer, { name: 'infer' }, async () => {
      const elapsed = stopwatch();
      await sleep(random.logNormal(inferenceSeconds, 0.4) + (faults.value('latency') ?? 0), stopped.signal);
      const available = !random.chance(faults.value('errors') ?? 0);
      metrics.model_available.set(available ? 1 : 0);
      if (!available) throw new Error('the model is unavailable');
      const predicted = forecast.predict();
      metrics.model_inference_duration_seconds.observe(elapsed());
      return predicted;
    });

  /** Tells the service, when it follows decisions and does not have what it should. */
  const apply = async ({ client, scaler }: Scaled, { replicas }: Load): Promise<void> => {
    if (replicas === undefined || replicas === scaler.running) return;
    const { status } = await client.call({
      method: 'PUT',
      path: '/scale',
      body: { replicas: scaler.running },
    });
    if (status !== 200) throw new Error(`/scale answered ${status}`);
  };

  const countSavings = ({ facts, scaler, counted }: Scaled): void => {
    const spared = facts.maxReplicas - scaler.running;
    const dollars = (spared * facts.dollarsPerReplicaHour * counted()) / secondsPerHour;
    metrics.scaling_cost_savings_dollars_total.inc({ service: facts.service }, Math.max(0, dollars));
  };

  const decide = async (each: Scaled): Promise<void> => {
    const { facts, scaler, forecast } = each;
    const { service } = facts;
    const elapsed = stopwatch();
    const now = Date.now() / 1000;
    scaler.settle(now);
    countSavings(each);
    each.counted = stopwatch();

    const load = await readLoad(each);
    if (!each.adopted && load.replicas !== undefined) scaler.adopt(load.replicas);
    each.adopted = true;
    each.readings = [...each.readings, load.load].slice(-readingsInLoad);
    const came = each.readings.reduce((sum, reading) => sum + reading, 0) / each.readings.length;
    if (each.predicted !== undefined) accuracy.record(each.predicted, came, facts.tolerance);
    each.predicted = undefined;
    forecast.observe(came);

    each.predicted = await infer(each).catch((error: unknown) => {
      if (!stopped.signal.aborted) log('ERROR', 'model', `inference failed: ${String(error)}`);
      return undefined;
    });
    // What waits now must be worked off, even where the model expects less.
    const action = each.predicted === undefined ? 'no_change' : scaler.decide(Math.max(each.predicted, load.load), now);
    metrics.scaling_decisions_total.inc({ action, service });
    metrics.scaling_decision_duration_seconds.observe({ service }, elapsed());
    log(action === 'no_change' ? 'DEBUG' : 'INFO', 'scaling', `scaling decision for ${service}: ${action}`, {
      action,
      duration_ms: Math.round(elapsed() * 1000),
      metadata: {
        service,
        load: load.load,
        predicted: each.predicted,
        running: scaler.running,
        pending: scaler.pending,
      },
    });
    await apply(each, load);
  };

  /** A trace and a correlation id for each decision. */
  const tryToDecide = (each: Scaled): Promise<void> =>
    context.with(correlated(ROOT_CONTEXT), () =>
      inSpan(tracer, { name: 'scaling_decision' }, () =>
        decide(each).catch((error: unknown) => {
          if (stopped.signal.aborted) return;
          each.predicted = undefined;
          recordFailure(error);
          log('WARN', 'scaling', `no scaling decision for ${each.facts.service}: ${String(error)}`);
        }),
      ),
    );

  const round = async (): Promise<void> => {
    await Promise.all(scaled.map(tryToDecide));
  };

  const showPods = ({ service, cpuCores, memoryBytes }: ScaledService, { running, pending }: Scaler): void => {
    metrics.kubernetes_pods_running.set({ service }, running);
    metrics.kubernetes_pods_pending.set({ service }, pending);
    metrics.kubernetes_resource_requests.set({ service, resource: 'cpu' }, (running + pending) * cpuCores);
    metrics.kubernetes_resource_requests.set({ service, resource: 'memory' }, (running + pending) * memoryBytes);
  };

  metrics.model_available.set(1);

  return {
    routes: [],
    collect: () => {
      metrics.scaling_prediction_accuracy.set(accuracy.ratio);
      for (const { facts, scaler } of scaled) showPods(facts, scaler);
    },
    start: () => {
      void every(settings.decisionIntervalSeconds, stopped.signal, round);
      void every(settings.trainingIntervalSeconds, stopped.signal, train);
    },
    stop: () => {
      stopped.abort();
      for (const { client } of scaled) client.close();
      return Promise.resolve();
    },
  };
};

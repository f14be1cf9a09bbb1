import { anomalyDetector } from '../../lib/catalog/anomaly-detector';
import type { AnomalySignal } from '../../lib/catalog/anomaly-signals';
import { services, type Service } from '../../lib/catalog/components';
import { createInstruments, type Exposition } from '../runtime/instruments';
import type { Log } from '../runtime/log';
import { randomFrom } from '../runtime/random';
import { Findings } from './findings';
import { historyOf } from './history';
import { learners } from './methods';
import type { Model } from './model';
import { QueryError, type PrometheusApi, type Series } from './prometheus-api';
import type { Settings } from './settings';
import { keyOf, queryOf, signals, signalsOfServices } from './signals';

/** Fewer values tell nothing, however far apart they are. */
const fewestPoints = 48;
/** A verdict outlives this many evaluations without a new one. */
const freshEvaluations = 3;

export interface Surroundings {
  readonly settings: Settings;
  readonly prometheus: Pick<PrometheusApi, 'range' | 'latest'>;
  readonly exposition: Exposition;
  readonly log: Log;
  /** Seconds since the epoch. */
  readonly now: () => number;
}

const seriesOf = (all: readonly Series[], service: Service): Series | undefined =>
  all.find(({ labels }) => labels['service'] === service);

/** Learns each series anew from time to time, and judges its latest value. */
export class Detector {
  private readonly metrics;
  private readonly findings: Findings;
  private readonly models = new Map<string, Model>();
  private readonly learntAt = new Map<AnomalySignal, number>();

  constructor(private readonly surroundings: Surroundings) {
    const { exposition, settings } = surroundings;
    const none = Object.fromEntries(
      Object.entries(anomalyDetector).flatMap(([name, { type }]) => (type === 'gauge' ? [[name, []]] : [])),
    );
    this.metrics = createInstruments(anomalyDetector, none, exposition);
    // One that has never had an answer is told from one that has just begun by how long ago that was.
    this.metrics.anomaly_last_evaluation_timestamp.set(surroundings.now());
    this.findings = new Findings(freshEvaluations * settings.evaluationIntervalSeconds);
  }

  /** Makes the metrics say what holds now; called before each scrape. */
  readonly collect = (): void => {
    this.findings.expose(this.metrics, this.surroundings.now());
  };

  /** Judges every signal once. What fails is counted and tried again the next time. */
  readonly evaluate = async (): Promise<void> => {
    const { settings, now } = this.surroundings;
    const answers: boolean[] = [];
    for (const signal of signals) {
      const age = now() - (this.learntAt.get(signal) ?? -Infinity);
      if (age >= settings.retrainIntervalSeconds) await this.counted('history', () => this.learn(signal));
      answers.push(await this.counted('latest', () => this.judge(signal)));
    }
    if (answers.includes(true)) this.metrics.anomaly_last_evaluation_timestamp.set(now());
  };

  private async learn(signal: AnomalySignal): Promise<void> {
    const { prometheus, settings, now } = this.surroundings;
    const { historySeconds, stepSeconds: step, warmUpSeconds, method, seed } = settings;
    const end = Math.floor(now() / step) * step;
    const all = await prometheus.range(queryOf(signal), { start: end - historySeconds + step, end, step });
    for (const service of services) {
      const of = { service, signal };
      const history = historyOf(seriesOf(all, service)?.samples ?? []);
      const learntSeconds = history.values.length * step;
      this.metrics.anomaly_history_seconds.set(of, learntSeconds);
      const enough = history.values.length >= fewestPoints && learntSeconds >= warmUpSeconds;
      const model = enough ? learners[method](history, randomFrom(seed)) : undefined;
      if (model) this.models.set(keyOf(of), model);
      else {
        this.models.delete(keyOf(of));
        this.findings.forget(of);
      }
    }
    this.learntAt.set(signal, now());
  }

  private async judge(signal: AnomalySignal): Promise<void> {
    const { prometheus, now } = this.surroundings;
    const all = await prometheus.latest(queryOf(signal));
    for (const of of signalsOfServices.filter((each) => each.signal === signal)) {
      const [seconds, value] = seriesOf(all, of.service)?.samples.at(-1) ?? [NaN, NaN];
      const model = this.models.get(keyOf(of));
      if (model && Number.isFinite(value))
        this.findings.set(of, { verdict: model(value, seconds), value, seconds: now() });
    }
  }

  private async counted(query: 'history' | 'latest', ask: () => Promise<void>): Promise<boolean> {
    try {
      await ask();
      return true;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      this.metrics.anomaly_query_failures_total.inc({ query });
      this.surroundings.log('WARN', 'prometheus', error.message);
      return false;
    }
  }
}

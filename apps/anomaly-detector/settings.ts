import {
  anomalyMethods,
  defaultAnomalyMethod,
  mostHistoryPoints,
  type AnomalyMethod,
} from '../../lib/catalog/anomaly-methods';
import { components } from '../../lib/catalog/components';
import { logLevels, type LogLevel } from '../../lib/catalog/logs';
import { EnvironmentReader, SettingsError, type Environment } from '../runtime/environment';

export interface Settings {
  readonly prometheusUrl: string;
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly method: AnomalyMethod;
  /** The same history and seed give the same forest. */
  readonly seed: number;
  /** How far back a model looks. */
  readonly historySeconds: number;
  /** Between two values of the history. */
  readonly stepSeconds: number;
  /** A signal with less history than this is not judged. */
  readonly warmUpSeconds: number;
  readonly evaluationIntervalSeconds: number;
  readonly retrainIntervalSeconds: number;
}

const levels = Object.keys(logLevels) as LogLevel[];

/** @throws SettingsError that names every setting that is wrong, its value and what would be right. */
export const readSettings = (environment: Environment): Settings => {
  const read = new EnvironmentReader(environment);
  const settings: Settings = {
    prometheusUrl: read.url('PROMETHEUS_URL', `http://prometheus:${components.prometheus.ports.http}`),
    address: read.text('LISTEN_ADDRESS', '0.0.0.0'),
    port: read.integer('PORT', components['anomaly-detector'].ports.http, 0, 65_535),
    logLevel: read.oneOf('LOG_LEVEL', levels, 'INFO') ?? 'INFO',
    method: read.oneOf('METHOD', anomalyMethods, defaultAnomalyMethod) ?? defaultAnomalyMethod,
    seed: read.integer('SEED', 1, 0, 2 ** 32 - 1),
    historySeconds: read.duration('HISTORY', '28d', '1m', '365d'),
    stepSeconds: read.duration('STEP', '15m', '1s', '1h'),
    warmUpSeconds: read.duration('WARM_UP', '14d', '1s', '365d'),
    evaluationIntervalSeconds: read.duration('EVALUATION_INTERVAL', '1m', '1s', '15m'),
    retrainIntervalSeconds: read.duration('RETRAIN_INTERVAL', '1h', '1s', '7d'),
  };
  const { historySeconds, stepSeconds, warmUpSeconds } = settings;
  if (historySeconds / stepSeconds > mostHistoryPoints)
    read.refuse('STEP', `HISTORY has more than ${mostHistoryPoints} steps of it: lengthen it, or shorten HISTORY`);
  if (warmUpSeconds >= historySeconds) read.refuse('WARM_UP', 'set it shorter than HISTORY: no model learns from more');
  if (read.problems.length > 0) throw new SettingsError(read.problems);
  return settings;
};

import { components, services, type Service } from '../../lib/catalog/components';
import { logLevels, type LogLevel } from '../../lib/catalog/logs';
import { EnvironmentReader, SettingsError, type Environment } from '../runtime/environment';
import { readTracingSettings, type TracingSettings } from './tracing-settings';

export interface Settings {
  readonly service: Service;
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly backendUrl: string;
  readonly workerUrl: string;
  readonly seed: number;
  readonly logLevel: LogLevel;
  /** Mean over a whole wave; 0 for no load of its own. */
  readonly requestsPerSecond: number;
  /** Length of one simulated day. */
  readonly waveSeconds: number;
  /** How far the load swings about its mean, as a share of it. */
  readonly waveAmplitude: number;
  readonly databaseConnectionsMax: number;
  /** How long a request waits for a database connection. */
  readonly databaseWaitSeconds: number;
  /** Tasks that one worker replica runs at a time. */
  readonly workerConcurrency: number;
  /** Multiplies the duration of every task. */
  readonly taskDurationFactor: number;
  readonly decisionIntervalSeconds: number;
  /** How long a new replica is pending. */
  readonly podStartSeconds: number;
  readonly trainingIntervalSeconds: number;
  readonly tracing: TracingSettings;
}

const levels = Object.keys(logLevels) as LogLevel[];
const urlOf = (service: Service): string => `http://${service}:${components[service].ports.http}`;

/** @throws SettingsError that names every setting that is wrong, its value and what would be right. */
export const readSettings = (environment: Environment): Settings => {
  const read = new EnvironmentReader(environment);
  const service = read.oneOf('SERVICE_NAME', services);
  const settings: Omit<Settings, 'service'> = {
    address: read.text('LISTEN_ADDRESS', '0.0.0.0'),
    port: read.integer('PORT', service === undefined ? 0 : components[service].ports.http, 0, 65_535),
    backendUrl: read.url('BACKEND_URL', urlOf('backend')),
    workerUrl: read.url('WORKER_URL', urlOf('worker')),
    seed: read.integer('PSEUDO_RANDOM_SEED', 1, 0, 2 ** 32 - 1),
    logLevel: read.oneOf('LOG_LEVEL', levels, 'INFO') ?? 'INFO',
    requestsPerSecond: read.number('LOAD_REQUESTS_PER_SECOND', 4, 0, 200),
    waveSeconds: read.number('LOAD_WAVE_SECONDS', 600, 1, 86_400),
    waveAmplitude: read.number('LOAD_WAVE_AMPLITUDE', 0.6, 0, 1),
    databaseConnectionsMax: read.integer('DATABASE_CONNECTIONS_MAX', 10, 1, 1000),
    databaseWaitSeconds: read.number('DATABASE_WAIT_SECONDS', 2, 0.01, 60),
    workerConcurrency: read.integer('WORKER_CONCURRENCY', 2, 1, 100),
    taskDurationFactor: read.number('TASK_DURATION_FACTOR', 1, 0.001, 100),
    decisionIntervalSeconds: read.number('DECISION_INTERVAL_SECONDS', 5, 0.01, 3600),
    podStartSeconds: read.number('POD_START_SECONDS', 8, 0, 3600),
    trainingIntervalSeconds: read.number('TRAINING_INTERVAL_SECONDS', 300, 0.1, 86_400),
    tracing: readTracingSettings(read),
  };
  if (service === undefined || read.problems.length > 0) throw new SettingsError(read.problems);
  return { service, ...settings };
};

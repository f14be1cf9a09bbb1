import { components, services, type Service } from '../../lib/catalog/components';
import { logLevels, type LogLevel } from '../../lib/catalog/logs';

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
}

export interface SettingProblem {
  readonly name: string;
  readonly value: string | undefined;
  readonly fix: string;
}

/** Everything that is wrong with the environment, at once. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    const lines = problems.map(
      ({ name, value, fix }) => `${name} is ${value === undefined ? 'not set' : `"${value}"`}: ${fix}`,
    );
    super(lines.join('\n'));
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

class Reader {
  readonly problems: SettingProblem[] = [];

  constructor(private readonly environment: Environment) {}

  text(name: string, byDefault: string): string {
    return this.given(name) ?? byDefault;
  }

  oneOf<V extends string>(name: string, allowed: readonly V[], byDefault?: V): V | undefined {
    const value = this.given(name) ?? byDefault;
    const found = allowed.find((each) => each === value);
    if (found === undefined) this.refuse(name, `set it to one of ${allowed.join(', ')}`);
    return found;
  }

  number(name: string, byDefault: number, lowest: number, highest: number): number {
    const value = this.given(name);
    if (value === undefined) return byDefault;
    const number = Number(value);
    if (number >= lowest && number <= highest) return number;
    this.refuse(name, `set it to a number from ${lowest} to ${highest}, or leave it out`);
    return byDefault;
  }

  integer(name: string, byDefault: number, lowest: number, highest: number): number {
    const value = this.given(name);
    if (value === undefined || /^-?\d+$/.test(value)) return this.number(name, byDefault, lowest, highest);
    this.refuse(name, `set it to a whole number from ${lowest} to ${highest}, or leave it out`);
    return byDefault;
  }

  url(name: string, byDefault: string): string {
    const value = this.given(name) ?? byDefault;
    if (URL.canParse(value) && new URL(value).protocol === 'http:') return value;
    this.refuse(name, `set it to a URL such as ${byDefault}`);
    return byDefault;
  }

  private given(name: string): string | undefined {
    const value = this.environment[name];
    return value === '' ? undefined : value;
  }

  private refuse(name: string, fix: string): void {
    this.problems.push({ name, value: this.environment[name], fix });
  }
}

const levels = Object.keys(logLevels) as LogLevel[];
const urlOf = (service: Service): string => `http://${service}:${components[service].ports.http}`;

/** @throws SettingsError that names every setting that is wrong, its value and what would be right. */
export const readSettings = (environment: Environment): Settings => {
  const read = new Reader(environment);
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
  };
  if (service === undefined || read.problems.length > 0) throw new SettingsError(read.problems);
  return { service, ...settings };
};

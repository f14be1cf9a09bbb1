import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Service } from '../../../lib/catalog/components';
import { readSettings } from '../../../apps/simulator/settings';
import { startSimulator, type Outside } from '../../../apps/simulator/simulator';
import { parseExposition, type Sample } from '../runtime/parse-exposition';

export const openMetrics = 'application/openmetrics-text; version=1.0.0';

export interface Playing {
  readonly url: string;
  /** Every log line so far, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly exits: readonly number[];
  /** Every recorded span that has ended. */
  readonly spans: () => readonly ReadableSpan[];
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  readonly samples: (accept?: string) => Promise<readonly Sample[]>;
  /** The sum of the samples of a series that bear these labels. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
  readonly stop: () => Promise<void>;
}

interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const started: Playing[] = [];

/** Stops all that `play` started. */
export const stopAll = async (): Promise<void> => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
};

/** Settings that make a simulator quick and quiet: no load of its own, on a free port, with peers that are away. */
const quick = {
  LISTEN_ADDRESS: '127.0.0.1',
  PORT: '0',
  BACKEND_URL: 'http://127.0.0.1:1',
  WORKER_URL: 'http://127.0.0.1:1',
  LOAD_REQUESTS_PER_SECOND: '0',
  LOAD_WAVE_AMPLITUDE: '0',
  TASK_DURATION_FACTOR: '0.01',
  DATABASE_WAIT_SECONDS: '0.05',
  DECISION_INTERVAL_SECONDS: '0.05',
  POD_START_SECONDS: '0.05',
  LOG_LEVEL: 'DEBUG',
};

export const play = async (
  service: Service,
  environment: Readonly<Record<string, string>> = {},
  outside: Partial<Outside> = {},
): Promise<Playing> => {
  const lines: Record<string, unknown>[] = [];
  const exits: number[] = [];
  const exporter = new InMemorySpanExporter();
  const { url, stop } = await startSimulator(readSettings({ ...quick, ...environment, SERVICE_NAME: service }), {
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    exit: (code) => exits.push(code),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...outside,
  });
  const call: Playing['call'] = async (method, path, { body, headers = {} } = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { connection: 'close', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return {
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? '',
      text: await answer.text(),
    };
  };
  const samples: Playing['samples'] = async (accept = 'text/plain') => {
    const { text } = await call('GET', '/metrics', { headers: { accept } });
    return parseExposition(text).flatMap((family) => family.samples);
  };
  const playing: Playing = {
    url,
    lines,
    exits,
    spans: () => exporter.getFinishedSpans(),
    call,
    samples,
    value: async (name, labels = {}) =>
      (await samples())
        .filter((sample) => sample.name === name)
        .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
        .reduce((sum, sample) => sum + sample.value, 0),
    stop,
  };
  started.push(playing);
  return playing;
};

/** Addresses for services that must know each other before they start. */
export const freePort = async (): Promise<string> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
};

/** All three services, with each other's addresses. */
export const playAll = async (
  environment: Readonly<Record<string, string>>,
): Promise<Readonly<Record<'backend' | 'worker' | 'mlController', Playing>>> => {
  const [backendPort, workerPort] = [await freePort(), await freePort()];
  const peers = { BACKEND_URL: `http://127.0.0.1:${backendPort}`, WORKER_URL: `http://127.0.0.1:${workerPort}` };
  const all = { ...peers, ...environment };
  return {
    worker: await play('worker', { ...all, PORT: workerPort }),
    backend: await play('backend', { ...all, PORT: backendPort }),
    mlController: await play('ml-controller', all),
  };
};

/** Asks until the answer is true; the time limit is the test's. */
export const eventually = async (question: () => Promise<boolean> | boolean): Promise<void> => {
  for (;;) {
    if (await question()) return;
    await wait(20);
  }
};

/** Logs in, and returns the header that proves it. */
export const login = async ({ call }: Playing): Promise<{ readonly authorization: string }> => {
  const { text } = await call('POST', '/api/auth/login', { body: { user: 'user1', password: 'right' } });
  return { authorization: `Bearer ${(JSON.parse(text) as { token: string }).token}` };
};

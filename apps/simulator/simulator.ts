import { setTimeout as wait } from 'node:timers/promises';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { playBackend } from './backend';
import { createExposition, expose } from '../runtime/exposition';
import { faultRoutes } from './fault-routes';
import { Faults } from './faults';
import { json, listen } from '../runtime/http-server';
import { createLog } from '../runtime/log';
import { playMlController } from './ml-controller';
import { randomFrom } from '../runtime/random';
import { router, type Handler, type Route } from '../runtime/router';
import { traced } from './server-span';
import type { PlayedService, Surroundings } from './service';
import type { Settings } from './settings';
import { createTracerProvider } from './tracing';
import { playWorker } from './worker';

/** What the program touches outside itself. */
export interface Outside {
  readonly write: (line: string) => void;
  readonly exit: (code: number) => void;
  /** Where spans go when they end. */
  readonly spanProcessors: readonly SpanProcessor[];
}

export interface Simulator {
  readonly url: string;
  /** Takes no new work, finishes what is under way within a few seconds. */
  readonly stop: () => Promise<void>;
}

const players: Readonly<Record<Settings['service'], (surroundings: Surroundings) => PlayedService>> = {
  backend: playBackend,
  worker: playWorker,
  'ml-controller': playMlController,
};

/** Address space that is set aside for the fault `memory`; no memory until then. */
const mostHeldBytes = 4 * 1024 ** 3;
const crashDelayMilliseconds = 200;
const stopGraceSeconds = 2;
const flushGraceMilliseconds = 2000;

const notServed: Handler = ({ method, path }) => json(404, { error: `${method} ${path} is not served` });

/** Plays one service. */
export const startSimulator = async (
  settings: Settings,
  { write, exit, spanProcessors }: Outside,
): Promise<Simulator> => {
  const log = createLog({ service: settings.service, level: settings.logLevel, write });
  const tracerProvider = createTracerProvider(settings, spanProcessors);
  const tracer = tracerProvider.getTracer('simulator');
  const faults = new Faults();
  const exposition = createExposition();
  const random = randomFrom(settings.seed);
  const service = players[settings.service]({ settings, faults, log, tracer, random, exposition });
  let stopping = false;

  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '/metrics',
      handle: ({ headers }) => {
        const silence = faults.value('silence');
        if (silence !== undefined) return silence;
        service.collect();
        return expose(exposition, headers.accept ?? '');
      },
    },
    { method: 'GET', path: '/healthz', handle: () => json(200, { status: 'alive' }) },
    {
      method: 'GET',
      path: '/readyz',
      handle: () => (stopping ? json(503, { status: 'stopping' }) : json(200, { status: 'ready' })),
    },
    ...faultRoutes(settings.service, faults, log),
    ...service.routes.map((route) => ({ ...route, handle: traced(tracer, log, route.handle, route.path) })),
  ];
  const server = await listen({
    address: settings.address,
    port: settings.port,
    handle: router(routes, traced(tracer, log, service.otherwise ?? notServed)),
    log,
  });

  const held = new ArrayBuffer(0, { maxByteLength: mostHeldBytes });
  faults.onChange(() => {
    // Resized, since what is let go of stays until somebody collects it; written to, since the kernel finds it only then.
    held.resize((faults.value('memory') ?? 0) * 1024 ** 2);
    new Uint8Array(held).fill(1);
  });
  faults.onChange(() => {
    if (!faults.isOn('crash')) return;
    log('FATAL', 'main', 'crash fault: exiting');
    // Late enough for the answer to leave.
    void wait(crashDelayMilliseconds).then(() => {
      exit(1);
    });
  });
  log('INFO', 'main', `${settings.service} listens on ${server.url}`);
  service.start(server.url);

  return {
    url: server.url,
    stop: async () => {
      stopping = true;
      log('INFO', 'main', 'stopping');
      await service.stop();
      await server.close(stopGraceSeconds);
      // Spans that nobody takes are lost: it is no reason to stay.
      const flushed = tracerProvider.shutdown().catch(() => undefined);
      await Promise.race([flushed, wait(flushGraceMilliseconds, undefined, { ref: false })]);
      log('INFO', 'main', 'stopped');
    },
  };
};

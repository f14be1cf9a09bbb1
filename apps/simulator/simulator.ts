import { setTimeout as wait } from 'node:timers/promises';
import { playBackend } from './backend';
import { createExposition, expose } from './exposition';
import { faultRoutes } from './fault-routes';
import { Faults } from './faults';
import { json, listen } from './http-server';
import { createLog } from './log';
import { playMlController } from './ml-controller';
import { randomFrom } from './random';
import { router, type Route } from './router';
import type { PlayedService, Surroundings } from './service';
import type { Settings } from './settings';
import { playWorker } from './worker';

/** What the program touches outside itself. */
export interface Outside {
  readonly write: (line: string) => void;
  readonly exit: (code: number) => void;
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

const crashDelayMilliseconds = 200;
const stopGraceSeconds = 2;

/** Plays one service. */
export const startSimulator = async (settings: Settings, { write, exit }: Outside): Promise<Simulator> => {
  const log = createLog({ service: settings.service, level: settings.logLevel, write });
  const faults = new Faults();
  const exposition = createExposition();
  const random = randomFrom(settings.seed);
  const service = players[settings.service]({ settings, faults, log, random, exposition });
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
    ...service.routes,
  ];
  const server = await listen({
    address: settings.address,
    port: settings.port,
    handle: router(
      routes,
      service.otherwise ?? (({ method, path }) => json(404, { error: `${method} ${path} is not served` })),
    ),
    onError: (error, context) => {
      log('ERROR', 'http', `unexpected: ${String(error)}`, context);
    },
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
      log('INFO', 'main', 'stopped');
    },
  };
};

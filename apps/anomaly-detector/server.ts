import { createExposition, expose } from '../runtime/exposition';
import { json, listen } from '../runtime/http-server';
import { createLog } from '../runtime/log';
import { router } from '../runtime/router';
import { every } from '../runtime/timing';
import { Detector } from './detector';
import { PrometheusApi } from './prometheus-api';
import type { Settings } from './settings';

/** What the program touches outside itself. */
export interface Outside {
  readonly write: (line: string) => void;
  /** Seconds since the epoch. */
  readonly now: () => number;
}

interface AnomalyDetector {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves what it finds, and keeps judging; a Prometheus that does not answer yet is asked again. */
export const startAnomalyDetector = async (settings: Settings, { write, now }: Outside): Promise<AnomalyDetector> => {
  const log = createLog({ service: 'anomaly-detector', level: settings.logLevel, write });
  const exposition = createExposition();
  const prometheus = new PrometheusApi(settings.prometheusUrl);
  const detector = new Detector({ settings, prometheus, exposition, log, now });
  const server = await listen({
    address: settings.address,
    port: settings.port,
    handle: router(
      [
        {
          method: 'GET',
          path: '/metrics',
          handle: ({ headers }) => {
            detector.collect();
            return expose(exposition, headers.accept ?? '');
          },
        },
        { method: 'GET', path: '/healthz', handle: () => json(200, { status: 'alive' }) },
        // Without Prometheus it has nothing to show, but no other replica would have more.
        { method: 'GET', path: '/readyz', handle: () => json(200, { status: 'ready' }) },
      ],
      ({ method, path }) => json(404, { error: `${method} ${path} is not served` }),
    ),
    log,
  });
  log('INFO', 'main', `anomaly-detector listens on ${server.url}, method ${settings.method}`);

  const stopped = new AbortController();
  const judging = every(settings.evaluationIntervalSeconds, stopped.signal, async () => {
    await detector.evaluate().catch((error: unknown) => {
      log('ERROR', 'detector', `unexpected: ${String(error)}`);
    });
  });
  return {
    url: server.url,
    stop: async () => {
      stopped.abort();
      await server.close(0);
      await judging;
    },
  };
};

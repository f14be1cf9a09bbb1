import { backend } from '../../lib/catalog/backend';
import { Api, type ApiHandler } from './api';
import { apiRoutes, isCountedMethod, nameOf, otherEndpoint, reachable, type Endpoint } from './api-routes';
import { ConnectionPool } from './connection-pool';
import { connectDatabase } from './database';
import { answerFrom, HttpError, json } from '../runtime/http-server';
import { createInstruments } from '../runtime/instruments';
import { valueOf } from '../runtime/label-values';
import { generateLoad } from './load';
import { Peer } from './peer';
import { RecentRate } from './recent-rate';
import type { Handler } from '../runtime/router';
import type { PlayedService, Surroundings } from './service';
import { Sessions } from './sessions';
import { activeSpan } from '../runtime/spans';
import { sleep, stopwatch } from '../runtime/timing';

const bounds = backend.http_requests_total.labels;

/** Requests that fail while nothing is wrong: well within an availability of 99.9 %. */
const everydayErrors = 0.0001;
const rateWindowSeconds = 10;

/** Plays the HTTP service: an API over a database, that hands tasks to the worker. */
export const playBackend = ({ settings, faults, log, tracer, random, exposition }: Surroundings): PlayedService => {
  const metrics = createInstruments(
    backend,
    {
      http_requests_total: reachable.flatMap(({ method, endpoint, answers }) =>
        answers.map((status) => ({ method, endpoint, status })),
      ),
      http_request_duration_seconds: reachable.map(({ method, endpoint }) => ({ method, endpoint })),
    },
    exposition,
  );
  const pool = new ConnectionPool({
    max: settings.databaseConnectionsMax,
    waitSeconds: settings.databaseWaitSeconds,
    exhausted: () => faults.isOn('exhausted-connections'),
  });
  faults.onChange(() => {
    pool.serveWaiting();
  });
  const sessions = new Sessions();
  const query = connectDatabase({
    tracer,
    random,
    connected: (work) => pool.use(work),
    onAnswer: (operation, seconds) => {
      metrics.db_query_duration_seconds.observe({ operation }, seconds);
    },
  });
  const worker = new Peer(settings.workerUrl, tracer);
  const api = new Api({ metrics, query, sessions, worker, log });
  const inFlight = new Map<string, number>();
  const arrivals = new RecentRate(rateWindowSeconds);
  const stopped = new AbortController();

  const enter = (endpoint: Endpoint, change: 1 | -1): void => {
    const now = (inFlight.get(endpoint) ?? 0) + change;
    inFlight.set(endpoint, now);
    metrics.http_requests_in_flight.set({ endpoint }, now);
  };

  const disturbed =
    (handle: ApiHandler): ApiHandler =>
    async (request) => {
      const latency = faults.value('latency');
      if (latency !== undefined) await sleep(latency);
      if (random.chance(faults.value('errors') ?? everydayErrors)) throw new HttpError(500, 'the request failed');
      return handle(request);
    };

  /** Counts, times and logs what the handler does. */
  const observed =
    (endpoint: Endpoint, handle: ApiHandler): Handler =>
    async (request, parameters) => {
      const elapsed = stopwatch();
      const method = valueOf(bounds.method, request.method);
      const user = sessions.userOf(request);
      arrivals.mark();
      enter(endpoint, 1);
      const answer = await answerFrom(log, () => disturbed(handle)({ request, parameters, user }));
      enter(endpoint, -1);
      const seconds = elapsed();
      const status = valueOf(bounds.status, String(answer.status));
      metrics.http_requests_total.inc({ method, endpoint, status });
      metrics.http_request_duration_seconds.observe({ method, endpoint }, seconds);
      const span = activeSpan();
      const level = answer.status >= 500 ? 'ERROR' : 'INFO';
      const reason = answer.status >= 500 ? `: ${(answer.text ?? '').trim()}` : '';
      log(level, endpoint.split('/')[2] ?? 'http', `${method} ${endpoint} answered ${status}${reason}`, {
        ...(user !== undefined && { user_id: user }),
        ...(span && { request_id: span.spanId }),
        duration_ms: Math.round(seconds * 1000),
      });
      return answer;
    };

  const notFound: ApiHandler = () => Promise.reject(new HttpError(404, 'not found'));
  const other = observed(otherEndpoint, notFound);

  return {
    routes: [
      ...apiRoutes.map((route) => ({
        method: route.method,
        path: route.endpoint,
        handle: observed(route.endpoint, api.handlers[nameOf(route)]),
      })),
      { method: 'POST', path: '/internal/task-results', handle: api.taskEnded },
      { method: 'GET', path: '/load', handle: () => json(200, { load: arrivals.perSecond }) },
    ],
    // The catalog has no value for any other method, so those go uncounted.
    otherwise: (request, parameters) =>
      isCountedMethod(request.method) ? other(request, parameters) : json(404, { error: 'not found' }),
    collect: () => {
      metrics.db_connections_active.set(pool.active);
      metrics.db_connections_idle.set(pool.idle);
      metrics.db_connections_max.set(pool.max);
      metrics.active_users.set(sessions.activeUsers);
      metrics.active_sessions.set(sessions.size);
    },
    start: (url) => {
      void generateLoad({ url, settings, log, random, signal: stopped.signal });
    },
    stop: () => {
      stopped.abort();
      return Promise.resolve();
    },
  };
};

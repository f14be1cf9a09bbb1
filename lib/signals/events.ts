import { backend } from '../catalog/backend';
import { worker } from '../catalog/worker';
import { sumBy } from '../query/promql/aggregate';
import type { Vector, Window } from '../query/promql/expression';
import { anyOf, re } from '../query/promql/matcher';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';

// What counts as an event of a service and what as a failure of it, per second: the same for every rule and panel.

/** A request that the server failed. */
export const failed = { status: re('5..') } as const;

/** A task that is retried has not ended yet, and one that was revoked was never wanted. */
export const ended = { state: anyOf('SUCCESS', 'FAILURE') } as const;

export const requests = (window: Window): Vector<never> => sumBy(rate(select(backend.http_requests_total), window));

export const requestFailures = (window: Window): Vector<never> =>
  sumBy(rate(select(backend.http_requests_total, failed), window));

export const taskEnds = (window: Window): Vector<never> =>
  sumBy(rate(select(worker.celery_tasks_total, ended), window));

export const taskFailures = (window: Window): Vector<never> =>
  sumBy(rate(select(worker.celery_tasks_total, { state: 'FAILURE' }), window));

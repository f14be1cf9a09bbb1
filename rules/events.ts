import { backend } from '../lib/catalog/backend';
import { worker } from '../lib/catalog/worker';
import { sumBy } from '../lib/query/promql/aggregate';
import type { Vector, Window } from '../lib/query/promql/expression';
import { anyOf, re } from '../lib/query/promql/matcher';
import { or, ratio, times } from '../lib/query/promql/operators';
import { rate } from '../lib/query/promql/range';
import { select } from '../lib/query/promql/select';

// What counts as an event of a service and what as a failure of it, per second: the same for every rule.

export const requests = (window: Window): Vector<never> => sumBy(rate(select(backend.http_requests_total), window));

export const requestFailures = (window: Window): Vector<never> =>
  sumBy(rate(select(backend.http_requests_total, { status: re('5..') }), window));

/** A task that is retried has not ended yet, and one that was revoked was never wanted. */
export const taskEnds = (window: Window): Vector<never> =>
  sumBy(rate(select(worker.celery_tasks_total, { state: anyOf('SUCCESS', 'FAILURE') }), window));

export const taskFailures = (window: Window): Vector<never> =>
  sumBy(rate(select(worker.celery_tasks_total, { state: 'FAILURE' }), window));

/** The failures, or 0 while the first is still to come: a counter has no series for what never happened. */
export const orNone = (failures: Vector<never>, events: Vector<never>): Vector<never> => or(failures, times(events, 0));

export const failureRatio = (failures: Vector<never>, events: Vector<never>): Vector<never> =>
  ratio(orNone(failures, events), events);

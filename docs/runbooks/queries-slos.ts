import type { Duration } from 'cdk8s';
import { backend } from '../../lib/catalog/backend';
import { objectives } from '../../lib/catalog/objectives';
import { recorded } from '../../lib/catalog/recorded';
import { worker } from '../../lib/catalog/worker';
import { sumBy } from '../../lib/query/promql/aggregate';
import type { Vector } from '../../lib/query/promql/expression';
import { re } from '../../lib/query/promql/matcher';
import { above, minus, ratio } from '../../lib/query/promql/operators';
import { increase, rate } from '../../lib/query/promql/range';
import { countOf, countWithin, select } from '../../lib/query/promql/select';
import { burnRates, sliErrorOver } from '../../lib/catalog/burn-rates';
import type { sloAlerts } from '../../rules/alerts/slos';
import type { RunbookQueries, RunbookQuery } from './query';

const burnRate = (window: Duration): Vector<'service' | 'slo'> =>
  above(ratio(select(sliErrorOver(window)), select(recorded['slo:error_budget:ratio'])), 1);

const budgetLeft: RunbookQuery = {
  shows: 'Share of the budget of 30 days that is left; below 0 the objective is missed',
  promql: select(recorded['slo:error_budget:remaining_ratio']),
};

const { long: hour, short: fiveMinutes } = burnRates.fast[0];
const { long: day, short: twoHours } = burnRates.slow[0];

/** How the events of a window are counted: per second, or all of them. */
type Counted = typeof rate | typeof increase;

const serverErrors = (counted: Counted, window: Duration) =>
  sumBy(counted(select(backend.http_requests_total, { status: re('5..') }), window), 'endpoint', 'status');

const slowRequests = (counted: Counted, window: Duration) => {
  const duration = select(backend.http_request_duration_seconds);
  const { withinSeconds } = objectives['backend-latency'];
  return minus(
    sumBy(counted(countOf(duration), window), 'endpoint'),
    sumBy(counted(countWithin(duration, withinSeconds), window), 'endpoint'),
  );
};

const failedTasks = (counted: Counted, window: Duration) =>
  sumBy(counted(select(worker.celery_tasks_total, { state: 'FAILURE' }), window), 'task');

/** For the alerts of `rules/alerts/slos.ts`. */
export const sloQueries: RunbookQueries<keyof typeof sloAlerts> = {
  ErrorBudgetBurnsFast: [
    { shows: 'Times too fast, over the last hour', promql: burnRate(hour) },
    { shows: 'Times too fast, over the last 5 minutes: does it go on?', promql: burnRate(fiveMinutes) },
    budgetLeft,
    {
      shows: 'For `backend-availability`: errors per second, by endpoint and status',
      promql: serverErrors(rate, fiveMinutes),
    },
    {
      shows: 'For `backend-latency`: requests per second that take too long, by endpoint',
      promql: slowRequests(rate, fiveMinutes),
    },
    {
      shows: 'For `worker-availability`: tasks per second that fail, by kind',
      promql: failedTasks(rate, fiveMinutes),
    },
    {
      shows: 'For `worker-processing-time`: tasks per second that take too long, by kind',
      promql: minus(
        sumBy(rate(countOf(select(worker.celery_task_duration_seconds)), fiveMinutes), 'task'),
        sumBy(
          rate(
            countWithin(
              select(worker.celery_task_duration_seconds),
              objectives['worker-processing-time'].withinSeconds,
            ),
            fiveMinutes,
          ),
          'task',
        ),
      ),
    },
  ],
  ErrorBudgetBurnsSlowly: [
    { shows: 'Times too fast, over the last day', promql: burnRate(day) },
    { shows: 'Times too fast, over the last 2 hours: does it go on?', promql: burnRate(twoHours) },
    budgetLeft,
    {
      shows: 'Bad events per second; as a graph over three days, when they come',
      promql: select(recorded['slo:sli_errors:rate2m']),
    },
    {
      shows: 'For `backend-availability`: errors of the last day, by endpoint and status',
      promql: serverErrors(increase, day),
    },
    {
      shows: 'For `backend-latency`: requests of the last day that took too long, by endpoint',
      promql: slowRequests(increase, day),
    },
    {
      shows: 'For `worker-availability`: tasks of the last day that failed, by kind',
      promql: failedTasks(increase, day),
    },
  ],
};

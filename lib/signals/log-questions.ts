import { sumBy } from '../query/logql/aggregate';
import { pipe, type Lines } from '../query/logql/lines';
import type { LogQuery } from '../query/logql/log-query';
import { constant, or } from '../query/logql/operators';
import { countOverTime } from '../query/logql/range';
import { noErrors } from '../query/logql/stages';
import { logQueries } from './logs';
import { legend, plotLogs, showLines, type Signal } from './signal';

// The guide's questions for troubleshooting: how many lines answer each, and which.

interface Question {
  readonly howMany: Signal;
  readonly which: Signal;
}

const question = (
  { title, help, expression }: LogQuery<Lines<'parsed'>>,
  advice: string,
  emptyWhileWell: string,
): Question => ({
  howMany: {
    title: `${title} (count)`,
    description: `${help} The number of these lines in the time shown. ${advice}`,
    unit: 'lines',
    queries: [plotLogs(or(sumBy(countOverTime(pipe(expression, noErrors), '$__range')), constant(0)), legend`lines`)],
  },
  which: { title, description: `${help} ${advice}`, unit: 'lines', queries: [showLines(expression)], emptyWhileWell },
});

export const backendErrors = question(
  logQueries.errors,
  'A few are normal. Many of one kind are one fault: open a line and follow its trace.',
  'The backend has logged no error.',
);

export const authenticationFailures = question(
  logQueries.authenticationFailures,
  'Single ones are mistyped passwords. Many from one address are somebody who guesses passwords.',
  'Nobody failed to log in.',
);

export const slowRequests = question(
  logQueries.slowRequests,
  'Each is a user who waited: its trace shows where the time went.',
  'No request took so long.',
);

export const failedTasks = question(
  logQueries.failedTasks,
  'Each is work that is lost unless it is submitted again.',
  'No task has failed.',
);

export const scalingDecisions = question(
  logQueries.scalingDecisions,
  'They follow the load. Up and down in turns within minutes is flapping.',
  'Nothing was scaled.',
);

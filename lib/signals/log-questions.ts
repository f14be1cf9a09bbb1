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
    title,
    description: `${help} How many there are in the time shown. ${advice}`,
    unit: 'lines',
    queries: [plotLogs(or(sumBy(countOverTime(pipe(expression, noErrors), '$__range')), constant(0)), legend`lines`)],
  },
  which: { title, description: `${help} ${advice}`, unit: 'lines', queries: [showLines(expression)], emptyWhileWell },
});

export const backendErrors = question(
  logQueries.errors,
  'Few are usual; many of one kind are one fault: open a line and follow its trace.',
  'The backend has told of no error.',
);

export const authenticationFailures = question(
  logQueries.authenticationFailures,
  'Mistyped passwords come one by one; many from one address are somebody who guesses.',
  'Nobody failed to log in.',
);

export const slowRequests = question(
  logQueries.slowRequests,
  'Each is a user who waited: its trace shows on what.',
  'No request took so long.',
);

export const failedTasks = question(
  logQueries.failedTasks,
  'Each is work that is lost unless somebody submits it again.',
  'No task has failed.',
);

export const scalingDecisions = question(
  logQueries.scalingDecisions,
  'They follow the load; up and down in turns within minutes is flapping.',
  'Nothing was scaled.',
);

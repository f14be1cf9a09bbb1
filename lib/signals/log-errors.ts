import { objectives } from '../catalog/objectives';
import { sumBy } from '../query/logql/aggregate';
import { where } from '../query/logql/filter';
import { pipe } from '../query/logql/lines';
import { or, ratio, times } from '../query/logql/operators';
import { countOverTime, rate } from '../query/logql/range';
import { json, noErrors } from '../query/logql/stages';
import { not } from '../query/promql/matcher';
import { chosenLines } from './log-volume';
import { errorLines, errorsAmong, requestDuration as durationInLines } from './logs';
import { legend, plotLogs, showLines, type Signal } from './signal';

// What goes wrong, as the lines of the chosen services and components tell.

const errors = errorsAmong(chosenLines);
const linesOf = (window: '$__auto' | '$__range', lines = chosenLines) => sumBy(countOverTime(lines, window), 'service');
/** Or 0 for a service that has lines and no errors. */
export const errorsOf = (window: '$__auto' | '$__range', lines = chosenLines) =>
  or(errorLines(window, lines), times(linesOf(window, lines), 0));

/** Per second, or 0 for a service that has lines and no errors. */
export const errorRate = (lines = chosenLines) =>
  or(sumBy(rate(errorsAmong(lines), '$__auto'), 'service'), times(sumBy(rate(lines, '$__auto'), 'service'), 0));

export const errorShare: Signal = {
  title: 'Share of errors',
  description:
    'Share of the lines of each service that tell of an error. Near 0 is good; a step means that something it needs is gone, or that a new version cannot do what the old one could.',
  unit: 'ratio',
  queries: [plotLogs(ratio(errorsOf('$__auto'), linesOf('$__auto')), legend`${'service'}`)],
};

export const errorsByService: Signal = {
  title: 'Errors by service',
  description:
    'Lines of the time shown that tell of an error. The one with the most is rarely the cause: look for who began, and at the traces of the lines below.',
  unit: 'lines',
  queries: [plotLogs(errorsOf('$__range'), legend`${'service'}`)],
};

export const errorsByModule: Signal = {
  title: 'Errors by module',
  description:
    'Which part of each service told of errors in the time shown, where its lines say so. A single part points at one dependency or one change; all of them at the process or its node.',
  unit: 'lines',
  queries: [
    plotLogs(
      sumBy(countOverTime(pipe(errors, json, noErrors), '$__range'), 'service', 'module'),
      legend`${'service'}: ${'module'}`,
    ),
  ],
  emptyWhileWell: 'No part of a service has told of an error.',
};

export const errorsWithTrace: Signal = {
  title: 'Errors with their traces',
  description:
    'Lines that tell of an error while something was done for somebody. Open one and follow its trace: it shows what was called before, and where it failed first.',
  unit: 'lines',
  queries: [showLines(pipe(errors, where('trace_id', not(''))))],
  emptyWhileWell: 'No request and no task has told of an error.',
};

export const errorsWithoutTrace: Signal = {
  title: 'Errors without a trace',
  description:
    'Lines that tell of an error beside any request: of the components of the platform, and of services that start, stop or crash. None is good; some at a restart are usual.',
  unit: 'lines',
  queries: [showLines(pipe(errors, where('trace_id', '')))],
  emptyWhileWell: 'Nothing has told of an error of its own.',
};

const promised = objectives['backend-latency'].withinSeconds * 1000;

export const slowModules: Signal = {
  title: 'Time of requests by module',
  description: `Time within which 95 % of the backend's requests were answered, by the part of it that answered; no metric knows the part. Above the dashed line, the ${promised} ms of the objective, that part is where to look.`,
  unit: 'milliseconds',
  queries: [plotLogs(durationInLines(0.95, '$__auto'), legend`${'module'}`)],
  limits: { bad: 'above', orange: promised },
};

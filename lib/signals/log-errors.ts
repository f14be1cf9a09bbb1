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
    'Share of the lines of each service that are errors. Near 0 is good. A step means that a dependency is gone, or that a new version has a fault.',
  unit: 'ratio',
  queries: [plotLogs(ratio(errorsOf('$__auto'), linesOf('$__auto')), legend`${'service'}`)],
};

export const errorsByService: Signal = {
  title: 'Errors by service',
  description:
    'Error lines of each service in the time shown. The service with the most is rarely the cause: find the one that began first, and follow the traces of its errors.',
  unit: 'lines',
  queries: [plotLogs(errorsOf('$__range'), legend`${'service'}`)],
};

export const errorsByModule: Signal = {
  title: 'Errors by module',
  description:
    'Error lines in the time shown by module of each service, where the lines name one. A single module points at one dependency or one change. All modules together point at the process or its node.',
  unit: 'lines',
  queries: [
    plotLogs(
      sumBy(countOverTime(pipe(errors, json, noErrors), '$__range'), 'service', 'module'),
      legend`${'service'}: ${'module'}`,
    ),
  ],
  emptyWhileWell: 'No module has logged an error.',
};

export const errorsWithTrace: Signal = {
  title: 'Errors with their traces',
  description:
    'Error lines that belong to a request or a task. Open one and follow its trace: it shows what was called before, and where it failed first.',
  unit: 'lines',
  queries: [showLines(pipe(errors, where('trace_id', not(''))))],
  emptyWhileWell: 'No request and no task has logged an error.',
};

export const errorsWithoutTrace: Signal = {
  title: 'Errors without a trace',
  description:
    'Error lines outside any request: of the components of the platform, and of services that start, stop or crash. None is good. Some at a restart are normal.',
  unit: 'lines',
  queries: [showLines(pipe(errors, where('trace_id', '')))],
  emptyWhileWell: 'No error was logged outside a request.',
};

const promised = objectives['backend-latency'].withinSeconds * 1000;

export const slowModules: Signal = {
  title: 'Time of requests by module',
  description: `Time within which 95 % of the backend’s requests were answered, by module, as its lines tell; no metric knows the module. One above the dashed line, the ${promised} ms of the objective, is where to look.`,
  unit: 'milliseconds',
  queries: [plotLogs(durationInLines(0.95, '$__auto'), legend`${'module'}`)],
  limits: { bad: 'above', orange: promised },
};

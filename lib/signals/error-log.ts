import { select } from '../query/logql/select';
import { chosen } from '../query/promql/matcher';
import { errorRate } from './log-errors';
import { errorsAmong } from './logs';
import { legend, plotLogs, showLines, type Signal } from './signal';

// What went wrong, in the services' own words.

const serviceLines = select({ job: 'fluent-bit', service: chosen('service'), namespace: chosen('environment') });

export const errorLinesByService: Signal = {
  title: 'Error lines',
  description:
    'Error lines per second of each chosen service. Near 0 is good. When they rise together with the error rate, the lines in the error log are most likely about the same fault.',
  unit: 'lines/s',
  queries: [plotLogs(errorRate(serviceLines), legend`${'service'}`)],
};

export const errorLog: Signal = {
  title: 'Error log',
  description:
    'What the chosen services wrote at error level, the newest first. Open a line for its fields, and follow its trace to the span that failed first.',
  unit: 'lines',
  queries: [showLines(errorsAmong(serviceLines))],
  emptyWhileWell: 'No chosen service has logged an error.',
};

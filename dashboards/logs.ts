import { bars, lines, row, stat, timeSeries, type Dashboard } from '../lib/config/dashboards/panel';
import {
  errorsByModule,
  errorsByService,
  errorShare,
  errorsWithoutTrace,
  errorsWithTrace,
  slowModules,
} from '../lib/signals/log-errors';
import {
  authenticationFailures,
  backendErrors,
  failedTasks,
  scalingDecisions,
  slowRequests,
} from '../lib/signals/log-questions';
import {
  bytesByService,
  cutLines,
  latestLines,
  linesByLevel,
  linesByService,
  mostBytes,
  mostLines,
} from '../lib/signals/log-volume';
import { loggingNamespace, loggingService } from './variables';

export const logs: Dashboard = {
  uid: 'logs',
  description:
    'What the chosen services and components of the platform wrote, what went wrong by their account, and the common questions to the logs.',
  variables: [loggingNamespace, loggingService],
  range: '1h',
  rows: [
    row('Lines', [
      timeSeries(linesByLevel, { width: 12, stacked: true }),
      timeSeries(linesByService, { width: 12, stacked: true, to: ['observability-stack'] }),
      lines(latestLines, { to: ['traces'] }),
    ]),
    row('Errors', [
      timeSeries(errorShare, { to: ['application-overview', 'traces'] }),
      bars(errorsByService, { to: ['application-overview', 'traces'] }),
      bars(errorsByModule, { to: ['traces'] }),
      lines(errorsWithTrace, { to: ['traces'] }),
      lines(errorsWithoutTrace, { to: ['kubernetes-infrastructure', 'observability-stack'] }),
    ]),
    row('Common questions', [
      stat(backendErrors.howMany, { height: 8 }),
      lines(backendErrors.which, { width: 20, height: 8, to: ['application-overview', 'traces'] }),
      stat(authenticationFailures.howMany, { height: 8 }),
      lines(authenticationFailures.which, { width: 20, height: 8, to: ['application-overview'] }),
      stat(slowRequests.howMany, { height: 8 }),
      lines(slowRequests.which, { width: 20, height: 8, to: ['traces', 'database-performance'] }),
      stat(failedTasks.howMany, { height: 8 }),
      lines(failedTasks.which, { width: 20, height: 8, to: ['application-overview', 'traces'] }),
      stat(scalingDecisions.howMany, { height: 8 }),
      lines(scalingDecisions.which, { width: 20, height: 8, to: ['ml-scaling'] }),
    ]),
    row('Slow requests', [timeSeries(slowModules, { width: 24, to: ['traces', 'application-overview'] })]),
    row('Shipping', [
      timeSeries(bytesByService, { width: 6, stacked: true, to: ['observability-stack'] }),
      bars(mostBytes, { width: 6 }),
      bars(mostLines, { width: 6 }),
      timeSeries(cutLines, { width: 6, to: ['observability-stack'] }),
    ]),
  ],
};

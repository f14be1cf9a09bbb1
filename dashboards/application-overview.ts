import {
  bars,
  heatmap,
  lines,
  row,
  stat,
  states,
  table,
  timeSeries,
  type Dashboard,
} from '../lib/config/dashboards/panel';
import { poolUse } from '../lib/signals/connection-pool';
import { queryDuration, queryRate } from '../lib/signals/database-queries';
import { errorLinesByService, errorLog } from '../lib/signals/error-log';
import { alertsFiring, alertsOverTime, firingAlerts } from '../lib/signals/firing-alerts';
import { depthByQueue, queueDelay, queueDepth } from '../lib/signals/queues';
import {
  durationByEndpoint,
  durationSpread,
  failuresByEndpoint,
  requestDuration,
  requestsByEndpoint,
  requestsByStatus,
  requestsInFlight,
} from '../lib/signals/requests';
import {
  failureRatio,
  podsUp,
  requestRate,
  timeOfPromise,
  timeTaken,
  unusualSignals,
} from '../lib/signals/service-health';
import {
  memoryOfLimitByPod,
  serviceCpu,
  serviceMemory,
  serviceReplicas,
  serviceRestarts,
  useOfRequests,
} from '../lib/signals/service-resources';
import { budgetLeft } from '../lib/signals/slos';
import {
  failuresByTask,
  processingRate,
  rateByTask,
  recordsProcessed,
  taskDuration,
  tasksOfUsers,
  workersActive,
} from '../lib/signals/tasks';
import { activeSessions, activeUsers, registrations } from '../lib/signals/users';
import { environment, service } from './variables';

export const applicationOverview: Dashboard = {
  uid: 'application-overview',
  description:
    'Whether AutoServe does what its users want of it, and if not where to look on. The services that are chosen narrow what all of them have; what only one has, such as endpoints and queues, is always there.',
  variables: [environment, service],
  rows: [
    row('Is it all right?', [
      stat(podsUp, { width: 6, to: ['kubernetes-infrastructure', 'logs'] }),
      stat(failureRatio, { width: 6, to: ['logs', 'traces'] }),
      stat(timeOfPromise, { width: 6, to: ['traces', 'slos'] }),
      stat(alertsFiring, { width: 6 }),
      bars(budgetLeft, { width: 10, to: ['slos'] }),
      table(firingAlerts, { width: 14, highest: 'For' }),
    ]),
    row('Requests', [
      timeSeries(requestRate, { to: ['traces'] }),
      timeSeries(failureRatio, { to: ['logs', 'traces', 'slos'] }),
      timeSeries(timeTaken, { to: ['traces', 'slos'] }),
      timeSeries(requestDuration, { to: ['traces'] }),
      timeSeries(durationByEndpoint, { to: ['traces', 'database-performance'] }),
      heatmap(durationSpread, { width: 8, to: ['traces'] }),
      timeSeries(requestsByStatus, { width: 6, stacked: true, to: ['logs'] }),
      timeSeries(requestsByEndpoint, { width: 6, stacked: true, to: ['traces'] }),
      timeSeries(failuresByEndpoint, { width: 6, stacked: true, to: ['logs', 'traces'] }),
      timeSeries(requestsInFlight, { width: 6, stacked: true, to: ['traces'] }),
    ]),
    row('Users', [
      timeSeries(activeUsers, { to: ['logs'] }),
      timeSeries(activeSessions, { to: ['logs'] }),
      timeSeries(registrations, { to: ['logs'] }),
    ]),
    row('Queues and workers', [
      timeSeries(queueDepth, { to: ['ml-scaling'] }),
      timeSeries(depthByQueue, { to: ['ml-scaling'] }),
      timeSeries(queueDelay, { to: ['slos', 'ml-scaling'] }),
      timeSeries(processingRate, { stacked: true, to: ['logs'] }),
      timeSeries(rateByTask, { stacked: true, to: ['traces'] }),
      timeSeries(taskDuration, { to: ['traces', 'slos'] }),
      timeSeries(failuresByTask, { width: 6, to: ['logs', 'traces'] }),
      timeSeries(tasksOfUsers, { width: 6, to: ['logs'] }),
      timeSeries(workersActive, { width: 6, to: ['ml-scaling'] }),
      timeSeries(recordsProcessed, { width: 6, to: ['logs'] }),
    ]),
    row('Errors and alerts', [
      timeSeries(errorLinesByService, { stacked: true, height: 10, to: ['logs'] }),
      lines(errorLog, { width: 16, to: ['logs', 'traces'] }),
      states(alertsOverTime, { to: ['slos'] }),
      states(unusualSignals),
    ]),
    row('Resources', [
      timeSeries(serviceCpu, { to: ['kubernetes-infrastructure'] }),
      timeSeries(serviceMemory, { to: ['kubernetes-infrastructure'] }),
      timeSeries(useOfRequests, { to: ['ml-scaling'] }),
      timeSeries(memoryOfLimitByPod, { to: ['kubernetes-infrastructure', 'logs'] }),
      timeSeries(serviceReplicas, { to: ['ml-scaling', 'kubernetes-infrastructure'] }),
      timeSeries(serviceRestarts, { to: ['logs', 'kubernetes-infrastructure'] }),
    ]),
    row('Dependencies', [
      timeSeries(poolUse, { to: ['database-performance'] }),
      timeSeries(queryDuration, { to: ['database-performance', 'traces'] }),
      timeSeries(queryRate, { stacked: true, to: ['database-performance'] }),
    ]),
  ],
};

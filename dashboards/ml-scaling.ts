import { bars, lines, row, stat, states, timeSeries, type Dashboard } from '../lib/config/dashboards/panel';
import { alertsOfScaling } from '../lib/signals/firing-alerts';
import { scalingDecisions } from '../lib/signals/log-questions';
import { accuracyNow, inferenceDuration, modelAge, modelAvailable, predictionAccuracy } from '../lib/signals/model';
import { queueDepth } from '../lib/signals/queues';
import {
  alertsBesideScaling,
  changesInAnHour,
  decisionDuration,
  decisionDurationNow,
  decisionsByAction,
  decisionsInAll,
  scaledPods,
  workPerPod,
} from '../lib/signals/scaling';
import {
  cpuRequestedAndUsed,
  memoryRequestedAndUsed,
  requestsUsed,
  savedByService,
  savedInAll,
  savedPerHour,
  savedPerMonth,
} from '../lib/signals/scaling-gains';
import { requestRate, timeTaken } from '../lib/signals/service-health';
import { environment, scaledService } from './variables';

export const mlScaling: Dashboard = {
  uid: 'ml-scaling',
  description:
    'What the controller decides about the chosen services, how good its model is, what scaling spares, and whether alerts and scaling have to do with one another.',
  variables: [environment, scaledService],
  rows: [
    row('Is it all right?', [
      stat(modelAvailable, { to: ['logs'] }),
      stat(accuracyNow, { to: ['slos'] }),
      stat(modelAge, { to: ['logs'] }),
      stat(decisionDurationNow, { to: ['traces', 'slos'] }),
      stat(savedInAll),
      stat(savedPerMonth),
    ]),
    row('Decisions', [
      timeSeries(decisionsByAction, { stacked: true, to: ['logs'] }),
      timeSeries(changesInAnHour, { to: ['logs'] }),
      bars(decisionsInAll),
      timeSeries(scaledPods, { to: ['kubernetes-infrastructure'] }),
      timeSeries(workPerPod, { to: ['application-overview'] }),
      timeSeries(decisionDuration, { to: ['traces', 'slos'] }),
    ]),
    row('Scaling beside load and alerts', [
      states(alertsOfScaling, { to: ['application-overview'] }),
      timeSeries(alertsBesideScaling, { width: 12, to: ['application-overview'] }),
      timeSeries(requestRate, { to: ['application-overview'] }),
      timeSeries(queueDepth, { to: ['application-overview'] }),
      timeSeries(timeTaken, { to: ['application-overview', 'traces'] }),
      lines(scalingDecisions.which, { to: ['logs', 'traces'] }),
    ]),
    row('Model', [
      timeSeries(predictionAccuracy, { width: 6, to: ['slos'] }),
      timeSeries(inferenceDuration, { width: 6, to: ['traces'] }),
      timeSeries(modelAge, { width: 6, to: ['logs'] }),
      states(modelAvailable, { width: 6, to: ['slos', 'logs'] }),
    ]),
    row('Resources', [
      timeSeries(cpuRequestedAndUsed, { to: ['kubernetes-infrastructure'] }),
      timeSeries(memoryRequestedAndUsed, { to: ['kubernetes-infrastructure'] }),
      timeSeries(requestsUsed, { to: ['application-overview'] }),
    ]),
    row('Savings', [timeSeries(savedPerHour, { width: 16, stacked: true }), bars(savedByService)]),
  ],
};

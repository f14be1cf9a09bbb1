import { anomalyDetector } from '../catalog/anomaly-detector';
import type { Service } from '../catalog/components';
import { kubeStateMetrics } from '../catalog/kubernetes';
import { objectives } from '../catalog/objectives';
import { recorded } from '../catalog/recorded';
import { scrape } from '../catalog/scrape';
import { maxBy, sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { and, dividedBy, labelFrom } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { orNoneOf } from './share';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// What each service does for those who call it: requests of the backend, tasks of the worker, decisions of the controller.

const ofChosen = { service: chosen('service') } as const;

/** The Deployment of a service bears its name. */
const deployed = sumBy(
  labelFrom(
    maxBy(
      select(kubeStateMetrics.kube_deployment_spec_replicas, {
        namespace: chosen('environment'),
        deployment: chosen('service'),
      }),
      'deployment',
    ),
    'job',
    'deployment',
    '(.+)',
  ),
  'job',
);

export const podsUp: Signal = {
  title: 'Pods that answer',
  description:
    'Pods of each service that answer Prometheus. At least one is needed to serve. 0 means that the service is down: look at its pods and at its last lines in the logs.',
  unit: 'pods',
  queries: [
    plot(
      // A service whose pods are all gone has no targets any more.
      orNoneOf(sumBy(select(scrape.up, { job: chosen('service'), namespace: chosen('environment') }), 'job'), deployed),
      legend`${'job'}`,
    ),
  ],
  watchedBy: [tellsOf('ServiceDown'), tellsOf('ReplicasMissing')],
  limits: { bad: 'below', red: 1 },
};

export const requestRate: Signal = {
  title: 'Requests, tasks and decisions',
  description:
    'Requests, tasks or decisions that each service finishes per second. It follows the time of day. Look into a step that no deployment explains, and into a line that leaves its shaded band.',
  unit: 'requests/s',
  queries: [plot(select(recorded['service:requests:rate5m'], ofChosen), legend`${'service'}`)],
  watchedBy: [tellsOf('ServiceDown'), tellsOf('AnomalousSignal')],
  band: 'request_rate',
};

export const failureRatio: Signal = {
  title: 'Error rate',
  description: `Share of requests and tasks that failed. Near 0 is good: the objective of the backend is ${objectives['backend-availability'].percent} % without an error. Above its threshold, look at the failing endpoints or tasks, their error lines and their traces. Failures of the ML controller are not counted.`,
  unit: 'ratio',
  queries: [plot(select(recorded['service:request_errors:ratio_rate5m'], ofChosen), legend`${'service'}`)],
  watchedBy: [firesAbove('HighTaskFailureRatio'), firesAbove('HighErrorRate')],
  band: 'error_ratio',
};

const duration = recorded['service:request_duration_seconds:p95_rate5m'];

export const timeTaken: Signal = {
  title: 'Time taken (p95)',
  description:
    'Time within which 95 % of the requests, tasks or decisions of each service are done. A line that leaves its shaded band is unusual for this hour of the week, even where it keeps its objective.',
  unit: 'seconds',
  queries: [plot(select(duration, ofChosen), legend`${'service'}`)],
  watchedBy: [tellsOf('HighLatency'), tellsOf('AnomalousSignal')],
  band: 'latency',
};

const ofPromise = (service: Service, withinSeconds: number) =>
  plot(and(dividedBy(select(duration, { service }), withinSeconds), select(duration, ofChosen)), legend`${'service'}`);

export const timeOfPromise: Signal = {
  title: 'p95 latency vs objective',
  description:
    'The p95 latency of requests, tasks and decisions, divided by the limit of their objective. Below 100 % is good. Above 100 % the objective is missed: follow slow traces of that service.',
  unit: 'ratio',
  queries: [
    ofPromise('backend', objectives['backend-latency'].withinSeconds),
    ofPromise('worker', objectives['worker-processing-time'].withinSeconds),
    ofPromise('ml-controller', objectives['ml-controller-decision-latency'].withinSeconds),
  ],
  watchedBy: [tellsOf('HighLatency')],
  limits: { bad: 'above', red: 1 },
};

export const unusualSignals: Signal = {
  title: 'Unusual signals',
  description:
    'Which signals of each service are unusual for this hour of the week. That alone is no fault. During an alert it shows what else has changed, and since when.',
  unit: 'boolean',
  queries: [
    plot(
      maxBy(select(anomalyDetector.anomaly_detected, ofChosen), 'service', 'signal'),
      legend`${'service'}: ${'signal'}`,
    ),
  ],
  watchedBy: [tellsOf('AnomalousSignal')],
  states: { 0: { text: 'usual', is: 'good' }, 1: { text: 'unusual', is: 'bad' } },
  emptyWhileWell: 'There is not enough history yet to judge by.',
};

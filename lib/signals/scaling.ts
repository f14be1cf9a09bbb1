import { Duration } from 'cdk8s';
import { mlController } from '../catalog/ml-controller';
import { objectives } from '../catalog/objectives';
import { recorded } from '../catalog/recorded';
import { maxBy, sumBy } from '../query/promql/aggregate';
import { anyOf, chosen } from '../query/promql/matcher';
import { above, ratio } from '../query/promql/operators';
import { histogramQuantile, increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firingByService } from './firing-alerts';
import { orNoneOf } from './share';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// What the controller decides about the services that it scales.

const ofChosen = { namespace: chosen('environment'), service: chosen('service') } as const;

const fiveMinutes = Duration.minutes(5);
const anHour = Duration.hours(1);

const decisions = select(mlController.scaling_decisions_total, ofChosen);
const changes = select(mlController.scaling_decisions_total, {
  ...ofChosen,
  action: anyOf('scale_up', 'scale_down'),
});

export const decisionsByAction: Signal = {
  title: 'Scaling decisions',
  description:
    'Decisions per second by service and action. The sum should be level, since the controller decides at fixed intervals; most decisions change nothing. A gap means that the controller does not get the load, or has stopped.',
  unit: 'decisions/s',
  // Over a shorter time it would show when Prometheus looked between two decisions.
  queries: [plot(sumBy(rate(decisions, fiveMinutes), 'service', 'action'), legend`${'service'}: ${'action'}`)],
  watchedBy: [tellsOf('ServiceDown')],
};

export const changesInAnHour: Signal = {
  title: 'Scaled up and down in an hour',
  description:
    'Decisions of the last hour that changed the number of pods, by service and action. They follow the load of the day. A service with both scale-ups and scale-downs at the dashed line or above it is flapping.',
  unit: 'decisions',
  queries: [plot(sumBy(increase(changes, anHour), 'service', 'action'), legend`${'service'}: ${'action'}`)],
  watchedBy: [firesAbove('ScalingFlapping')],
};

export const decisionsInAll: Signal = {
  title: 'Decisions in the time shown',
  description:
    'How often each action was chosen for each service in the time shown. About as many up as down is good. Many of both in a short time is flapping.',
  unit: 'decisions',
  queries: [plot(sumBy(increase(decisions, '$__range'), 'service', 'action'), legend`${'service'}: ${'action'}`)],
  watchedBy: [tellsOf('ScalingFlapping')],
};

const promised = objectives['ml-controller-decision-latency'].withinSeconds;

const decisionBuckets = rate(select(mlController.scaling_decision_duration_seconds, ofChosen), '$__rate_interval');

export const decisionDuration: Signal = {
  title: 'Decision latency',
  description: `Latency of scaling decisions, reading the load included: p50, p95 and p99. Above the dashed line, the ${promised} s of the objective, pods come too late for the load: check whether the model or the source of the load is slow.`,
  unit: 'seconds',
  queries: [
    plot(histogramQuantile(0.5, decisionBuckets), legend`p50`),
    plot(histogramQuantile(0.95, decisionBuckets), legend`p95`),
    plot(histogramQuantile(0.99, decisionBuckets), legend`p99`),
  ],
  watchedBy: [tellsOf('ErrorBudgetBurnsFast'), tellsOf('ErrorBudgetBurnsSlowly')],
  limits: { bad: 'above', orange: promised },
};

export const decisionDurationNow: Signal = {
  title: 'Decision latency (p95)',
  description: `Time within which 95 % of the decisions are made. It should be far below ${promised} s, the limit of the objective.`,
  unit: 'seconds',
  queries: [plot(histogramQuantile(0.95, decisionBuckets), legend`p95`)],
  watchedBy: [tellsOf('ErrorBudgetBurnsFast')],
  limits: { bad: 'above', orange: promised },
};

const running = maxBy(select(mlController.kubernetes_pods_running, ofChosen), 'service');
const pending = maxBy(select(mlController.kubernetes_pods_pending, ofChosen), 'service');

export const scaledPods: Signal = {
  title: 'Pods running and pending',
  description:
    'Running and pending pods of each service that the controller scales. Running should follow the load in steps. Pods that stay pending for more than a minute find no node, and the scale-up has no effect.',
  unit: 'pods',
  queries: [plot(running, legend`${'service'}: running`), plot(pending, legend`${'service'}: pending`)],
  watchedBy: [tellsOf('PodNotReady'), tellsOf('ReplicasMissing')],
};

export const workPerPod: Signal = {
  title: 'Requests per pod',
  description:
    'Requests (or tasks, of the worker) per second and running pod. Flat while the load changes means that scaling works. When it follows the load, pods come too late, or their maximum is reached.',
  unit: 'requests/s',
  queries: [
    plot(
      ratio(
        maxBy(select(recorded['service:requests:rate5m'], { service: ofChosen.service }), 'service'),
        above(running, 0),
      ),
      legend`${'service'}`,
    ),
  ],
};

export const alertsBesideScaling: Signal = {
  title: 'Alerts and scaling actions',
  description:
    'Firing alerts and scaling actions of the last five minutes, per service. Alerts that come with every action are caused by scaling. Alerts without an action may mean that pods are missing and none were added.',
  unit: 'events',
  queries: [
    plot(sumBy(increase(changes, fiveMinutes), 'service', 'action'), legend`${'service'}: ${'action'}`),
    plot(orNoneOf(firingByService, running), legend`${'service'}: alerts`),
  ],
  watchedBy: [tellsOf('ScalingFlapping')],
};

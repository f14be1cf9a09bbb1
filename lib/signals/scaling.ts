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
    'Decisions per second by service and action. The sum is level, for the controller decides at fixed intervals, and most decisions change nothing; gaps mean that it does not get the load, or stands still.',
  unit: 'decisions/s',
  // Over a shorter time it would show when Prometheus looked between two decisions.
  queries: [plot(sumBy(rate(decisions, fiveMinutes), 'service', 'action'), legend`${'service'}: ${'action'}`)],
  watchedBy: [tellsOf('ServiceDown')],
};

export const changesInAnHour: Signal = {
  title: 'Scaled up and down in an hour',
  description:
    'Decisions of the hour before that changed the number of pods. They follow the load of the day; a service that is scaled both up and down as often as the dashed line says is flapping.',
  unit: 'decisions',
  queries: [plot(sumBy(increase(changes, anHour), 'service', 'action'), legend`${'service'}: ${'action'}`)],
  watchedBy: [firesAbove('ScalingFlapping')],
};

export const decisionsInAll: Signal = {
  title: 'Decisions in the time shown',
  description:
    'How often each action was chosen for each service. About as many up as down is good; many of both in a short time is flapping.',
  unit: 'decisions',
  queries: [plot(sumBy(increase(decisions, '$__range'), 'service', 'action'), legend`${'service'}: ${'action'}`)],
  watchedBy: [tellsOf('ScalingFlapping')],
};

const promised = objectives['ml-controller-decision-latency'].withinSeconds;

const decisionBuckets = rate(select(mlController.scaling_decision_duration_seconds, ofChosen), '$__rate_interval');

export const decisionDuration: Signal = {
  title: 'Decision latency',
  description: `Time within which half, 95 % and 99 % of the decisions are made, from reading the load on. Above the dashed line, the ${promised} s of the objective, pods come too late for the load that they are meant for: see whether the model or the service that is asked for its load is slow.`,
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
  description: `Time within which 95 % of the decisions are made now. It should be far below the ${promised} s of the objective.`,
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
    'Pods of each service that the controller scales. Running should follow the load in steps; what stays pending for more than a minute finds no node, and the decision that wanted it is without effect.',
  unit: 'pods',
  queries: [plot(running, legend`${'service'}: running`), plot(pending, legend`${'service'}: pending`)],
  watchedBy: [tellsOf('PodNotReady'), tellsOf('ReplicasMissing')],
};

export const workPerPod: Signal = {
  title: 'Work per pod',
  description:
    'Requests or tasks per second that fall to each running pod. Good scaling keeps it level while the load rises and falls; where it follows the load, pods come too late or are at their highest number.',
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
  title: 'Alerts beside scaling',
  description:
    'How many alerts fire about each service, and how often it was scaled in the five minutes before. Alerts that come with every change are made by scaling; alerts without one ask for pods that nobody decided on.',
  unit: 'events',
  queries: [
    plot(sumBy(increase(changes, fiveMinutes), 'service', 'action'), legend`${'service'}: ${'action'}`),
    plot(orNoneOf(firingByService, running), legend`${'service'}: alerts`),
  ],
  watchedBy: [tellsOf('ScalingFlapping')],
};

import { alertState } from '../catalog/alert-state';
import { maxBy, minBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { anyOf, chosen, type Comparison } from '../query/promql/matcher';
import { and, constant, or, secondsSince } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { legend, plot, type Signal } from './signal';

// Which alerts fire about the chosen services, and for how long.

const ofChosen = { service: chosen('service') } as const;
/** What it is alerted for bears its own name, not that of a service that it scales. */
const ofController = { service: anyOf('ml-controller') } as const;

type Which = Readonly<Record<'service', Comparison>>;
type ByAlert = Vector<'alertname' | 'severity' | 'service'>;

const firing = (which: Which): ByAlert =>
  maxBy(select(alertState.ALERTS, { ...which, alertstate: 'firing' }), 'alertname', 'severity', 'service');

const beganAt = (which: Which): ByAlert =>
  minBy(select(alertState.ALERTS_FOR_STATE, which), 'alertname', 'severity', 'service');

/** How many alerts fire about each of the chosen services that has any. */
export const firingByService: Vector<'service'> = sumBy(firing(ofChosen), 'service');

export const alertsFiring: Signal = {
  title: 'Alerts that fire',
  description:
    'Critical alerts and warnings that fire about the chosen services. 0 is good. Otherwise follow the runbook of each, critical ones first.',
  unit: 'alerts',
  queries: [
    plot(
      or(
        sumBy(select(alertState.ALERTS, { ...ofChosen, alertstate: 'firing', severity: anyOf('critical', 'warning') })),
        constant(0),
      ),
      legend`firing`,
    ),
  ],
  limits: { bad: 'above', orange: 1 },
};

export const firingAlerts: Signal = {
  title: 'Alerts',
  description:
    'Alerts that fire about the chosen services, and for how long their condition has held. Begin with the critical ones, and among those with the oldest: the others often follow from it.',
  unit: 'seconds',
  queries: [plot(and(secondsSince(beganAt(ofChosen)), firing(ofChosen)), legend`For`)],
  emptyWhileWell: 'No alert fires.',
};

const timeline = {
  unit: 'boolean',
  states: { 1: { text: 'fires', is: 'bad' } },
  emptyWhileWell: 'No alert has fired.',
} as const;

export const alertsOverTime: Signal = {
  ...timeline,
  title: 'Alerts over time',
  description:
    'When each alert about the chosen services fired. Alerts that begin together mostly have one cause. One that comes and goes needs a lasting fix.',
  queries: [plot(firing(ofChosen), legend`${'service'}: ${'alertname'}`)],
};

export const alertsOfScaling: Signal = {
  ...timeline,
  title: 'Alerts of scaled services and of the controller',
  description:
    'When each alert about the chosen services or the controller fired. An alert that ends soon after a scale-up was a lack of pods. One that begins soon after a scale-down was most likely caused by it.',
  queries: [plot(or(firing(ofChosen), firing(ofController)), legend`${'service'}: ${'alertname'}`)],
};

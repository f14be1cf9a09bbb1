import { Duration } from 'cdk8s';
import { alertState } from '../catalog/alert-state';
import { burnRates, sliErrorOver, type BurnRate } from '../catalog/burn-rates';
import { budgetDays } from '../catalog/objectives';
import { recorded } from '../catalog/recorded';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { anyOf, chosen, type Comparison } from '../query/promql/matcher';
import { ratio, subtractedFrom, times } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { prometheusDuration } from '../units/duration';
import { orNoneOf } from './share';
import { legend, plot, precise, tellsOf, type Signal } from './signal';

// What was promised, how much of what the promise allows is spent, and how fast it goes.

const ofServices = { service: chosen('service') } as const;
const ofChosen = { slo: chosen('slo') } as const;
type Which = Readonly<Partial<Record<'service' | 'slo', Comparison>>>;

/** The series of an objective, told apart by nothing else. */
type OfSlo = Vector<'slo'>;

const period = Duration.days(budgetDays);
/** A hundredth of a percent is a tenth of what an objective of 99.9 % allows. */
const decimals = 3;

const budget = (which: Which): OfSlo => maxBy(select(recorded['slo:error_budget:ratio'], which), 'slo');
const errorShare = (window: Duration, which: Which): OfSlo => maxBy(select(sliErrorOver(window), which), 'slo');
const objective = (which: Which): OfSlo => subtractedFrom(1, budget(which));
const achieved = (which: Which): OfSlo => subtractedFrom(1, errorShare(period, which));
const burnRate = (window: Duration, which: Which): OfSlo => ratio(errorShare(window, which), budget(which));
const left = (which: Which): OfSlo => maxBy(select(recorded['slo:error_budget:remaining_ratio'], which), 'slo');

const burnAlerts = [tellsOf('ErrorBudgetBurnsFast'), tellsOf('ErrorBudgetBurnsSlowly')] as const;

const firing = sumBy(
  select(alertState.ALERTS, {
    alertname: anyOf('ErrorBudgetBurnsFast', 'ErrorBudgetBurnsSlowly'),
    alertstate: 'firing',
    ...ofServices,
  }),
  'slo',
);

export const budgetLeft: Signal = {
  title: 'Error budget left',
  description: `Share of the failures allowed in ${budgetDays} days that is still left. 100 % is good. At 0 or below, the objective is missed: work on reliability before new features.`,
  unit: 'ratio',
  queries: [plot(left(ofServices), legend`${'slo'}`)],
  limits: { bad: 'below', red: 0 },
  watchedBy: burnAlerts,
};

export const objectivesTable: Signal = {
  title: 'Objectives',
  description: `Each objective, and what was achieved over ${budgetDays} days. A burn rate of 1 spends the budget in exactly that time, a higher one sooner. A burn alert that fires means that it is spent much too fast.`,
  unit: 'ratio',
  queries: [
    plot(objective(ofServices), legend`Objective`),
    precise(plot(achieved(ofServices), legend`Achieved`), decimals),
    plot(left(ofServices), legend`Budget left`),
    plot(burnRate(Duration.hours(1), ofServices), legend`Burn rate, 1 h`, 'times'),
    plot(burnRate(Duration.hours(6), ofServices), legend`Burn rate, 6 h`, 'times'),
    plot(orNoneOf(firing, budget(ofServices)), legend`Burn alerts`, 'alerts'),
  ],
  watchedBy: burnAlerts,
};

/** How fast the budget goes over the longer window of an alert, and from when on that is too fast. */
const burnOver = ({ long, short, factor }: BurnRate, urgency: keyof typeof burnRates): Signal => ({
  title: `Burn rate over ${prometheusDuration(long)}`,
  description: `How many times as fast as allowed the budget was spent in the last ${prometheusDuration(long)}. 1 and less is good. Above the dashed line, and as high over the last ${prometheusDuration(short)}, ${urgency === 'fast' ? 'the budget is soon gone: act now' : 'the budget will not last: plan a repair'}. The errors and traces of the service show why.`,
  unit: 'times',
  queries: [plot(burnRate(long, ofServices), legend`${'slo'}`)],
  limits: { bad: 'above', ...(urgency === 'fast' ? { red: factor } : { orange: factor }) },
  watchedBy: [tellsOf(urgency === 'fast' ? 'ErrorBudgetBurnsFast' : 'ErrorBudgetBurnsSlowly')],
});

/** One of each pair of windows that an alert compares. */
export const burnsFastest = burnOver(burnRates.fast[0], 'fast');
export const burnsFast = burnOver(burnRates.fast[1], 'fast');
export const burnsSlowly = burnOver(burnRates.slow[0], 'slow');
export const burnsSlowest = burnOver(burnRates.slow[1], 'slow');

export const badEvents: Signal = {
  title: 'Bad events',
  description:
    'Requests, tasks, decisions or seconds that missed their objective, per second. Peaks are incidents. A level that never falls to 0 spends the budget slowly.',
  unit: 'events/s',
  queries: [plot(maxBy(select(recorded['slo:sli_errors:rate2m'], ofServices), 'slo'), legend`${'slo'}`)],
  watchedBy: burnAlerts,
};

export const allEvents: Signal = {
  title: 'All events',
  description:
    'All events that each objective counts, good and bad, per second. Objectives about time count each second as an event. The rest follows the traffic: the fewer events, the more a single bad one weighs.',
  unit: 'events/s',
  queries: [plot(maxBy(select(recorded['slo:sli_events:rate2m'], ofServices), 'slo'), legend`${'slo'}`)],
};

export const chosenObjective: Signal = {
  title: 'Objective',
  description: `Share of events that must be good over ${budgetDays} days.`,
  unit: 'ratio',
  queries: [plot(objective(ofChosen), legend`objective`)],
};

export const chosenAchieved: Signal = {
  title: 'Achieved',
  description: `Share of the events of the last ${budgetDays} days that were good. It should be no lower than the objective.`,
  unit: 'ratio',
  queries: [precise(plot(achieved(ofChosen), legend`achieved`), decimals)],
};

export const chosenBudgetLeft: Signal = {
  title: 'Budget left',
  description: `Share of the failures allowed in ${budgetDays} days that is still left. Below 0 the objective is missed.`,
  unit: 'ratio',
  queries: [plot(left(ofChosen), legend`left`)],
  limits: { bad: 'below', red: 0 },
  watchedBy: burnAlerts,
};

export const chosenTimeLeft: Signal = {
  title: 'Budget left as time',
  description: `Time of full outage that is left of the error budget of ${budgetDays} days, at an even rate of events. Below 0 the objective is missed already, by that much.`,
  unit: 'seconds',
  queries: [plot(times(times(left(ofChosen), budget(ofChosen)), period.toSeconds()), legend`left`)],
  limits: { bad: 'below', red: 0 },
};

const chosenBurnOver = (window: Duration) => plot(burnRate(window, ofChosen), { template: prometheusDuration(window) });

export const chosenBurnRates: Signal = {
  title: 'Burn rates',
  description:
    'How many times as fast as allowed the budget is spent, over short and long windows. 1 and less is good. Short windows react first: when they are low while the long ones are high, the service is recovering.',
  unit: 'times',
  queries: [
    chosenBurnOver(burnRates.fast[0].short),
    chosenBurnOver(burnRates.fast[0].long),
    chosenBurnOver(burnRates.fast[1].long),
    chosenBurnOver(burnRates.slow[1].long),
  ],
  watchedBy: burnAlerts,
};

export const chosenEvents: Signal = {
  title: 'Bad and all events',
  description: 'Events that the objective counts per second, and how many of them were bad. Bad should be near 0.',
  unit: 'events/s',
  queries: [
    plot(sumBy(select(recorded['slo:sli_errors:rate2m'], ofChosen)), legend`bad`),
    plot(sumBy(select(recorded['slo:sli_events:rate2m'], ofChosen)), legend`all`),
  ],
  watchedBy: burnAlerts,
};

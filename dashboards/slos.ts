import { bars, row, stat, table, timeSeries, type Dashboard } from '../lib/config/dashboards/panel';
import {
  allEvents,
  badEvents,
  budgetLeft,
  burnsFast,
  burnsFastest,
  burnsSlowest,
  burnsSlowly,
  chosenAchieved,
  chosenBudgetLeft,
  chosenBurnRates,
  chosenEvents,
  chosenObjective,
  chosenTimeLeft,
  objectivesTable,
} from '../lib/signals/slos';
import { service, slo } from './variables';

export const slos: Dashboard = {
  uid: 'slos',
  description: 'Whether AutoServe keeps its promises, how much failure they still allow, and how fast that is spent.',
  variables: [service, slo],
  range: '7d',
  rows: [
    row('Objectives', [
      bars(budgetLeft, { height: 10, to: ['application-overview'] }),
      timeSeries(budgetLeft, { width: 16, height: 10, to: ['application-overview'] }),
      table(objectivesTable, { width: 24, height: 11, to: ['application-overview', 'logs', 'traces'] }),
    ]),
    row('Burn rates', [
      timeSeries(burnsFastest, { width: 12, to: ['logs', 'traces'] }),
      timeSeries(burnsFast, { width: 12, to: ['logs', 'traces'] }),
      timeSeries(burnsSlowly, { width: 12, to: ['logs', 'traces'] }),
      timeSeries(burnsSlowest, { width: 12, to: ['logs', 'traces'] }),
    ]),
    row('Events', [
      timeSeries(badEvents, { width: 12, to: ['logs', 'traces'] }),
      timeSeries(allEvents, { width: 12, to: ['application-overview'] }),
    ]),
    row(
      '$slo',
      [
        stat(chosenObjective, { width: 3, height: 6 }),
        stat(chosenAchieved, { width: 3, height: 6 }),
        stat(chosenBudgetLeft, { width: 3, height: 6 }),
        stat(chosenTimeLeft, { width: 3, height: 6 }),
        timeSeries(chosenBurnRates, { width: 6, height: 6, to: ['logs', 'traces'] }),
        timeSeries(chosenEvents, { width: 6, height: 6, to: ['logs', 'traces'] }),
      ],
      { forEach: 'slo' },
    ),
  ],
};

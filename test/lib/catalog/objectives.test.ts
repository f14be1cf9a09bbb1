import { budgetDays, errorBudget, objectives } from '../../../lib/catalog/objectives';
import { production } from '../../../lib/profile/production';

test.each([
  ['99.9', 0.001],
  ['99.99', 0.0001],
  ['99.5', 0.005],
  ['95', 0.05],
  ['85', 0.15],
  ['1', 0.99],
])('an objective of %s %% leaves exactly %d', (percent, budget) => {
  expect(errorBudget(percent)).toBe(budget);
});

test.each(['0.999', '0', '100', '100.1', '-1', '99.9%', '', '1e1', '99,9', '99.99999999'])(
  'an objective of %p is refused, since it is no percentage or may mean another',
  (percent) => {
    expect(() => errorBudget(percent)).toThrow(`objective ${percent}: give a percentage`);
  },
);

test('every objective that is spoken for names one of the same service and percentage', () => {
  const spokenFor = Object.values(objectives).flatMap((objective) =>
    'alertsBy' in objective ? [{ objective, by: objectives[objective.alertsBy] }] : [],
  );
  expect(spokenFor.length).toBeGreaterThan(0);
  for (const { objective, by } of spokenFor)
    expect([by.service, by.percent]).toEqual([objective.service, objective.percent]);
});

test('the period of the error budgets fits into the retention of Prometheus', () => {
  expect(production.prometheus.retention.toDays()).toBeGreaterThanOrEqual(budgetDays);
});

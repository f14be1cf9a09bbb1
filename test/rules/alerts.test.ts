import { alertNames } from '../../lib/catalog/alerts';
import { scenarios } from './scenarios/all';

/** What fires whatever happens cannot be silent. */
const always = ['Watchdog'];

test.each(alertNames)('%s has a scenario in which it fires', (name) => {
  expect(Object.values(scenarios[name].fires).filter(({ firing }) => firing.length > 0)).not.toEqual([]);
});

test.each(alertNames.filter((name) => !always.includes(name)))('%s has a near miss', (name) => {
  expect(Object.keys(scenarios[name].silent)).not.toEqual([]);
});

test.each(alertNames)('the scenarios of %s write out what is sent, and leave no template', (name) => {
  const { fires, withoutData = [] } = scenarios[name];
  for (const { labels, summary, description } of [
    ...Object.values(fires).flatMap(({ firing }) => firing),
    ...withoutData,
  ]) {
    expect(labels).toHaveProperty('service');
    expect(`${summary} ${description}`).not.toMatch(/\{\{|^ *$/);
  }
});

import { Duration } from 'cdk8s';
import { burnRates } from '../../../lib/catalog/burn-rates';
import { timeToDetection } from '../../../rules/slos/time-to-detection';

const timing = { evaluationInterval: Duration.seconds(15), for: Duration.minutes(2) };
/** What counting, recording and waiting add. */
const latency = 60 + 5 * 15 + 120;

test.each<readonly [string, keyof typeof burnRates, number, number, number]>([
  // 14.4 times 0.1 % of an hour.
  ['a total outage', 'fast', 0.001, 1, 52],
  // 1 % is below 14.4 times the budget, and above 6 times: 6 h * 0.6 % / 1 %.
  ['an outage of 1 %', 'fast', 0.001, 0.01, 6 * 3600 * 0.6],
  // 3 days * 0.1 % / 0.15 %.
  ['an outage of little more than the budget', 'slow', 0.001, 0.0015, 3 * 86_400 * (0.001 / 0.0015)],
  // 14.4 times 15 % is more than all.
  ['a total outage of a lenient objective', 'fast', 0.15, 1, 6 * 3600 * 0.9],
])('%s is found by the %s burn rate of a budget of %d after its share of the window', (_, rate, budget, outage, s) => {
  const found = timeToDetection(burnRates[rate], budget, outage, timing);
  expect(found?.toSeconds()).toBe(Math.ceil(s + latency - 1e-6));
});

test.each<readonly [string, keyof typeof burnRates, number]>([
  ['within the budget', 'slow', 0.001],
  ['at the lowest rate exactly', 'fast', 0.006],
])('an outage %s is never found', (_, rate, outage) => {
  expect(timeToDetection(burnRates[rate], 0.001, outage, timing)).toBeUndefined();
});

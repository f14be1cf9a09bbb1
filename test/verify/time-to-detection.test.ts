import { Duration } from 'cdk8s';
import { backend } from '../../lib/catalog/backend';
import { mlController } from '../../lib/catalog/ml-controller';
import { errorBudget, objectives } from '../../lib/catalog/objectives';
import { production } from '../../lib/profile/production';
import { burnRates } from '../../lib/catalog/burn-rates';
import { sloInterval } from '../../rules/slos/rules';
import { timeToDetection } from '../../rules/slos/time-to-detection';
import { rulesOf, watchedAlert } from '../rules/alert-rules';
import type { Check } from '../rules/cases';
import { complaints } from '../rules/promtool';
import { counting, hold, series } from '../rules/scenario';

const alert = 'ErrorBudgetBurnsFast';
const slo = 'backend-availability';
const { evaluationInterval } = production.prometheus;
const interval = sloInterval(evaluationInterval);

const { scrapeInterval } = production.prometheus;
/** From the last evaluation to the beginning of the outage; scrapes are evaluations of their own. */
const phases = [0, 1, 2, 3].map((scrapes) => scrapes * scrapeInterval.toSeconds());
/** The longest window is full of good requests by then. */
const healthy = Duration.hours(6).toSeconds();

const pod = {
  job: 'backend',
  instance: '10.0.0.1:8000',
  namespace: 'autoserve-prod',
  pod: 'backend-1',
  node: 'node-1',
};

const outageFrom = (begin: number, share: number) => {
  const requests = (status: '200' | '500', before: number, during: number) =>
    series(
      backend.http_requests_total,
      { ...pod, method: 'GET', endpoint: '/api/tasks', status },
      counting([before, Duration.seconds(begin)], [during, Duration.days(1)]),
    );
  return [
    requests('200', 10, 10 * (1 - share)),
    requests('500', 0, 10 * share),
    series(mlController.model_available, { ...pod, job: 'ml-controller' }, hold(1)),
  ].map(({ selector, shape }) => ({ selector, at: (clock: number) => shape(clock, clock) }));
};

/** What promtool says of such checks, so many seconds after the beginning of an outage. */
const outcomeOf = (share: number, phase: number, checks: (begin: number) => readonly Check[]): Promise<string> =>
  complaints(
    rulesOf(alert, interval),
    [alert],
    [{ name: 'an outage', series: outageFrom(healthy + phase, share), checks: checks(healthy + phase) }],
    { evaluation: interval.toSeconds(), sample: scrapeInterval.toSeconds() },
  );

const firing = [{ severity: 'critical', slo, service: 'backend' }];

test.each([
  ['a total outage', 1],
  ['an outage of 1 %', 0.01],
])('%s is found within the time that was computed, and may take nearly as long', async (_, share) => {
  const found = timeToDetection(burnRates.fast, errorBudget(objectives[slo].percent), share, {
    evaluationInterval,
    for: watchedAlert(alert).wait,
  });
  const seconds = found?.toSeconds() ?? NaN;
  const outcomes = phases.map(async (phase) => ({
    found: await outcomeOf(share, phase, (begin) => [{ at: begin + seconds, labels: firing }]),
    soon: await outcomeOf(share, phase, (begin) => [{ at: begin + Math.floor(0.8 * seconds), labels: firing }]),
  }));
  const all = await Promise.all(outcomes);
  expect(all.map((each) => each.found).join('')).toBe('');
  expect(all.filter(({ soon }) => soon !== '')).not.toEqual([]);
});

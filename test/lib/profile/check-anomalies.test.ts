import { Duration, Size } from 'cdk8s';
import { checkAnomalies } from '../../../lib/profile/check-anomalies';
import { production } from '../../../lib/profile/production';
import type { AnomaliesProfile } from '../../../lib/profile/profile';
import { profileNames, profiles } from '../../harness/rendered';

const check = (override: Partial<AnomaliesProfile>) => [
  ...checkAnomalies({ ...production, anomalies: { ...production.anomalies, ...override } }),
];

test.each(profileNames)('the shipped profile %s has no problems', (name) => {
  expect([...checkAnomalies(profiles[name])]).toEqual([]);
});

test.each<readonly [string, Partial<AnomaliesProfile>, field: string, value: string, fix: string]>([
  ['more history than Prometheus keeps', { history: Duration.days(31) }, 'history', '31d', 'Prometheus keeps 30d'],
  ['a warm-up as long as the history', { warmUp: Duration.days(28) }, 'warmUp', '28d', 'shorten it or lengthen'],
  ['no warm-up', { warmUp: Duration.seconds(0) }, 'warmUp', '0s', 'at least 1s'],
  ['no step', { step: Duration.seconds(0) }, 'step', '0s', 'at least 1s'],
  [
    'a history of part of a second',
    { history: Duration.millis(2_000_000_500) },
    'history',
    '23d3h33m20s500ms',
    'whole',
  ],
  ['a step of part of a second', { step: Duration.millis(900_001) }, 'step', '15m1ms', 'a whole number'],
  ['a warm-up of part of a second', { warmUp: Duration.millis(8334) }, 'warmUp', '8s334ms', 'a whole number'],
  [
    'less history than the program looks at',
    { history: Duration.seconds(59), step: Duration.seconds(1), warmUp: Duration.seconds(1) },
    'history',
    '59s',
    'at least 1m',
  ],
  ['a step that misses hours', { step: Duration.minutes(61) }, 'step', '1h1m', 'at most 1h'],
  ['more points than are ever held', { step: Duration.minutes(2) }, 'step', '2m', 'more than 20000 such steps'],
  [
    'no processor',
    { resources: { ...production.anomalies.resources, cpu: 0 } },
    'resources.cpu',
    '0 cores',
    'a thousandth',
  ],
  [
    'a request above its limit',
    {
      resources: {
        ...production.anomalies.resources,
        memory: { request: Size.mebibytes(65), limit: Size.mebibytes(64) },
      },
    },
    'resources.memory',
    'request 65Mi',
    'limit of 64Mi',
  ],
])('%s is refused by path, value and fix', (_, override, field, value, fix) => {
  expect(check(override)).toEqual([
    { path: `production.anomalies.${field}`, value, fix: expect.stringContaining(fix) as string },
  ]);
});

test('more history than the program takes is refused, however much Prometheus keeps', () => {
  const history = Duration.days(366);
  const prometheus = { ...production.prometheus, retention: history };
  const anomalies = { ...production.anomalies, history, step: Duration.hours(1) };
  expect([...checkAnomalies({ ...production, prometheus, anomalies })]).toEqual([
    { path: 'production.anomalies.history', value: '366d', fix: expect.stringContaining('at most 365d') as string },
  ]);
});

test.each<readonly [string, Partial<AnomaliesProfile>]>([
  [
    'the least that the program takes',
    { history: Duration.minutes(1), step: Duration.seconds(1), warmUp: Duration.seconds(1) },
  ],
  ['as much history as Prometheus keeps', { history: Duration.days(30) }],
  ['a value an hour', { step: Duration.hours(1) }],
  [
    'as many points as may be held',
    { history: Duration.minutes(20_000), step: Duration.minutes(1), warmUp: Duration.days(1) },
  ],
])('%s is accepted', (_, override) => {
  expect(check(override)).toEqual([]);
});

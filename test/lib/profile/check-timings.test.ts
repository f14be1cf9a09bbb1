import { Duration } from 'cdk8s';
import type { RouteTimings } from '../../../lib/catalog/receivers';
import { checkTimings } from '../../../lib/profile/check-timings';
import { production } from '../../../lib/profile/production';
import type { AlertmanagerProfile } from '../../../lib/profile/profile';

const { alertmanager } = production;

const check = (override: Partial<AlertmanagerProfile>) => [
  ...checkTimings('alertmanager', { ...alertmanager, ...override }),
];
const timings = (override: Partial<AlertmanagerProfile['timings']>): Partial<AlertmanagerProfile> => ({
  timings: { ...alertmanager.timings, ...override },
});
const team = (override: Partial<RouteTimings>) => timings({ team: { ...alertmanager.timings.team, ...override } });

test.each<readonly [string, Partial<AlertmanagerProfile>]>([
  [
    'a single replica, at any interval',
    { replicas: 1, ...team({ groupWait: Duration.seconds(0), groupInterval: Duration.seconds(1) }) },
  ],
  ['no wait', timings({ startDelay: Duration.seconds(0) })],
  [
    'the pace of a test',
    timings({
      page: {
        groupWait: Duration.seconds(0),
        groupInterval: Duration.seconds(3),
        repeatInterval: Duration.seconds(3),
      },
      team: {
        groupWait: Duration.seconds(1),
        groupInterval: Duration.seconds(3),
        repeatInterval: Duration.hours(1),
      },
      deadManInterval: Duration.seconds(3),
      peerTimeout: Duration.seconds(1),
    }),
  ],
])('%s is fine', (_, override) => {
  expect(check(override)).toEqual([]);
});

test.each<readonly [string, Partial<AlertmanagerProfile>, path: string, value: string, fix: string]>([
  [
    'a group that changes more often than the last of three replicas speaks',
    team({ groupWait: Duration.seconds(5), groupInterval: Duration.seconds(30) }),
    'timings.team.groupInterval',
    '30s',
    'the last replica in line sends what it knew 30s ago',
  ],
  [
    'an interval of 0',
    { replicas: 1, ...team({ groupWait: Duration.seconds(0), groupInterval: Duration.seconds(0) }) },
    'timings.team.groupInterval',
    '0s',
    'lengthen it',
  ],
  [
    'a repetition before the group is looked at again',
    team({ repeatInterval: Duration.minutes(4) }),
    'timings.team.repeatInterval',
    '4m',
    'groupInterval of 5m',
  ],
  [
    'a repetition that is forgotten',
    team({ repeatInterval: Duration.days(5) }),
    'timings.team.repeatInterval',
    '5d',
    'forgets after 120 h',
  ],
  [
    'a wait longer than that for changes',
    team({ groupWait: Duration.minutes(6) }),
    'timings.team.groupWait',
    '6m',
    'wait less',
  ],
  [
    'a dead man who hears every second',
    timings({ deadManInterval: Duration.seconds(1) }),
    'timings.deadManInterval',
    '1s',
    'at least 3 s',
  ],
  [
    'a start without a word for an hour',
    timings({ startDelay: Duration.hours(1) }),
    'timings.startDelay',
    '1h',
    'at most 5 m',
  ],
])('%s is refused', (_, override, path, value, fix) => {
  expect(check(override)).toEqual([
    { path: `alertmanager.${path}`, value, fix: expect.stringContaining(fix) as string },
  ]);
});

test('no wait for the one before is refused: all would send', () => {
  expect(check(timings({ peerTimeout: Duration.seconds(0) }))).toMatchObject([
    { path: 'alertmanager.timings.peerTimeout', value: '0' },
  ]);
});

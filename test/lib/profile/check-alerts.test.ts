import { Duration } from 'cdk8s';
import type { AlertTable } from '../../../lib/catalog/alerts';
import { checkProfile } from '../../../lib/profile/check-profile';
import { local } from '../../../lib/profile/local';
import { production } from '../../../lib/profile/production';
import type { Profile } from '../../../lib/profile/profile';

const withTable = (profile: Profile, table: Partial<AlertTable>): Profile => ({
  ...profile,
  alerts: { ...profile.alerts, table: { ...profile.alerts.table, ...table } },
});

const five = Duration.minutes(5);

test.each<readonly [string, Profile, path: string, value: string, fix: string]>([
  [
    'a share that is a percentage',
    withTable(production, { HighErrorRate: { for: five, threshold: 10 } }),
    'table.HighErrorRate.threshold',
    '10',
    'a share between 0 and 1',
  ],
  [
    'a share of 0',
    withTable(production, { LowDiskSpace: { for: five, threshold: 0 } }),
    'table.LowDiskSpace.threshold',
    '0',
    'a share between 0 and 1',
  ],
  [
    'a number of tasks below 0',
    withTable(production, { QueueNotDraining: { for: five, threshold: -1 } }),
    'table.QueueNotDraining.threshold',
    '-1',
    'a number of tasks above 0',
  ],
  [
    'a time that never ends',
    withTable(production, { HighLatency: { for: five, threshold: Infinity } }),
    'table.HighLatency.threshold',
    'Infinity',
    'a number of seconds above 0',
  ],
  [
    'no minimum of traffic',
    { ...production, alerts: { ...production.alerts, minimumRate: 0 } },
    'minimumRate',
    '0 per second',
    'give a rate above 0',
  ],
  [
    'no Watchdog for the dead man who waits for it',
    withTable(production, { Watchdog: 'off' }),
    'table.Watchdog',
    'off',
    'the dead man waits for it',
  ],
])('%s is refused by path, value and fix', (_, profile, path, value, fix) => {
  expect([...checkProfile(profile)]).toEqual([
    { path: `production.alerts.${path}`, value, fix: expect.stringContaining(fix) as string },
  ]);
});

test.each<readonly [string, Profile]>([
  ['an alert that is left out', withTable(production, { HighLatency: 'off' })],
  ['no Watchdog where nobody waits for it', withTable(local, { Watchdog: 'off' })],
  ['an alert at once', withTable(production, { HighLatency: { for: Duration.minutes(0), threshold: 1 } })],
])('%s is accepted', (_, profile) => {
  expect([...checkProfile(profile)]).toEqual([]);
});

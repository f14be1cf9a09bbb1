import { Duration } from 'cdk8s';
import { checkAlertmanager } from '../../../lib/profile/check-alertmanager';
import { production } from '../../../lib/profile/production';
import type { AlertmanagerProfile } from '../../../lib/profile/profile';

const { alertmanager } = production;

const check = (override: Partial<AlertmanagerProfile>) => [
  ...checkAlertmanager('alertmanager', { ...alertmanager, ...override }),
];

test.each<readonly [string, Partial<AlertmanagerProfile>, path: string, value: string, fix: string]>([
  ['no replica', { replicas: 0 }, 'replicas', '0', '1 or more'],
  ['half a replica', { replicas: 2.5 }, 'replicas', '2.5', 'whole number'],
  [
    'a volume of a class without a name',
    { volume: { ...alertmanager.volume, storageClass: { name: '' } } },
    'volume.storageClass.name',
    '""',
    'small letters',
  ],
  ['no processor', { resources: { ...alertmanager.resources, cpu: 0 } }, 'resources.cpu', '0 cores', 'a thousandth'],
])('%s is refused', (_, override, path, value, fix) => {
  expect(check(override)).toEqual([
    { path: `alertmanager.${path}`, value, fix: expect.stringContaining(fix) as string },
  ]);
});

test('its receivers and its timings are looked at, too', () => {
  const timings = { ...alertmanager.timings, startDelay: Duration.hours(1) };
  expect(check({ network: 'none', timings })).toMatchObject([
    { path: 'alertmanager.network' },
    { path: 'alertmanager.timings.startDelay' },
  ]);
});

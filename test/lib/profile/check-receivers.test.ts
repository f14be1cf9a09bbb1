import type { Receiver } from '../../../lib/catalog/receivers';
import { checkReceivers } from '../../../lib/profile/check-receivers';
import { local } from '../../../lib/profile/local';
import { production } from '../../../lib/profile/production';
import type { AlertmanagerProfile, SecretRef } from '../../../lib/profile/profile';

const { alertmanager } = production;
const secret: SecretRef = { secretName: 'receivers', key: 'k' };

const check = (override: Partial<AlertmanagerProfile>) => [
  ...checkReceivers('alertmanager', { ...alertmanager, ...override }),
];
const page = (receiver: Receiver<SecretRef>): Partial<AlertmanagerProfile> => ({
  receivers: { ...alertmanager.receivers, page: receiver },
});
const deadMan = (receiver: Receiver<SecretRef>): Partial<AlertmanagerProfile> => ({
  receivers: { ...alertmanager.receivers, 'dead-man': receiver },
});
const slack = (channel: string) => page({ kind: 'slack', webhookUrl: secret, channel });
const email = (override: Partial<Extract<Receiver<SecretRef>, { kind: 'email' }>>): Partial<AlertmanagerProfile> => ({
  network: { cidrs: ['0.0.0.0/0'], ports: [443, 587] },
  ...page({
    kind: 'email',
    to: 'oncall@example.org',
    from: 'alerts@example.org',
    smarthost: 'smtp.example.org:587',
    login: 'none',
    ...override,
  }),
});

test.each<readonly [string, Partial<AlertmanagerProfile>]>([
  ['an e-mail address, without a login', email({})],
  ['with a login', email({ login: { username: 'alerts', password: secret } })],
  ['a mail server by its address', email({ smarthost: '[fd00::1]:587' })],
  ['a channel by name', slack('#on-call_2')],
  ['a channel by its id', slack('C0123456789')],
  ['Opsgenie', page({ kind: 'opsgenie', apiKey: secret })],
  ['a webhook', page({ kind: 'webhook', url: secret })],
  ['nobody but the dead man', { ...page({ kind: 'interface-only' }) }],
])('%s is fine', (_, override) => {
  expect(check(override)).toEqual([]);
});

test.each<readonly [string, Partial<AlertmanagerProfile>, path: string, value: string, fix: string]>([
  [
    'a Secret of no name',
    page({ kind: 'pagerduty', routingKey: { ...secret, secretName: '' } }),
    'receivers.page.routingKey.secretName',
    '""',
    'small letters',
  ],
  [
    'a key with a slash',
    page({ kind: 'opsgenie', apiKey: { ...secret, key: 'a/b' } }),
    'receivers.page.apiKey.key',
    '"a/b"',
    'letters, digits',
  ],
  [
    'a webhook of no key',
    deadMan({ kind: 'webhook', url: { ...secret, key: '' } }),
    'receivers.dead-man.url.key',
    '""',
    'name a key',
  ],
  [
    'a Slack webhook of no key',
    page({ kind: 'slack', webhookUrl: { ...secret, key: '' }, channel: '#a' }),
    'receivers.page.webhookUrl.key',
    '""',
    'name a key',
  ],
  ['a channel without #', slack('alerts'), 'receivers.page.channel', '"alerts"', '#alerts'],
  ['a channel with a space', slack('#my alerts'), 'receivers.page.channel', '"#my alerts"', '#alerts'],
  ['no channel', slack(''), 'receivers.page.channel', '""', '#alerts'],
  ['an address without a host', email({ to: 'oncall' }), 'receivers.page.to', '"oncall"', 'e-mail address'],
  [
    'two addresses',
    email({ to: 'a@example.org, b@example.org' }),
    'receivers.page.to',
    '"a@example.org, b@example.org"',
    'one e-mail address',
  ],
  ['an address with a name', email({ from: 'A <a@b.org>' }), 'receivers.page.from', '"A <a@b.org>"', 'e-mail address'],
  [
    'a mail server without a port',
    email({ smarthost: 'smtp.example.org' }),
    'receivers.page.smarthost',
    '"smtp.example.org"',
    'host:port',
  ],
  [
    'a mail server at port 70000',
    email({ smarthost: 'a:70000' }),
    'receivers.page.smarthost',
    '"a:70000"',
    'host:port',
  ],
  [
    'a mail server at a port that is not opened',
    email({ smarthost: 'smtp.example.org:25' }),
    'receivers.page.smarthost',
    'smtp.example.org:25',
    'add it to network.ports',
  ],
  [
    'a login without a user',
    email({ login: { username: ' ', password: secret } }),
    'receivers.page.login.username',
    '" "',
    "'none'",
  ],
  [
    'a login without a key',
    email({ login: { username: 'a', password: { ...secret, key: '' } } }),
    'receivers.page.login.password.key',
    '""',
    'name a key',
  ],
  [
    'a dead man who is a channel',
    deadMan({ kind: 'slack', webhookUrl: secret, channel: '#alerts' }),
    'receivers.dead-man.kind',
    'slack',
    'every minute',
  ],
  ['receivers without a network', { network: 'none' }, 'network', 'none', 'the receiver page could not be reached'],
  [
    'a network without receivers',
    { receivers: local.alertmanager.receivers },
    'network',
    '0.0.0.0/0',
    'no receiver is called',
  ],
  ['a network without ranges', { network: { cidrs: [], ports: [443] } }, 'network.cidrs', 'none', 'at least one'],
])('%s is refused', (_, override, path, value, fix) => {
  expect(check(override)).toEqual([
    { path: `alertmanager.${path}`, value, fix: expect.stringContaining(fix) as string },
  ]);
});

describe('a network that opens port 587 alone', () => {
  const mail: Receiver<SecretRef> = {
    kind: 'email',
    to: 'oncall@example.org',
    from: 'alerts@example.org',
    smarthost: 'smtp.example.org:587',
    login: 'none',
  };
  const checkPage = (receiver: Receiver<SecretRef>) =>
    check({
      network: { cidrs: ['0.0.0.0/0'], ports: [587] },
      receivers: { page: receiver, team: mail, 'dead-man': { kind: 'interface-only' } },
    });

  test.each<Receiver<SecretRef>>([
    { kind: 'pagerduty', routingKey: secret },
    { kind: 'slack', webhookUrl: secret, channel: '#alerts' },
    { kind: 'opsgenie', apiKey: secret },
  ])('is refused for $kind', (receiver) => {
    expect(checkPage(receiver)).toEqual([
      {
        path: 'alertmanager.receivers.page.kind',
        value: receiver.kind,
        fix: 'network opens no port 443: add it to network.ports',
      },
    ]);
  });

  test.each<Receiver<SecretRef>>([mail, { kind: 'webhook', url: secret }, { kind: 'interface-only' }])(
    'is fine for $kind, as far as a profile tells',
    (receiver) => {
      expect(checkPage(receiver)).toEqual([]);
    },
  );
});

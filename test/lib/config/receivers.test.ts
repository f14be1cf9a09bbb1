import type { Receiver } from '../../../lib/catalog/receivers';
import { receiverConfig, secretFiles, withSecretFiles, type Receivers } from '../../../lib/config/receivers';

const kinds: { readonly [K in Receiver<string>['kind']]: Extract<Receiver<string>, { kind: K }> } = {
  pagerduty: { kind: 'pagerduty', routingKey: 'S' },
  slack: { kind: 'slack', webhookUrl: 'S', channel: '#alerts' },
  email: {
    kind: 'email',
    to: 'oncall@example.org',
    from: 'alerts@example.org',
    smarthost: 'smtp.example.org:587',
    login: { username: 'alerts', password: 'S' },
  },
  webhook: { kind: 'webhook', url: 'S' },
  opsgenie: { kind: 'opsgenie', apiKey: 'S' },
  'interface-only': { kind: 'interface-only' },
};
const all = Object.values(kinds);

const withPage = (page: Receiver<string>): Receivers<string> => ({
  page,
  team: { kind: 'interface-only' },
  'dead-man': { kind: 'interface-only' },
});

test.each(all)('$kind, for those who are woken', (receiver) => {
  expect(receiverConfig('page', withSecretFiles(withPage(receiver), '/secrets').page)).toMatchSnapshot();
});

test.each(all)('every secret of $kind is a file, whose path alone is in the configuration', (receiver) => {
  const receivers = withPage(receiver);
  const files = secretFiles(receivers);
  const config = JSON.stringify(receiverConfig('page', withSecretFiles(receivers, '/secrets').page));
  expect(Object.values(files)).toEqual(receiver.kind === 'interface-only' ? [] : ['S']);
  for (const file of Object.keys(files)) {
    expect(file).toMatch(/^page-[a-z-]+$/);
    expect(config).toContain(`_file":"/secrets/${file}"`);
  }
  expect(config).not.toContain('"S"');
});

test('two receivers of one kind have files of their own', () => {
  const { slack } = kinds;
  const files = secretFiles({ page: slack, team: { ...slack, webhookUrl: 'T' }, 'dead-man': kinds.webhook });
  expect(files).toEqual({ 'page-webhook-url': 'S', 'team-webhook-url': 'T', 'dead-man-url': 'S' });
});

test('a mail server that asks for no login is given none', () => {
  const receiver: Receiver<string> = { ...kinds.email, login: 'none' };
  const [email] = receiverConfig('page', receiver).email_configs ?? [];
  expect(email).toMatchObject({ require_tls: true });
  expect(Object.keys(email ?? {}).filter((key) => key.startsWith('auth'))).toEqual([]);
  expect(secretFiles(withPage(receiver))).toEqual({});
});

test('whoever is told of an alert is told of its end, but for the dead man', () => {
  const sends = (role: 'page' | 'team' | 'dead-man') => receiverConfig(role, kinds.webhook).webhook_configs;
  expect(sends('page')).toMatchObject([{ send_resolved: true }]);
  expect(sends('team')).toMatchObject([{ send_resolved: true }]);
  expect(sends('dead-man')).toMatchObject([{ send_resolved: false }]);
});

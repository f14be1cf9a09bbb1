import { grafanaSettings, type GrafanaDatabase } from '../../../lib/config/grafana-settings';
import { toIni } from '../../../lib/config/to-ini';

const settings = (url = 'https://grafana.example.org', database: GrafanaDatabase = 'sqlite') =>
  grafanaSettings({
    url,
    listen: { address: '0.0.0.0', port: 3000 },
    paths: { data: '/data', provisioning: '/provisioning', dashboards: '/dashboards', secrets: '/secrets' },
    home: '/dashboards/autoserve/application-overview.json',
    database,
  });

test('the whole file', () => {
  expect(toIni(settings())).toMatchSnapshot();
});

test('every secret comes from a file', () => {
  const { security, database } = settings('https://grafana.example.org', {
    address: 'db:5432',
    name: 'grafana',
    tls: 'system-roots',
  });
  expect(security).toMatchObject({
    admin_user: { file: '/secrets/admin-user' },
    admin_password: { file: '/secrets/admin-password' },
    secret_key: { file: '/secrets/secret-key' },
  });
  expect(database).toMatchObject({
    user: { file: '/secrets/database-user' },
    password: { file: '/secrets/database-password' },
  });
});

test.each([
  ['https://grafana.example.org', true],
  ['http://localhost:3000', false],
])('behind %s, cookies and browsers keep to HTTPS: %s', (url, expected) => {
  expect(settings(url).security).toMatchObject({ cookie_secure: expected, strict_transport_security: expected });
});

test.each([
  ['https://grafana.example.org', false],
  ['https://example.org/grafana', true],
])('behind %s, it serves below a path: %s', (url, expected) => {
  expect(settings(url).server).toMatchObject({ root_url: url, serve_from_sub_path: expected });
});

test.each<readonly [Exclude<GrafanaDatabase, 'sqlite'>['tls'], object]>([
  ['off', { ssl_mode: 'disable' }],
  ['system-roots', { ssl_mode: 'verify-full' }],
  ['own-ca', { ssl_mode: 'verify-full', ca_cert_path: '/secrets/database-ca' }],
])('PostgreSQL, with TLS %s', (tls, expected) => {
  expect(settings('https://a', { address: 'db:5432', name: 'grafana', tls }).database).toEqual({
    type: 'postgres',
    host: 'db:5432',
    name: 'grafana',
    user: { file: '/secrets/database-user' },
    password: { file: '/secrets/database-password' },
    ...expected,
  });
});

test('no plugin is fetched or replaced when it starts: the data sources of the image stay', () => {
  expect(settings().plugins).toEqual({
    preinstall_disabled: true,
    preinstall_auto_update: false,
    plugin_admin_enabled: false,
  });
});

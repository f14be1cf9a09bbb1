import { Size } from 'cdk8s';
import { checkGrafana } from '../../../lib/profile/check-grafana';
import { local } from '../../../lib/profile/local';
import { production } from '../../../lib/profile/production';
import type { GrafanaPostgres, GrafanaProfile, IngressProfile, Profile } from '../../../lib/profile/profile';
import { staging } from '../../../lib/profile/staging';

const postgres: GrafanaPostgres = {
  kind: 'postgres',
  replicas: 2,
  address: 'db.example.org:5432',
  database: 'grafana',
  user: { secretName: 'db', key: 'user' },
  password: { secretName: 'db', key: 'password' },
  tls: 'system-roots',
  network: { cidrs: ['10.0.0.0/8'], ports: [5432] },
};
const ingress: IngressProfile = {
  host: 'grafana.example.org',
  className: 'nginx',
  tlsSecretName: 'grafana-tls',
  controllerNamespace: 'ingress-nginx',
  annotations: {},
};
const profile: Profile = {
  ...production,
  links: { ...production.links, grafana: 'https://grafana.example.org' },
  grafana: { ...production.grafana, store: postgres, ingress },
};

const check = (override: Partial<GrafanaProfile>, link = profile.links.grafana) => [
  ...checkGrafana({
    ...profile,
    links: { ...profile.links, grafana: link },
    grafana: { ...profile.grafana, ...override },
  }),
];
const stored = (override: Partial<GrafanaPostgres>): Partial<GrafanaProfile> => ({
  store: { ...postgres, ...override },
});
const entered = (override: Partial<IngressProfile>): Partial<GrafanaProfile> => ({
  ingress: { ...ingress, ...override },
});
const nameless = { secretName: '', key: 'k' };

test.each<readonly [string, Partial<GrafanaProfile>, path: string, value: string, fix: string]>([
  ['no replica', stored({ replicas: 0 }), 'store.replicas', '0', '1 or more'],
  ['half a replica', stored({ replicas: 1.5 }), 'store.replicas', '1.5', 'whole number'],
  ['an address without a port', stored({ address: 'db' }), 'store.address', '"db"', 'as in postgres.example.org:5432'],
  ['a port that there is not', stored({ address: 'db:99999' }), 'store.address', '"db:99999"', 'from 1 to 65535'],
  ['a port that nothing gets through to', stored({ address: 'db:5433' }), 'store.address', 'db:5433', 'network.ports'],
  ['a database without a name', stored({ database: '' }), 'store.database', '""', 'name a database'],
  ['a name that ends in a comment', stored({ database: 'a#b' }), 'store.database', '"a#b"', 'letters, digits'],
  ['a user from nowhere', stored({ user: nameless }), 'store.user.secretName', '""', 'small letters'],
  ['a password from nowhere', stored({ password: nameless }), 'store.password.secretName', '""', 'small letters'],
  ['a CA from nowhere', stored({ tls: { ca: nameless } }), 'store.tls.ca.secretName', '""', 'small letters'],
  [
    'no address range',
    stored({ network: { cidrs: [], ports: [5432] } }),
    'store.network.cidrs',
    'none',
    'at least one',
  ],
  [
    'an annotation that is none',
    entered({ annotations: { 'cert-manager.io/cluster-issuer': 'a', 'bad key!': 'b' } }),
    'ingress.annotations',
    '"bad key!"',
    'name an annotation',
  ],
  [
    'an annotation of no domain',
    entered({ annotations: { 'a..b/c': 'd' } }),
    'ingress.annotations',
    '"a..b"',
    'small letters',
  ],
  [
    'a volume without a size',
    { store: { kind: 'sqlite', volume: { size: Size.mebibytes(0), storageClass: 'cluster-default' } } },
    'store.volume.size',
    '0 KiB',
    'above 0',
  ],
  [
    'an administrator from nowhere',
    { admin: { ...production.grafana.admin, user: nameless } },
    'admin.user.secretName',
    '""',
    'small letters',
  ],
  [
    'a password of the administrator without a key',
    { admin: { ...production.grafana.admin, password: { secretName: 'a', key: '' } } },
    'admin.password.key',
    '""',
    'name a key',
  ],
  ['a key from nowhere', { secretKey: nameless }, 'secretKey.secretName', '""', 'small letters'],
  ['a class without a name', entered({ className: '' }), 'ingress.className', '""', 'small letters'],
  ['a certificate from nowhere', entered({ tlsSecretName: 'A b' }), 'ingress.tlsSecretName', '"A b"', 'small letters'],
  ['no namespace', entered({ controllerNamespace: '' }), 'ingress.controllerNamespace', '""', 'small letters'],
  [
    'another host than people come by',
    entered({ host: 'charts.example.org' }),
    'ingress.host',
    'charts.example.org',
    'links.grafana leads to grafana.example.org',
  ],
  [
    'no processor',
    { resources: { ...production.grafana.resources, cpu: 0 } },
    'resources.cpu',
    '0 cores',
    'a thousandth',
  ],
])('%s is refused', (_, override, path, value, fix) => {
  expect(check(override)).toEqual([
    { path: `production.grafana.${path}`, value, fix: expect.stringContaining(fix) as string },
  ]);
});

test.each([
  ['http://grafana.example.org', 'tlsSecretName', 'begin with https://'],
  ['https://grafana.example.org:8443', 'host', 'the link no port'],
])('an Ingress is refused where people come by %s', (link, field, fix) => {
  expect(check({}, link)).toMatchObject([
    { path: `production.grafana.ingress.${field}`, fix: expect.stringContaining(fix) as string },
  ]);
});

test.each<readonly [string, Partial<GrafanaProfile>, link: string]>([
  ['PostgreSQL without TLS', stored({ tls: 'off' }), profile.links.grafana],
  ['a CA of its own', stored({ tls: { ca: { secretName: 'db', key: 'ca' } } }), profile.links.grafana],
  ['SQLite', { store: staging.grafana.store }, profile.links.grafana],
  ['a path', {}, 'https://grafana.example.org/grafana'],
  ['no Ingress, and no HTTPS', { ingress: 'none' }, 'http://10.1.2.3:3000'],
])('%s is accepted', (_, override, link) => {
  expect(check(override, link)).toEqual([]);
});

describe('Secrets that everybody knows', () => {
  const open = (override: Partial<Profile>) => [...checkGrafana({ ...local, ...override })];

  test('are for a laptop, where nobody else comes', () => {
    expect(local.secrets).toBe('public');
    expect(open({})).toEqual([]);
    for (const name of ['http://127.0.0.1:3000', 'http://[::1]:3000'])
      expect(open({ links: { ...local.links, grafana: name } })).toEqual([]);
  });

  test.each<readonly [string, Partial<Profile>, fix: string]>([
    ['where people come from elsewhere', { links: { ...local.links, grafana: 'http://10.1.2.3' } }, 'links.grafana'],
    [
      'behind an Ingress',
      {
        grafana: { ...local.grafana, ingress: { ...ingress, host: 'localhost' } },
        links: { ...local.links, grafana: 'https://localhost' },
      },
      'grafana.ingress',
    ],
  ])('are refused %s', (_, override, fix) => {
    expect(open(override)).toEqual([
      { path: 'local.secrets', value: 'public', fix: expect.stringContaining(fix) as string },
    ]);
  });

  test.each([staging, production])('are not those of profile $name', ({ secrets }) => {
    expect(secrets).toBe('by-site');
  });
});

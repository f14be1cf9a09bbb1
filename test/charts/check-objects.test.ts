import { checkObjects } from '../../charts/check-objects';
import type { Manifest } from '../../charts/manifest';

const check = (...objects: readonly Manifest[]) => [...checkObjects(objects)];

const configMap = (data: object, name = 'a'): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'watch' },
  data,
});
const deployment = (env: readonly object[]): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a', namespace: 'watch' },
  spec: { template: { spec: { containers: [{ name: 'main', env }] } } },
});

// Put together here, so that no scanner takes this file for a leak.
const looksLike = {
  'a private key': ['-----BEGIN RSA ', 'PRIVATE KEY-----'].join(''),
  'an AWS access key': ['AKIA', '0123456789ABCDEF'].join(''),
  'a Slack token': ['xoxb-', '0123456789'].join(''),
  'a GitHub token': ['ghp_', 'a'.repeat(36)].join(''),
  'a URL with a password': ['postgres://user', ':word@db/shop'].join(''),
};

test.each(Object.entries(looksLike))('%s in any text is refused, and not repeated in the error', (what, text) => {
  const [problem] = check(configMap({ 'a.yaml': `key: ${text}` }));
  expect(problem).toEqual({
    path: 'watch/ConfigMap/a.data.a.yaml',
    value: `${text.length + 5} characters`,
    fix: expect.stringContaining(what) as string,
  });
});

test.each(['SMTP_PASSWORD', 'API_KEY', 'APIKEY', 'AUTH_TOKEN', 'client_secret'])(
  'a value of the variable %s is refused, and not repeated in the error',
  (name) => {
    expect(check(deployment([{ name, value: 'hunter2' }]))).toEqual([
      {
        path: `watch/Deployment/a.main.env.${name}`,
        value: '7 characters',
        fix: expect.stringContaining('mount a key of a Secret') as string,
      },
    ]);
  },
);

test.each<readonly [string, Manifest]>([
  ['a variable that takes its value from elsewhere', deployment([{ name: 'PASSWORD', valueFrom: {} }])],
  ['a variable that names a file', deployment([{ name: 'PASSWORD_FILE', value: '/etc/secrets/password' }])],
  ['a URL without a password', configMap({ a: 'postgres://user@db/shop https://example.org:443/a@b' })],
  ['a ConfigMap of 255 KiB', configMap({ a: 'x'.repeat(255 * 1024) })],
])('%s is accepted', (_, object) => {
  expect(check(object)).toEqual([]);
});

test('a Secret is refused', () => {
  expect(check({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'watch' } })).toMatchObject([
    { path: 'watch/Secret/a', value: 'Secret' },
  ]);
});

test('a ConfigMap that kubectl could not apply is refused', () => {
  const fix = expect.stringContaining('kubectl apply takes at most 256 KiB') as string;
  expect(check(configMap({ a: 'x'.repeat(257 * 1024) }))).toMatchObject([
    { path: 'watch/ConfigMap/a', value: '258 KiB', fix },
  ]);
});

test('two objects of one kind, namespace and name are refused', () => {
  expect(check(configMap({}), configMap({}), configMap({}, 'b'))).toEqual([
    { path: 'watch/ConfigMap/a', value: 'a', fix: 'two objects have that name: rename one' },
  ]);
});

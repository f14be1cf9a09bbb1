import { kustomization } from '../../../lib/config/kustomization';
import { publicSecrets } from '../../../lib/config/public-secrets';

const files = {
  'admin-user': { secretName: 'grafana', key: 'user' },
  'admin-password': { secretName: 'grafana', key: 'password' },
  'secret-key': { secretName: 'key', key: 'k' },
};

test("the guide's administrator, by the names that the profile gives", () => {
  expect(publicSecrets(files, 'watch')).toEqual([
    { name: 'grafana', namespace: 'watch', literals: ['user=admin', 'password=admin'] },
    { name: 'key', namespace: 'watch', literals: [expect.stringMatching(/^k=.{16,}$/)] },
  ]);
});

test('what nobody knows beforehand is not among them', () => {
  expect(publicSecrets({ 'database-password': { secretName: 'db', key: 'password' } }, 'watch')).toEqual([]);
});

test('a kustomization without any makes none; with some, under the names that pods mount', () => {
  expect(kustomization(['a.yaml'], [])).not.toHaveProperty('secretGenerator');
  expect(kustomization(['a.yaml'], publicSecrets(files, 'watch'))).toMatchObject({
    secretGenerator: [{ name: 'grafana' }, { name: 'key' }],
    generatorOptions: { disableNameSuffixHash: true },
  });
});

import { folders } from '../../../lib/catalog/dashboards';
import { dashboardProviders, toProvisioningYaml } from '../../../lib/config/grafana-provisioning';

const { providers } = dashboardProviders('/dashboards');

test('the whole file', () => {
  expect(toProvisioningYaml(dashboardProviders('/dashboards'))).toMatchSnapshot();
});

test('each folder of the catalog has the files of its own directory', () => {
  expect(providers.map(({ folder, folderUid, options }) => [folderUid, folder, options.path])).toEqual(
    Object.entries(folders).map(([uid, { title }]) => [uid, title, `/dashboards/${uid}`]),
  );
});

test('the files decide: nothing is saved over them, and what is gone goes', () => {
  for (const provider of providers) expect(provider).toMatchObject({ allowUiUpdates: false, disableDeletion: false });
});

test('a $ is doubled, for Grafana to read one', () => {
  expect(toProvisioningYaml({ a: '$x ${y} $$' })).toBe('a: $$x $${y} $$$$\n');
});

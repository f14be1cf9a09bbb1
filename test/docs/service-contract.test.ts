import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { services } from '../../lib/catalog/components';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { workloadsOf } from '../manifests/output';

const page = readFileSync(join(__dirname, '../../docs/service-contract.md'), 'utf8');

/** The variables of the page's table, each with the services that it is said to be set for. */
const documented = [...page.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\|/gm)].map(([, variable = '', setFor = '']) => ({
  variable,
  setFor: setFor === 'all' ? services : setFor.replaceAll('`', '').split(', '),
}));

describe.each(profileNames)('in profile %s', (profile) => {
  const workloads = workloadsOf(rendered(profiles[profile]));

  test.each(services)('the variables that %s gets are those of docs/service-contract.md', (service) => {
    const containers = workloads.find(({ name }) => name === service)?.containers ?? [];
    const set = containers.flatMap(({ env = [] }) => env.map(({ name }) => name));
    const expected = documented.filter(({ setFor }) => setFor.some((name) => name === service));
    expect(set.sort()).toEqual(expected.map(({ variable }) => variable).sort());
  });
});

test('docs/service-contract.md names no other variable', () => {
  const named = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual(documented.map(({ variable }) => variable).sort());
});

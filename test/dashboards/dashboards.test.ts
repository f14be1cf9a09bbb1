import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { problemsOf } from '../../charts/stack';
import { allDashboards } from '../../dashboards/all';
import { dashboards, dashboardUids } from '../../lib/catalog/dashboards';
import type { Profile } from '../../lib/profile/profile';
import { dashboardsOf, panelsOf } from '../harness/dashboards';
import { profileNames, profiles } from '../harness/rendered';

const root = join(__dirname, '../..');

test('every dashboard is under its own uid', () => {
  expect(allDashboards.map(({ uid }) => uid)).toEqual(dashboardUids);
});

test('no folder has two dashboards of one title, at which Grafana would take none of it anew', () => {
  const inFolders = Object.values(dashboards).map(({ folder, title }) => `${folder}/${title}`);
  expect(inFolders).toEqual([...new Set(inFolders)]);
});

test('each has a file of its name', () => {
  const files = readdirSync(join(root, 'dashboards')).filter((file) => !['all.ts', 'variables.ts'].includes(file));
  expect(files.toSorted()).toEqual(dashboardUids.map((uid) => `${uid}.ts`).toSorted());
  for (const uid of dashboardUids)
    expect(readFileSync(join(root, 'dashboards', `${uid}.ts`), 'utf8')).toContain(`uid: '${uid}'`);
});

test('a deployment that keeps less than a panel looks back is refused before anything is written', () => {
  const { production } = profiles;
  const forgetful = { ...production, prometheus: { ...production.prometheus, retention: Duration.minutes(5) } };
  const paths = (profile: Profile) => [...problemsOf(profile)].map(({ path }) => path);
  expect(paths(production)).toEqual([]);
  expect(paths(forgetful)).toContainEqual(expect.stringMatching(/^production\.dashboards\.[\w-]+\./));
});

/** What one ConfigMap may hold of them, well below its 1 MiB, so that each stays one that people can read. */
const mostBytes = 256 * 1024;

describe.each(profileNames)('with the profile %s', (name) => {
  const profile = profiles[name];
  describe.each(dashboardsOf(profile).map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (_, dashboard) => {
    const { templating, annotations, panels, links } = dashboard;

    test('says what it is for, and of which environment', () => {
      expect(dashboard.title).not.toBe('');
      expect(dashboard.description).toMatch(/^[A-Z].*\.$/s);
      expect(dashboard.tags).toEqual(['autoserve', profile.name]);
    });

    test('cannot be changed in Grafana, where the change would be lost', () => {
      expect(dashboard.editable).toBe(false);
    });

    test('is small', () => {
      expect(JSON.stringify(dashboard).length).toBeLessThan(mostBytes);
    });

    test('lets people choose among stored values, and type nothing', () => {
      for (const variable of templating.list)
        expect(variable).toMatchObject({ type: 'query', multi: true, includeAll: true, allowCustomValue: false });
      expect(new Set(templating.list.map((variable) => variable.name)).size).toBe(templating.list.length);
    });

    test('uses every variable that it has, and no other', () => {
      const names = templating.list.map((variable) => variable.name);
      const text = JSON.stringify([
        templating.list.map(({ query }) => query),
        annotations.list,
        panels.map(({ title, targets }) => [title, targets]),
      ]);
      const used = [...text.matchAll(/\$\{?([a-z]\w*)/g)].map(([, variable = '']) => variable);
      const repeated = panels.flatMap(({ repeat }) => repeat ?? []);
      expect([...new Set([...used, ...repeated])].toSorted()).toEqual(names.toSorted());
    });

    test('puts no value into a query but in a matcher', () => {
      const text = JSON.stringify(panels.map(({ targets }) => targets));
      expect(text).not.toMatch(/\$\{[^}]*:|\[\[/);
      for (const [use, before = ''] of text.matchAll(/(.{5})\$[a-z]\w*/g))
        expect({ use, before }).toEqual({ use, before: expect.stringMatching(/=~\\"$|e":"$/) as unknown });
    });

    test('marks deployments and alerts', () => {
      expect(annotations.list.map((annotation) => annotation.name)).toEqual(['Deployments', 'Firing alerts']);
    });

    test('leads to the other dashboards, the runbooks, Alertmanager and Prometheus', () => {
      expect(links.map(({ type, url, tags }) => (type === 'dashboards' ? tags : url))).toEqual([
        ['autoserve'],
        profile.links.runbooks,
        profile.links.alertmanager,
        profile.links.prometheus,
      ]);
    });

    test('leads from its panels to dashboards and runbooks that there are', () => {
      for (const { title, links: ofPanel = [] } of panelsOf(dashboard))
        for (const { url = '' } of ofPanel) {
          const [, uid] = /^\/d\/([\w-]+)\?\$\{__url_time_range\}&\$\{__all_variables\}$/.exec(url) ?? [];
          if (uid !== undefined) {
            expect({ title, uid: dashboardUids }).toEqual({ title, uid: expect.arrayContaining([uid]) as unknown });
            expect({ title, uid }).not.toEqual({ title, uid: dashboard.uid });
            continue;
          }
          expect(url.slice(0, profile.links.runbooks.length + 1)).toBe(`${profile.links.runbooks}/`);
          const file = join(root, 'docs/runbooks', url.slice(profile.links.runbooks.length));
          expect({ file, isThere: existsSync(file) }).toEqual({ file, isThere: true });
        }
    });

    test('has no link that is hidden in its data', () => {
      for (const { fieldConfig } of panelsOf(dashboard)) expect(JSON.stringify(fieldConfig ?? {})).not.toContain('url');
    });
  });
});

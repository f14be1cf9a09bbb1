import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allDashboards } from '../../dashboards/all';
import { dashboardsFile, dashboardsPage } from '../../docs/dashboards';

test('docs/dashboards.md is what the dashboards give; when it is not, run `npm run docs`', () => {
  expect(readFileSync(dashboardsFile, 'utf8')).toBe(dashboardsPage);
});

test('every panel is in it, with what good looks like', () => {
  for (const { rows } of allDashboards)
    for (const { signal } of rows.flatMap(({ panels }) => panels)) {
      expect(dashboardsPage).toContain(`| ${signal.title} `);
      expect(dashboardsPage).toContain(signal.description.replaceAll('|', '\\|'));
    }
});

test('every page and section that it links is there', () => {
  for (const [, target = ''] of dashboardsPage.matchAll(/\]\(([^)]+)\)/g))
    if (target.startsWith('#'))
      expect(dashboardsPage.toLowerCase().replaceAll(' ', '-')).toContain(`##-${target.slice(1)}\n`);
    else
      expect({ target, isThere: existsSync(join(dirname(dashboardsFile), target)) }).toEqual({ target, isThere: true });
});

test('the sample of a row shows signals that there are', () => {
  const [sample = ''] = /(?<=```ts\n)row[^`]*/.exec(dashboardsPage) ?? [];
  const signals = [...sample.matchAll(/timeSeries\((\w+)/g)].map(([, signal = '']) => signal);
  expect(signals.length).toBeGreaterThan(1);
  const directory = join(__dirname, '../../lib/signals');
  const text = readdirSync(directory)
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('\n');
  for (const signal of signals) expect(text).toContain(`export const ${signal}: Signal = `);
});

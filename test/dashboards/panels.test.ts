import { alertNames, type AlertName, type AlertTable } from '../../lib/catalog/alerts';
import type { Profile } from '../../lib/profile/profile';
import { dashboardsOf, panelPairs, panelsOf } from '../harness/dashboards';
import { profileNames, profiles } from '../harness/rendered';

/** Grafana's own names for units, of those that we use. */
const units =
  'percentunit percent s ms bytes binBps currencyUSD dateTimeAsIso reqps ops short none dateTimeFromNow'.split(' ');

/** What an empty panel says: a sentence, and no more. */
const sentence = /^[A-Z][^.]{5,80}\.$/;

/** A panel as people speak of it. */
const nameOf = ({ title, type }: { readonly title: string; readonly type: string }): string => `${title} (${type})`;

const repeatedOf = <T>(all: readonly T[]): readonly T[] => all.filter((each, index) => all.indexOf(each) !== index);

describe.each(profileNames)('with the profile %s', (name) => {
  const profile = profiles[name];
  const dashboards = dashboardsOf(profile);

  describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (_, dashboard) => {
    const panels = panelsOf(dashboard);

    test('has a title, a description and a unit on every panel', () => {
      for (const panel of panels) {
        expect(panel.title).toMatch(/^([A-Z0-9]|p\d)/);
        expect({ of: nameOf(panel), description: panel.description }).toEqual({
          of: nameOf(panel),
          description: expect.stringMatching(/^[A-Z].{20,}\.$/s) as unknown,
        });
        const unit = panel.fieldConfig?.defaults.unit ?? '';
        const isKnown = units.includes(unit) || /^(suffix|si):\s?[^\s].*$/.test(unit);
        expect({ of: nameOf(panel), unit, isKnown }).toEqual({ of: nameOf(panel), unit, isKnown: true });
        const { noValue } = panel.fieldConfig?.defaults ?? {};
        if (noValue !== undefined) expect(noValue).toMatch(sentence);
      }
    });

    test('has rows and panels of different names and ids', () => {
      const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
      for (const names of [rows, panels.map(nameOf)]) expect(repeatedOf(names)).toEqual([]);
      expect(repeatedOf(dashboard.panels.map(({ id }) => id))).toEqual([]);
      expect(dashboard.panels[0]?.type).toBe('row');
    });

    test('has panels in every row, each line of which is full', () => {
      const lines = new Map<string, number>();
      let row = '';
      for (const { type, title, gridPos } of dashboard.panels) {
        if (type === 'row') row = title;
        const line = `${row}, at ${gridPos.y}`;
        lines.set(line, (lines.get(line) ?? 0) + gridPos.w);
      }
      for (const [line, width] of lines) expect({ line, width }).toEqual({ line, width: 24 });
    });

    test('puts no panel upon another', () => {
      const cells = new Map<string, string>();
      for (const { title, gridPos } of dashboard.panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect([title, cells.get(`${x} ${y}`)]).toEqual([title, undefined]);
            cells.set(`${x} ${y}`, title);
          }
      }
    });
  });

  test('every panel links the runbooks of the alerts that watch it', () => {
    for (const [{ links = [] }, { signal }] of panelPairs(profile))
      expect(links.map(({ title }) => title).filter((title) => title.startsWith('Runbook of '))).toEqual(
        (signal.watchedBy ?? [])
          .filter(({ alert }) => profile.alerts.table[alert] !== 'off')
          .map(({ alert }) => `Runbook of ${alert}`),
      );
  });
});

const { production } = profiles;

/** Production with other settings of each alert. */
const withAlerts = (change: (settings: AlertTable[AlertName]) => object | 'off'): Profile => ({
  ...production,
  alerts: {
    ...production.alerts,
    table: Object.fromEntries(alertNames.map((name) => [name, change(production.alerts.table[name])])) as AlertTable, // fromEntries forgets the names
  },
});

const thresholdOf = (table: AlertTable, name: AlertName): number | undefined => {
  const settings = table[name];
  return settings !== 'off' && 'threshold' in settings ? settings.threshold : undefined;
};

test.each([
  ['as they are', (threshold: number) => threshold],
  ['when the profile changes them', (threshold: number) => threshold * 1.75],
])('the thresholds of the alerts are those of the panels, %s', (_, by) => {
  const profile = withAlerts((settings) =>
    settings !== 'off' && 'threshold' in settings ? { ...settings, threshold: by(settings.threshold) } : settings,
  );
  let drawn = 0;
  for (const [{ title, fieldConfig }, { signal }] of panelPairs(profile)) {
    const limits = [signal.limits?.orange, signal.limits?.red].filter((limit) => limit !== undefined);
    const ofAlerts = (signal.watchedBy ?? []).flatMap(({ alert, fires }) =>
      fires === undefined ? [] : (thresholdOf(profile.alerts.table, alert) ?? []),
    );
    const steps = fieldConfig?.defaults.thresholds.steps.flatMap(({ value }) => value ?? []);
    expect({ title, steps }).toEqual({
      title,
      steps: [...new Set([...ofAlerts, ...limits])].toSorted((a, b) => a - b),
    });
    drawn += ofAlerts.length;
  }
  expect(drawn).toBeGreaterThan(10);
});

test('an alert that is off has neither threshold nor runbook on a panel', () => {
  for (const [{ title, links = [], fieldConfig }, { signal }] of panelPairs(withAlerts(() => 'off'))) {
    expect(links.filter((link) => link.title.startsWith('Runbook'))).toEqual([]);
    const drawn = fieldConfig?.defaults.thresholds.steps.flatMap(({ value }) => value ?? []) ?? [];
    expect({ title, isOwn: drawn.length === 0 || signal.limits !== undefined }).toEqual({ title, isOwn: true });
  }
});

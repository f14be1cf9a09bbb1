import { ruleGroupsOf } from '../../charts/rule-files';
import { allDashboards } from '../../dashboards/all';
import { alertNames } from '../../lib/catalog/alerts';
import { anomalySignals } from '../../lib/catalog/anomaly-signals';
import { catalog } from '../../lib/catalog/catalog';
import { metricsOf } from '../../lib/config/dashboards/check-dashboards';
import type { Dashboard } from '../../lib/config/dashboards/panel';
import { queriesOf } from '../../lib/config/dashboards/visualisation';
import type { RecordingRule, Rule, RuleGroup } from '../../lib/config/rule-file';
import { production } from '../../lib/profile/production';
import { profileNames, profiles } from '../harness/rendered';
import { syntaxErrors } from '../lib/query/promql/parse';

const groups: readonly RuleGroup[] = Object.values(ruleGroupsOf(production)).flat();
const rules = groups.flatMap((group) => group.rules);
const nameOf = (rule: Rule): string =>
  'series' in rule ? [rule.series.name, ...Object.values(rule.labels)].join(' ') : rule.alert;

const declared = catalog.filter(({ exposedBy }) => exposedBy === 'rules').map(({ name }) => name);
const recordingRules = rules.flatMap((rule) => ('series' in rule ? [rule] : []));
const namesAsked = (asking: readonly Rule[]): readonly string[] =>
  asking.flatMap(({ expr }) => expr.uses.map(({ metric }) => metric.name));

test.each(rules.map((rule) => [nameOf(rule), rule.expr.text]))('%s is PromQL that the grammar accepts', (_, text) => {
  expect(syntaxErrors(text)).toEqual([]);
});

test('every recorded series of the catalog is computed, and no other', () => {
  expect(new Set(recordingRules.map(({ series }) => series.name))).toEqual(new Set(declared));
});

test('rules that record the same series set the same labels, each to other values', () => {
  for (const name of declared) {
    const ofOne = recordingRules.filter(({ series }) => series.name === name);
    expect([name, new Set(ofOne.map(({ labels }) => Object.keys(labels).join())).size]).toEqual([name, 1]);
    expect([name, new Set(ofOne.map(nameOf)).size]).toEqual([name, ofOne.length]);
  }
});

test('no recording rule asks for a series that is only recorded later', () => {
  const early = recordingRules.flatMap((rule, index) => {
    const names = (each: readonly RecordingRule[]) => each.map(({ series }) => series.name);
    const before = names(recordingRules.slice(0, index));
    // Of a series that several rules compute, all come first; but one of them may look at another.
    const later = names(recordingRules.slice(index)).filter((name) => name !== rule.series.name);
    return namesAsked([rule]).filter(
      (name) => declared.includes(name) && (later.includes(name) || !before.includes(name)),
    );
  });
  expect(early).toEqual([]);
});

const namesShown = (dashboards: readonly Dashboard[]): readonly string[] =>
  dashboards.flatMap(({ rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap((panel) => queriesOf(panel).flatMap((query) => metricsOf(query).map(({ name }) => name))),
    ),
  );

/** The recorded series that no rule, no dashboard and no anomaly detector looks at. */
const unused = (dashboards: readonly Dashboard[]): readonly string[] => {
  const judged = Object.values(anomalySignals).map(({ name }) => name);
  const asked = new Set([...namesAsked(rules), ...namesShown(dashboards), ...judged]);
  return declared.filter((name) => !asked.has(name));
};

test('every recorded series is looked at', () => {
  expect(unused(allDashboards)).toEqual([]);
});

test('a recorded series that only dashboards show would be found without them', () => {
  expect(unused([])).toContain('slo:error_budget:remaining_ratio');
});

test('groups have names of their own', () => {
  const names = groups.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('production has every alert, each once', () => {
  const alerts = rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : []));
  expect(alerts.sort()).toEqual([...alertNames].sort());
});

test.each(profileNames)(
  'every alert of profile %s says who is called, what is wrong and where to read on',
  (profile) => {
    const alerts = Object.values(ruleGroupsOf(profiles[profile])).flatMap((each) =>
      each.flatMap((group) => group.rules.flatMap((rule) => ('alert' in rule ? [rule] : []))),
    );
    expect(alerts).not.toEqual([]);
    for (const { alert, labels, annotations } of alerts) {
      expect([alert, labels]).toEqual([
        alert,
        { severity: expect.stringMatching(/^\w+$/) as string, service: expect.stringMatching(/./) as string },
      ]);
      expect([alert, annotations]).toEqual([
        alert,
        expect.objectContaining({
          summary: expect.stringMatching(/./) as string,
          description: expect.stringMatching(/\.$/) as string,
          runbook_url: expect.stringMatching(new RegExp(`^https?://.*${alert}`)) as string,
          dashboard_url: expect.stringMatching(/^https?:\/\/.*\/d\//) as string,
        }),
      ]);
    }
  },
);

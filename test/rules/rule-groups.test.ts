import { catalog } from '../../lib/catalog/catalog';
import { ruleGroups } from '../../rules/rule-groups';
import { syntaxErrors } from '../lib/query/promql/parse';

const rules = ruleGroups.flatMap((group) => group.rules.map((rule) => ({ group: group.name, ...rule })));

test.each(rules)('$series.name of group $group is PromQL that the grammar accepts', ({ expr }) => {
  expect(syntaxErrors(expr.text)).toEqual([]);
});

test('every recorded series of the catalog is computed by exactly one rule', () => {
  const declared = catalog.filter(({ exposedBy }) => exposedBy === 'rules').map(({ name }) => name);
  expect(rules.map(({ series }) => series.name).sort()).toEqual(declared.sort());
});

test('no rule asks for a series that another rule records later', () => {
  const recordedSoFar = new Set<string>();
  const early: string[] = [];
  for (const { series, expr } of rules) {
    const asked = expr.uses.map(({ metric }) => metric).filter(({ exposedBy }) => exposedBy === 'rules');
    early.push(...asked.map(({ name }) => name).filter((name) => !recordedSoFar.has(name)));
    recordedSoFar.add(series.name);
  }
  expect(early).toEqual([]);
});

test('groups have names of their own', () => {
  const names = ruleGroups.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

import { alertNames, type AlertName } from '../../lib/catalog/alerts';
import { equivalents } from '../rules/equivalents';
import { mutate, type MutationOutcome } from '../rules/mutation-run';
import { scenarios } from '../rules/scenarios/all';

/** Below this share, scenarios would let too much pass. */
const enough = 0.8;

const outcomes = new Map<AlertName, MutationOutcome>();

const equivalentOf = (name: AlertName): readonly string[] => Object.keys(equivalents[name] ?? {});

/** Plays the mutants of all alerts, of two at a time. */
beforeAll(async () => {
  const left = [...alertNames];
  const next = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift())
      outcomes.set(name, await mutate(name, scenarios[name], equivalentOf(name)));
  };
  await Promise.all([next(), next()]);
}, 600_000);

const outcomeOf = (name: AlertName): MutationOutcome => {
  const { mutants, survivors } = outcomes.get(name) ?? { mutants: [], survivors: [] };
  const told = equivalentOf(name);
  return {
    mutants: mutants.filter((mutant) => !told.includes(mutant.name)),
    survivors: survivors.filter((mutant) => !told.includes(mutant.name)),
  };
};

test.each(alertNames)('the scenarios of %s catch a mutant of each kind that its expression has', (name) => {
  const { mutants: all, survivors } = outcomeOf(name);
  const mutants = all.filter(({ kind }) => kind !== 'wait');
  const caught = mutants.filter((mutant) => !survivors.includes(mutant));
  expect(caught).not.toEqual([]);
  expect(new Set(caught.map(({ kind }) => kind))).toEqual(new Set(mutants.map(({ kind }) => kind)));
});

test.each(Object.keys(equivalents) as AlertName[])('what is said to be as good as %s is', (name) => {
  const survivors = outcomes.get(name)?.survivors.map((mutant) => mutant.name) ?? [];
  expect(equivalentOf(name).filter((mutant) => !survivors.includes(mutant))).toEqual([]);
});

test('the scenarios catch most mutants', () => {
  const all = alertNames.flatMap((name) => outcomeOf(name).mutants);
  const survivors = alertNames.map((name) => ({ name, left: outcomeOf(name).survivors }));
  const caught = all.length - survivors.reduce((sum, { left }) => sum + left.length, 0);
  const lines = survivors.flatMap(({ name, left }) =>
    left.length === 0 ? [] : [`  ${name} survives ${left.map((mutant) => mutant.name).join(', ')}`],
  );
  const score = `mutation score: ${caught}/${all.length} (${Math.floor((100 * caught) / all.length)} %)`;
  process.stderr.write(`${[score, ...lines].join('\n')}\n`);
  expect(caught / all.length).toBeGreaterThanOrEqual(enough);
});

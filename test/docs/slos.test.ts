import { readFileSync } from 'node:fs';
import { slos, slosFile } from '../../docs/slos';
import { objectives } from '../../lib/catalog/objectives';

test('docs/slos.md is what the objectives give; when it is not, run `npm run docs`', () => {
  expect(readFileSync(slosFile, 'utf8')).toBe(slos);
});

test('every objective is in it, with the time to notice unless another speaks for it', () => {
  for (const [name, objective] of Object.entries(objectives))
    expect(slos.split(`| \`${name}\``).length - 1).toBe('alertsBy' in objective ? 1 : 2);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../lib/catalog/catalog';
import { seriesNames } from '../../lib/catalog/metric';
import packageJson from '../../package.json';
import { syntaxErrors } from '../lib/query/promql/parse';

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

const matches = (pattern: RegExp): readonly string[] => [
  ...new Set([...readme.matchAll(pattern)].map(([, text = '']) => text)),
];

test.each(matches(/\]\(((?:docs|lib|test)\/[^)#]+)/g))('README links to %s, which exists', (path) => {
  expect(existsSync(join(root, path))).toBe(true);
});

test.each(matches(/`((?:lib|charts|rules|apps|tools|test|docs)\/[^`<*{ ]*|site\.ts)`/g))(
  'README names %s, which exists',
  (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  },
);

test.each(matches(/npm run ([a-z0-9:]+)/g))('`npm run %s` is a script', (script) => {
  expect(Object.keys(packageJson.scripts)).toContain(script);
});

const queries = matches(/```promql\n([^`]*)```/g).flatMap((block) => block.trim().split('\n'));

test.each(queries)('the query %s parses and asks catalogued metrics alone', (query) => {
  expect(syntaxErrors(query)).toEqual([]);
  const known = new Set(catalog.flatMap(seriesNames));
  const asked = [...query.matchAll(/\b[a-z]+(?:_[a-z]+)+\b(?!\s*\()/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { transformSync } from '@swc/core';
import * as cdk8s from 'cdk8s';
import { problemsOf } from '../../charts/stack';
import { catalog } from '../../lib/catalog/catalog';
import { components, type Component } from '../../lib/catalog/components';
import { seriesNames } from '../../lib/catalog/metric';
import { production } from '../../lib/profile/production';
import type { Profile, SecretRef } from '../../lib/profile/profile';
import { logQueries } from '../../lib/signals/logs';
import { traceQueries, type TraceQuery } from '../../lib/signals/traces';
import packageJson from '../../package.json';
import { profileNames, profiles } from '../harness/rendered';
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

const known = new Set(catalog.flatMap(seriesNames));

const queries = matches(/```promql\n([^`]*)```/g).flatMap((block) => block.trim().split('\n'));

test.each(queries)('the query %s parses and asks catalogued metrics alone', (query) => {
  expect(syntaxErrors(query)).toEqual([]);
  const asked = [...query.matchAll(/\b[a-z]+(?:_[a-z]+)+\b(?!\s*\()/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

test.each(Object.values(logQueries))('$title: asked as the model has it', ({ expression }) => {
  expect(readme).toContain(`logs '${expression.text}'`);
});

test.each(Object.values<TraceQuery>(traceQueries))('$title: asked as the model has it', (query) => {
  if (query.kind === 'dependencies') {
    expect(readme).toContain(`/api/dependencies?endTs=\${now}000&lookback=${query.range.toMilliseconds()}`);
    return;
  }
  const { service, tags, minDuration, range } = query;
  expect(readme).toContain(`-d service=${service} -d limit=20 \\\n    -d start=$((now - ${range.toSeconds()}))000000`);
  if (Object.keys(tags).length > 0) expect(readme).toContain(`search --data-urlencode 'tags=${JSON.stringify(tags)}'`);
  if (minDuration !== undefined) expect(readme).toContain(`search -d minDuration=${minDuration.toMilliseconds()}ms`);
});

test.each(matches(/`((?:fluentbit|loki|otelcol|prometheus|traces)_\w+)`/g))('%s is a metric that is kept', (name) => {
  expect(known).toContain(name);
});

test('what is forwarded is a port of what it is forwarded to', () => {
  const forwarded = [
    ...readme.matchAll(/port-forward (?:-n \S+ )?(svc|daemonset|deploy)\/([\w-]+)(?: -n \S+)? (?:\d+:)?(\d+)/g),
  ].map(([, kind, name = '', port]) => ({ kind, name, port: Number(port) }));
  expect(forwarded.length).toBeGreaterThan(0);
  const found = new Map(Object.entries<Component>(components));
  const isOffered = ({ kind, name, port }: (typeof forwarded)[number]): boolean => {
    const { ports = {}, servicePorts = {} } = found.get(name) ?? {};
    return Object.values(kind === 'svc' ? { ...ports, ...servicePorts } : ports).includes(port);
  };
  expect(forwarded.filter((each) => !isOffered(each))).toEqual([]);
});

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

test.each(pages)('every command of %s is one that a shell can read', (page) => {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n([^]*?)^```/gm)].map(
    ([, text = '']) => text,
  );
  const errors = blocks.map((input) => spawnSync('sh', ['-n'], { input, encoding: 'utf8' }).stderr);
  expect(errors.filter((text) => text !== '')).toEqual([]);
});

describe('the samples of site.ts', () => {
  const samples = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n([^]*?export const site = [^]*?)^```/gm)].map(
      ([, text = ''], index) => ({ name: `${page}, ${index + 1}`, text }),
    ),
  );

  /** The function that the sample exports. */
  const siteOf = (text: string): ((profile: Profile) => Profile) => {
    const { code } = transformSync(text, { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } });
    const exported: { site?: (profile: Profile) => Profile } = {};
    const load = runInThisContext(`(exports, require) => {${code}\n}`) as (
      exports: object,
      load: () => unknown,
    ) => void;
    load(exported, () => cdk8s);
    if (exported.site === undefined) throw new Error('the sample exports no site');
    return exported.site;
  };

  test('are there', () => {
    expect(samples.length).toBeGreaterThan(0);
  });

  test.each(samples)('$name changes one profile, into one that works', ({ text }) => {
    const site = siteOf(text);
    const changed = profileNames.filter((name) => site(profiles[name]) !== profiles[name]);
    expect(changed).toHaveLength(1);
    for (const name of changed) {
      expect([...problemsOf(site(profiles[name]))]).toEqual([]);
      expect(site(profiles[name])).not.toEqual(profiles[name]);
    }
  });
});

/** A row of the table of profiles. */
const row = (what: string): readonly string[] =>
  (new RegExp(`^\\| ${what} +\\|(.*)\\|$`, 'm').exec(readme)?.[1] ?? '').split('|').map((cell) => cell.trim());

test('the table of profiles names the stores that they have', () => {
  const kindOf = ({ logs }: Profile): string => (logs.loki.objects === 'volume' ? 'volume' : logs.loki.objects.kind);
  for (const [index, name] of profileNames.entries()) {
    expect(row('what')[index]).toBe(`\`${name}\``);
    expect(row('Loki')[index]).toContain(`\`${kindOf(profiles[name])}\``);
    expect(row("Jaeger's store")[index]).toContain(`\`${profiles[name].traces.store.kind}\``);
    expect(row('log lines dropped')[index]).toBe(profiles[name].logs.reduction.debug === 'drop' ? '`DEBUG`' : 'none');
    expect(row('traces that are kept')[index] === 'all').toBe(profiles[name].traces.tailSampling === 'keep-all');
  }
});

/** Every Secret that a value names, and the key where it names one. */
const secretsIn = (value: unknown): readonly Partial<SecretRef>[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(secretsIn);
  return 'secretName' in value ? [value as SecretRef, ...inner] : inner;
};

test.each(secretsIn(production))(
  'it is told how to make the Secret $secretName with its key $key',
  ({ secretName, key }) => {
    const command = new RegExp(`kubectl create secret generic ${secretName} -n [^]*?[^\\\\]\n`).exec(readme)?.[0] ?? '';
    expect(command).toContain(key === undefined ? '--from-env-file=' : `=${key}=`);
  },
);

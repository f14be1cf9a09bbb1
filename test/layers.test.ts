import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(__dirname, '..');

/** Each layer and the layers that it may import; `*` at the end stands for any package of that scope. */
const layers: Readonly<Record<string, { readonly from: readonly string[]; readonly packages: readonly string[] }>> = {
  'lib/units': { from: [], packages: ['cdk8s'] },
  'lib/catalog': { from: ['lib/units'], packages: ['cdk8s'] },
  'lib/profile': { from: ['lib/units', 'lib/catalog'], packages: ['cdk8s', 'node:net'] },
  'lib/platform': { from: ['lib/catalog'], packages: [] },
  'lib/query': { from: ['lib/units', 'lib/catalog'], packages: ['cdk8s'] },
  'lib/signals': { from: ['lib/units', 'lib/catalog', 'lib/query'], packages: ['cdk8s'] },
  'lib/config': {
    from: ['lib/units', 'lib/catalog', 'lib/platform', 'lib/query', 'lib/signals'],
    packages: ['cdk8s', 'yaml'],
  },
  // Grafana's JSON has types and builders of its own.
  'lib/config/dashboards': {
    from: ['lib/units', 'lib/catalog', 'lib/query', 'lib/signals', 'lib/config'],
    packages: ['cdk8s', 'node:crypto', '@grafana/grafana-foundation-sdk/*'],
  },
  'lib/constructs': {
    from: ['lib/units', 'lib/catalog', 'lib/config'],
    packages: ['cdk8s', 'cdk8s-plus-28', 'constructs', 'node:crypto'],
  },
  rules: { from: ['lib/units', 'lib/catalog', 'lib/query', 'lib/signals', 'lib/config'], packages: ['cdk8s'] },
  dashboards: {
    from: ['lib/units', 'lib/catalog', 'lib/query', 'lib/signals', 'lib/config', 'lib/config/dashboards'],
    packages: ['cdk8s'],
  },
  charts: {
    from: ['lib/units', 'lib/catalog', 'lib/config', 'lib/constructs'],
    packages: ['cdk8s', 'cdk8s-plus-28', 'constructs'],
  },
  // What the programs read, from all that says something of it.
  'charts/program-configs.ts': {
    from: [...['units', 'catalog', 'profile', 'platform', 'config'].map((l) => `lib/${l}`), 'charts'],
    packages: [],
  },
  'charts/rule-files.ts': {
    from: ['lib/catalog', 'lib/profile', 'lib/config', 'rules', 'charts/program-configs.ts'],
    packages: [],
  },
  'charts/dashboard-files.ts': {
    from: ['lib/catalog', 'lib/profile', 'lib/config/dashboards', 'dashboards', 'charts/rule-files.ts'],
    packages: [],
  },
  // The composition sees everything.
  'charts/stack.ts': {
    from: [
      'package.json',
      ...['units', 'catalog', 'profile', 'platform', 'query', 'signals', 'config', 'constructs'].map((l) => `lib/${l}`),
      ...['lib/config/dashboards', 'rules', 'dashboards', 'charts'],
      ...['program-configs', 'rule-files', 'dashboard-files'].map((file) => `charts/${file}.ts`),
    ],
    packages: ['cdk8s'],
  },
  'package.json': { from: [], packages: [] },
  'site.ts': { from: ['lib/units', 'lib/catalog', 'lib/profile'], packages: ['cdk8s'] },
  'main.ts': {
    from: ['lib/units', 'lib/catalog', 'lib/profile', 'lib/config', 'charts', 'charts/stack.ts', 'site.ts', 'apps'],
    packages: ['cdk8s', 'esbuild', 'node:fs', 'node:path'],
  },
  // Our own programs: they see the catalog alone, Node, and what writes their telemetry.
  apps: { from: ['lib/catalog'], packages: ['node:*', '@opentelemetry/*', 'pino', 'prom-client'] },
};

const sources = ['lib', 'rules', 'dashboards', 'charts', 'apps'].flatMap((folder) => {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file));
  } catch {
    return []; // not there yet
  }
});
const files = [...sources, 'main.ts', 'site.ts'].map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}));

/** The layer of a file: the longest name that its path starts with. */
const layerOf = (path: string): string =>
  Object.keys(layers)
    .filter((layer) => path === layer || path.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0] ?? 'none';

const importsOf = (text: string): readonly string[] =>
  [
    ...text.matchAll(
      /^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\b(?:require|import)\('([^']+)'\)|^import '([^']+)'/gm,
    ),
  ].map(([, ...names]) => names.find((name: string | undefined) => name !== undefined) ?? '');

const mayImport = (path: string, imported: string): boolean => {
  const layer = layerOf(path);
  const rule = layers[layer];
  if (rule === undefined) return false;
  if (!imported.startsWith('.'))
    return rule.packages.some(
      (name) => imported === name || (name.endsWith('*') && imported.startsWith(name.slice(0, -1))),
    );
  const file = normalize(join(dirname(path), imported));
  const target = layerOf(file.endsWith('.json') ? file : `${file}.ts`);
  return target === layer || rule.from.includes(target);
};

test.each(files)('$path imports only from the layers below it', ({ path, text }) => {
  expect(importsOf(text).filter((imported) => !mayImport(path, imported))).toEqual([]);
});

test('only main.ts and the programs we ship touch the environment, the clock or chance', () => {
  const impure =
    /\bprocess\.[a-z]|\bDate\.now|\bnew Date\(|\bMath\.random|\bsetTimeout|\bsetInterval|\bperformance\.[a-z]|\bfetch\(/;
  const touching = files.filter(({ path, text }) => !path.startsWith('apps/') && impure.test(text));
  expect(touching.map(({ path }) => path)).toEqual(['main.ts']);
});

test('no file re-exports others', () => {
  expect(files.filter(({ path, text }) => path.endsWith('index.ts') || /^export .* from /m.test(text))).toEqual([]);
});

test.each([
  ['lib/catalog/metric.ts', '../query/promql/select', false],
  ['lib/catalog/metric.ts', '../units/problem', true],
  ['lib/units/size.ts', 'node:fs', false],
  ['charts/loki.ts', '../lib/profile/profile', false],
  ['charts/loki.ts', './stack', false],
  ['charts/stack.ts', './loki', true],
  ['dashboards/logs.ts', '../lib/config/dashboards/panel', true],
  ['dashboards/logs.ts', '@grafana/grafana-foundation-sdk/dashboard', false],
  ['lib/config/dashboards/panel.ts', '@grafana/grafana-foundation-sdk/dashboard', true],
  ['lib/config/dashboards/panel.ts', '../../profile/profile', false],
  ['lib/config/loki.ts', './dashboards/panel', false],
  ['apps/simulator/log.ts', '../../charts/stack', false],
  ['apps/simulator/log.ts', 'node:http', true],
])('of %s, an import from %s is allowed: %s', (path, imported, expected) => {
  expect(mayImport(path, imported)).toBe(expected);
});

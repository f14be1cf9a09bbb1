import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Manifest } from '../charts/manifest';
import { logLineSchema } from '../lib/config/log-schema';
import type { Kustomization } from '../lib/config/kustomization';
import { workloadsOf } from './manifests/output';

const parent = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => {
  rmSync(parent, { recursive: true });
});

let runs = 0;

/** What main.ts does in an environment, in a folder of its own that may hold something already. */
const synth = (environment: NodeJS.ProcessEnv = {}, before: Readonly<Record<string, string>> = {}) => {
  const folder = join(parent, `${runs++}`);
  const outdir = join(folder, 'dist');
  mkdirSync(folder);
  if (Object.keys(before).length > 0) mkdirSync(outdir);
  for (const [name, content] of Object.entries(before)) writeFileSync(join(outdir, name), content);
  const { PATH } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['--require', 'ts-node/register', 'main.ts'], {
    cwd: join(__dirname, '..'),
    env: { PATH, ...environment, CDK8S_OUTDIR: outdir },
    encoding: 'utf8',
  });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const contents = new Map(files.sort().map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]));
  return { status, stderr, contents, beside: readdirSync(folder) };
};

const objectsOf = (contents: ReadonlyMap<string, string>, profile: string): readonly Manifest[] =>
  [...contents]
    .filter(([file]) => file.startsWith(`dist/${profile}/`) && file.endsWith('.k8s.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));

const imagesOf = (contents: ReadonlyMap<string, string>, profile: string): readonly string[] =>
  workloadsOf(objectsOf(contents, profile)).flatMap(({ containers }) => containers.map(({ image }) => image ?? ''));

describe('synth', () => {
  const first = synth();

  test('succeeds and says nothing', () => {
    expect(first).toMatchObject({ status: 0, stderr: '' });
  });

  test.each(['local', 'staging', 'production'])(
    'writes a folder for %s whose kustomization lists every file',
    (profile) => {
      const folder = [...first.contents.keys()].filter((file) => file.startsWith(`dist/${profile}/`));
      const { resources } = parse(first.contents.get(`dist/${profile}/kustomization.yaml`) ?? '') as Kustomization;
      const listed = resources.map((file) => `dist/${profile}/${file}`);
      expect([...listed, `dist/${profile}/kustomization.yaml`].sort()).toEqual(folder);
      expect(listed.length).toBeGreaterThan(5);
    },
  );

  test('writes nothing else, and leaves no draft', () => {
    expect(first.beside).toEqual(['dist']);
    const folders = new Set([...first.contents.keys()].map((file) => file.split('/')[1]));
    expect([...folders].sort()).toEqual(['contract', 'local', 'production', 'staging']);
  });

  test('writes the log line as a schema that other repositories test their services against', () => {
    const contract = [...first.contents].filter(([file]) => file.startsWith('dist/contract/'));
    expect(contract.map(([file]) => file)).toEqual(['dist/contract/log-line.schema.json']);
    expect(JSON.parse(contract[0]?.[1] ?? '')).toEqual(logLineSchema);
  });

  test('writes our own programs, the simulator and the anomaly detector, so that they run on Node alone', () => {
    const bundles = objectsOf(first.contents, 'local').flatMap(({ data }) =>
      data === undefined ? [] : ((data as Record<string, string>)['main.js'] ?? []),
    );
    expect(bundles).toHaveLength(2);
    for (const bundle of bundles) {
      const required = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) =>
        name.replace(/^node:/, ''),
      );
      expect(required.filter((name) => !builtinModules.includes(name))).toEqual([]);
    }
  });

  test('writes the same bytes again, and leaves alone what is not its own', () => {
    const again = synth({}, { 'keep.yaml': 'from: yesterday' });
    expect(again).toMatchObject({ status: 0, beside: ['dist'] });
    const kept = ['dist/keep.yaml', 'from: yesterday'] as const;
    expect(Object.fromEntries(again.contents)).toEqual(Object.fromEntries([...first.contents, kept]));
  });
});

test('AUTOSERVE_REGISTRY and AUTOSERVE_VERSION choose the images of the services where there are any', () => {
  const { contents } = synth({ AUTOSERVE_REGISTRY: 'registry.example.org:5000/shop', AUTOSERVE_VERSION: '2.3.4' });
  const own = ['backend', 'worker', 'ml-controller'].map(
    (service) => `registry.example.org:5000/shop/${service}:2.3.4`,
  );
  for (const profile of ['staging', 'production'])
    expect(imagesOf(contents, profile)).toEqual(expect.arrayContaining(own));
  expect(imagesOf(contents, 'local').filter((image) => own.includes(image))).toEqual([]);
});

describe('bad input', () => {
  const kept = { 'keep.yaml': 'from: yesterday' };
  const bad = synth({ AUTOSERVE_REGISTRY: 'https://example.org', AUTOSERVE_VERSION: 'latest' }, kept);

  test('ends with code 1 and tells every problem at once, by path, value and fix', () => {
    expect(bad.status).toBe(1);
    expect(bad.stderr.split('\n').map((line) => line.trim())).toEqual([
      '4 problems:',
      ...['staging', 'production'].flatMap((profile): unknown[] => [
        expect.stringMatching(
          `^${profile}\\.autoserve\\.program\\.registry: "https://example.org": write .*AUTOSERVE_REGISTRY`,
        ),
        expect.stringMatching(`^${profile}\\.autoserve\\.program\\.version: latest: .*AUTOSERVE_VERSION`),
      ]),
      'Nothing was written.',
      '',
    ]);
  });

  test('leaves what was there untouched, and no draft', () => {
    expect(bad.beside).toEqual(['dist']);
    expect([...bad.contents]).toEqual([['dist/keep.yaml', 'from: yesterday']]);
  });

  test.each([
    ['AUTOSERVE_VERSION', ''],
    ['AUTOSERVE_REGISTRY', 'registry.example.org/'],
  ])('%s=%j is refused', (variable, value) => {
    const { status, stderr, beside } = synth({ [variable]: value });
    expect(status).toBe(1);
    expect(stderr).toContain(`(${variable} sets it)`);
    expect(beside).toEqual([]);
  });
});

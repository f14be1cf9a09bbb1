import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleFilesOf } from '../../charts/rule-files';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { configFile, profileNames, profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
const configPath = 'etc/prometheus/prometheus.yml';
const rulePath = (file: string): string => `etc/prometheus/rules/${file}`;

/** Content of each file, by its path. */
type Files = Readonly<Record<string, string>>;

/** What promtool says of one of these files, laid out as in the pod but for the folder around them. */
const lint = async (what: 'config' | 'rules', files: Files, path: string) => {
  const root = temporaryDirectory('prometheus');
  const mounted = { ...files, [`${serviceAccount}/ca.crt`]: '', [`${serviceAccount}/token`]: '' };
  for (const [each, content] of Object.entries(mounted)) {
    mkdirSync(join(root, each, '..'), { recursive: true });
    const inRoot = content.replaceAll(serviceAccount, join(root, serviceAccount)).replaceAll(' /etc/', ` ${root}/etc/`);
    writeFileSync(join(root, each), inRoot);
  }
  const promtool = await program('promtool');
  const { code, stdout, stderr } = await run(promtool, ['check', what, '--lint=all', '--lint-fatal', join(root, path)]);
  return { code, text: stdout + stderr };
};

const replaced = (files: Files, path: string, from: string | RegExp, to: string): Files => ({
  ...files,
  [path]: (files[path] ?? '').replace(from, to),
});

describe.each(profileNames)('promtool, of profile %s', (name) => {
  const manifests = rendered(profiles[name]);
  const rulePaths = Object.keys(ruleFilesOf(profiles[name])).map(rulePath);
  const files: Files = Object.fromEntries(
    [configPath, ...rulePaths].map((path) => [path, configFile(manifests, path.replace(/.*\//, ''))]),
  );

  test('accepts the configuration and all its rules with every lint fatal', async () => {
    const { code, text } = await lint('config', files, configPath);
    expect(text.match(/SUCCESS: [1-9]\d* rules found/g)).toHaveLength(rulePaths.length);
    expect({ code, text }).toMatchObject({ code: 0 });
  });

  test.each(rulePaths)('accepts %s with every lint fatal', async (path) => {
    const { code, text } = await lint('rules', files, path);
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringMatching(/SUCCESS: [1-9]/) as string });
  });

  test('would refuse a misspelt key', async () => {
    const misspelt = replaced(files, configPath, 'scrape_timeout', 'scrape_timeuot');
    const { code, text } = await lint('config', misspelt, configPath);
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('scrape_timeuot') as string });
  });

  test.each(rulePaths)('would refuse a rule that is written twice in %s', async (path) => {
    const twice = replaced(files, path, /( +)- (?:record|alert): [^]*?(?=\n\1- )/, '$&\n$&');
    expect(await lint('config', twice, configPath)).not.toMatchObject({ code: 0 });
    expect(await lint('rules', twice, path)).toMatchObject({
      text: expect.stringContaining('duplicate rule(s) found') as string,
    });
  });

  test.each(rulePaths)('would refuse an expression that is no PromQL in %s', async (path) => {
    const broken = replaced(files, path, /expr: /, 'expr: rate(');
    expect(await lint('rules', broken, path)).toMatchObject({
      code: 1,
      text: expect.stringContaining('could not parse expression') as string,
    });
  });

  test('would refuse an annotation that is no template', async () => {
    const path = rulePath('alerting.yaml');
    const broken = replaced(files, path, '{{ $labels.', '{{ $lables.');
    expect(await lint('rules', broken, path)).toMatchObject({
      code: 1,
      text: expect.stringContaining('undefined variable "$lables"') as string,
    });
  });
});

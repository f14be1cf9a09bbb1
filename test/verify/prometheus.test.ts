import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { configFile, profileNames, profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What promtool says of a configuration and its rules, laid out as in the pod but for the folder around it. */
const lint = async (
  config: string,
  rules: string,
): Promise<{ readonly code: number | null; readonly text: string }> => {
  const root = temporaryDirectory('prometheus');
  for (const [path, content] of [
    ['etc/prometheus/prometheus.yml', config],
    ['etc/prometheus/rules/recording.yaml', rules],
    [`${serviceAccount}/ca.crt`, ''],
    [`${serviceAccount}/token`, ''],
  ] as const) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    const inRoot = content.replaceAll(serviceAccount, join(root, serviceAccount)).replaceAll(' /etc/', ` ${root}/etc/`);
    writeFileSync(join(root, path), inRoot);
  }
  const path = await program('promtool');
  const outcome = await run(path, [
    'check',
    'config',
    '--lint=all',
    '--lint-fatal',
    join(root, 'etc/prometheus/prometheus.yml'),
  ]);
  return { code: outcome.code, text: outcome.stdout + outcome.stderr };
};

describe.each(profileNames)('promtool, of profile %s', (name) => {
  const manifests = rendered(profiles[name]);
  const config = configFile(manifests, 'prometheus.yml');
  const rules = configFile(manifests, 'recording.yaml');

  test('accepts the configuration and its rules with every lint fatal', async () => {
    const { code, text } = await lint(config, rules);
    expect(text).toMatch(/SUCCESS: \d+ rules found/);
    expect({ code, text }).toMatchObject({ code: 0 });
  });

  test('would refuse a misspelt key', async () => {
    const { code, text } = await lint(config.replace('scrape_timeout', 'scrape_timeuot'), rules);
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('scrape_timeuot') as string });
  });

  test('would refuse a rule that is written twice', async () => {
    const { code } = await lint(
      config,
      rules.replace(
        'rules:',
        'rules:\n      - record: twice\n        expr: "1"\n      - record: twice\n        expr: "1"',
      ),
    );
    expect(code).not.toBe(0);
  });
});

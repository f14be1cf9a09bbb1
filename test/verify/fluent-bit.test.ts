import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogsProfile, Profile } from '../../lib/profile/profile';
import { optionalProgram, skippedWithout } from '../../tools/optional-programs';
import { run } from '../../tools/run';
import { configFile, profileNames, profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

const { production } = profiles;
const logging = (override: Partial<LogsProfile>): Profile => ({
  ...production,
  logs: { ...production.logs, ...override },
});
const fileOf = (profile: Profile): string => configFile(rendered(profile), 'fluent-bit.yaml');

const fluentBit = optionalProgram('fluent-bit');

/** What Fluent Bit says of a configuration. It takes most values in silence, but knows its plugins and their keys. */
const dryRun = async (config: string): Promise<{ readonly code: number | null; readonly text: string }> => {
  const path = join(temporaryDirectory('fluent-bit'), 'fluent-bit.yaml');
  writeFileSync(path, config);
  const { code, stdout, stderr } = await run(fluentBit ?? '', ['--dry-run', `--config=${path}`]);
  return { code, text: stdout + stderr };
};

const isAccepted = { code: 0, text: expect.stringContaining('configuration test is successful') as string };

(fluentBit === undefined ? describe.skip : describe)(
  fluentBit === undefined ? skippedWithout('fluent-bit') : 'Fluent Bit',
  () => {
    test.each(profileNames)('accepts the configuration of profile %s', async (name) => {
      expect(await dryRun(fileOf(profiles[name]))).toEqual(isAccepted);
    });

    test.each<readonly [string, Partial<LogsProfile>]>([
      ['a buffer in memory', { buffer: 'memory', outage: 'may-lose-lines' }],
      ['nodes with Docker', { runtime: 'docker' }],
      [
        'a share of the INFO lines',
        { reduction: { debug: 'drop', info: { modules: ['auth', 'a.b'], keepRatio: 0.1 } } },
      ],
      ['all INFO lines as a share', { reduction: { debug: 'keep', info: { modules: ['auth'], keepRatio: 1 } } }],
    ])('accepts %s', async (_, override) => {
      expect(await dryRun(fileOf(logging(override)))).toEqual(isAccepted);
    });

    test.each([
      ['an unknown plugin', 'name: tail', 'name: tial', 'tial'],
      ['a misspelt key of an input', 'rotate_wait', 'rotate_wiat', 'rotate_wiat'],
      ['a misspelt key of an output', 'structured_metadata', 'structured_metadta', 'structured_metadta'],
      ['an unknown kind of buffer', 'storage.type: filesystem', 'storage.type: filesytem', 'storage'],
    ])('would refuse %s', async (_, from, to, message) => {
      const config = fileOf(production);
      const broken = config.replace(from, to);
      expect(broken).not.toBe(config);
      const { code, text } = await dryRun(broken);
      expect(code).not.toBe(0);
      expect(text).toContain(message);
    });
  },
);

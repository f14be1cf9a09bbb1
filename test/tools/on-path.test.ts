import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onPath } from '../../tools/on-path';
import { optionalProgram, skippedWithout } from '../../tools/optional-programs';
import { pinnedProgram } from '../../tools/programs';
import { run } from '../../tools/run';
import { temporaryDirectory } from '../harness/temporary-directory';

const path = process.env['PATH'];

afterEach(() => {
  process.env['PATH'] = path;
});

const setPath = (...folders: readonly string[]): void => {
  process.env['PATH'] = folders.join(delimiter);
};

/** A folder with a program that answers to one line of arguments alone. */
const folderWith = (name: string, args: string, answer: string): string => {
  const folder = temporaryDirectory('path');
  writeFileSync(join(folder, name), `#!/bin/sh\n[ "$*" = '${args}' ] && ${answer}\n`, { mode: 0o755 });
  return folder;
};

describe('a program on PATH', () => {
  const sought = { name: 'example', versionArgs: ['--version'], release: { major: 3, minor: 14 } };
  const example = (version: string) => folderWith('example', '--version', `echo 'example, version ${version}'`);

  test('is the first that is new enough', () => {
    const wanted = example('3.14.1');
    setPath(example('2.42.0'), temporaryDirectory('path'), wanted, example('3.15.0'));
    expect(onPath(sought)).toBe(join(wanted, 'example'));
  });

  test('is not one that says no version, does not run, may not be run or is a folder', () => {
    const silent = example('');
    const broken = temporaryDirectory('path');
    writeFileSync(join(broken, 'example'), '#!/no/such/shell\n', { mode: 0o755 });
    const forbidden = example('3.14.1');
    chmodSync(join(forbidden, 'example'), 0o644);
    const folder = temporaryDirectory('path');
    mkdirSync(join(folder, 'example'));
    setPath(silent, broken, forbidden, folder);
    expect(onPath(sought)).toBeUndefined();
  });

  test('may say its version on standard error', () => {
    const folder = folderWith('example', '--version', "echo 'example, version 3.14.1' >&2");
    setPath(folder);
    expect(onPath(sought)).toBe(join(folder, 'example'));
  });
});

test.each([
  ['v2.20.0', 'taken'],
  ['v2.12.0', 'too old'],
  ['v1.76.0', 'too old'],
  ['dev', 'of no release'],
])('a Jaeger that says %s is %s', async (version, verdict) => {
  const folder = folderWith('jaeger', 'version', `printf '{"gitCommit":"1","gitVersion":"${version}","buildDate":""}'`);
  setPath(folder);
  expect(onPath(await pinnedProgram('jaeger'))).toBe(verdict === 'taken' ? join(folder, 'jaeger') : undefined);
});

describe('an optional program', () => {
  const fluentBit = (version: string) =>
    folderWith('fluent-bit', '--version', `echo 'Fluent Bit v${version}\nGit commit: 1'`);
  const sentence = 'fluent-bit 5.1 is not on PATH: the checks of the log collector are skipped';

  test.each(['5.1.1', '6.0.0'])('is found in version %s', (version) => {
    const folder = fluentBit(version);
    setPath(folder);
    expect(optionalProgram('fluent-bit')).toBe(join(folder, 'fluent-bit'));
  });

  test.each(['1.9.10', '5.0.9'])('is not taken in version %s', (version) => {
    setPath(fluentBit(version));
    expect(optionalProgram('fluent-bit')).toBeUndefined();
  });

  test('is named with what is skipped without it', () => {
    expect(skippedWithout('fluent-bit')).toBe(sentence);
  });

  test('is listed by `npm run programs`, there or not', async () => {
    const list = (folder: string) =>
      run(process.execPath, ['--require', 'ts-node/register', 'tools/programs.ts', 'fluent-bit'], {
        env: { ...process.env, PATH: folder },
      });
    const folder = fluentBit('5.1.1');
    expect(await list(folder)).toMatchObject({ code: 0, stdout: `fluent-bit ${join(folder, 'fluent-bit')}\n` });
    expect(await list(temporaryDirectory('path'))).toMatchObject({ code: 0, stdout: `${sentence}\n` });
  });
});

import { goPrograms, programNames } from '../../tools/go-programs';
import { cacheKey, missingPrograms, pinnedProgram } from '../../tools/programs';
import { isAtLeast, printedVersion, requiredVersion, versionText } from '../../tools/version';

describe('the version that a program prints', () => {
  test.each([
    ['prometheus, version 3.14.0 (branch: HEAD, revision: 1)\n  go version:       go1.26.8\n', { major: 3, minor: 14 }],
    ['kube-state-metrics, version v2.20.0 (branch: , revision: unknown)\n', { major: 2, minor: 20 }],
    ['etcd Version: 3.7.1\nGit SHA: unknown\nGo Version: go1.26.8\n', { major: 3, minor: 7 }],
    ['Kubernetes v1.36.3\n', { major: 1, minor: 36 }],
    ['Client Version: v1.32.4-vendor\nKustomize Version: v5.5.0\n', { major: 1, minor: 32 }],
    ['loki, version 3.7.6 (branch: , revision: unknown)\n  go version:       go1.26.8\n', { major: 3, minor: 7 }],
    ['{"gitCommit":"","gitVersion":"v2.13","buildDate":""}', { major: 2, minor: 13 }],
    ['{"gitCommit":"1","gitVersion":"v2.20.0","buildDate":"2026-09-01T00:00:00Z"}', { major: 2, minor: 20 }],
    ['Fluent Bit v5.1.1\nGit commit: 1\n', { major: 5, minor: 1 }],
    ['grafana version 13.2.2\n', { major: 13, minor: 2 }],
  ])('%j', (output, version) => {
    expect(printedVersion(output)).toEqual(version);
  });

  test.each([
    ['', 'nothing'],
    ['prometheus, version  (branch: release-3.14, revision: unknown)\n  go version: go1.26.8\n', 'a build without one'],
    ['{"gitCommit":"","gitVersion":"","buildDate":""}', 'a build without one'],
    ['Client Version: version.Info{Major:"1", Minor:"27"}\nKustomize Version: v5.0.1\n', 'that of a part alone'],
  ])('%j is not taken: %s', (output) => {
    expect(printedVersion(output)).toBeUndefined();
  });
});

test.each([
  ['2.42', false],
  ['3.9', false],
  ['3.13', false],
  ['3.14', true],
  ['3.15', true],
  ['4.0', true],
])('%s is at least 3.14: %s', (found, expected) => {
  const [major = NaN, minor = NaN] = found.split('.').map(Number);
  expect(isAtLeast({ major, minor }, { major: 3, minor: 14 })).toBe(expected);
});

describe('the version that a go.mod requires', () => {
  const goMod = `module example.com/tools

replace example.com/a => example.com/a v9.0.0

require (
	example.com/a v1.0.0 // indirect
	example.com/a/b/v2 v2.3.4 // indirect
	example.com/abc v5.0.0 // indirect
)
require example.com/single v0.1.0
`;

  test.each([
    ['example.com/a/cmd/x', 'v1.0.0'],
    ['example.com/a/b/v2', 'v2.3.4'],
    ['example.com/a/b/v2/cmd/x', 'v2.3.4'],
    ['example.com/single', 'v0.1.0'],
  ])('%s is of %s', (goPackage, version) => {
    expect(requiredVersion(goMod, goPackage)).toBe(version);
  });

  test('a package of no module is an error', () => {
    expect(() => requiredVersion(goMod, 'example.com/ab')).toThrow('example.com/ab');
  });
});

describe('the cache key', () => {
  test('is 12 hex digits that stay', () => {
    expect(cacheKey('go.mod', 'go.sum')).toMatch(/^[0-9a-f]{12}$/);
    expect(cacheKey('go.mod', 'go.sum')).toBe(cacheKey('go.mod', 'go.sum'));
  });

  test('changes with each input, and with where one ends', () => {
    const keys = [['ab', 'c'], ['a', 'bc'], ['abc'], ['ab', 'd']].map((inputs) => cacheKey(...inputs));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test.each(programNames)('%s is pinned by its go.mod', async (name) => {
  const { pin, cached } = await pinnedProgram(name);
  expect(pin).toMatch(/^v\d+\.\d+\.\d+$/);
  expect(cached).toMatch(new RegExp(`/autoserve-monitoring/${name}-[0-9a-f]{12}/${name}$`));
});

test("a Prometheus release is told from its Go module's version", async () => {
  const { pin, release } = await pinnedProgram('promtool');
  expect(release.major).toBeGreaterThan(0);
  expect(pin).toContain(`v0.${release.major * 100 + release.minor}.`);
});

test.each([
  [
    { major: 1, minor: 75 },
    { major: 2, minor: 12 },
  ],
  [
    { major: 1, minor: 76 },
    { major: 2, minor: 13 },
  ],
])('module %j of Jaeger is release %j', (pin, release) => {
  expect(goPrograms.jaeger.release(pin)).toEqual(release);
});

test.each(['alertmanager', 'amtool', 'loki', 'logcli', 'jaeger'] as const)(
  '%s is built with a version to print',
  async (name) => {
    const { release, buildArgs } = await pinnedProgram(name);
    expect(buildArgs.join(' ')).toMatch(new RegExp(`-X \\S+\\.\\w*Version=v?${versionText(release)}\\b`));
  },
);

test('the error for missing programs names each, its version, its folder and the end of its reason', () => {
  const log = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
  const missing = missingPrograms([
    {
      name: 'etcd',
      pin: 'v3.7.1',
      release: { major: 3, minor: 7 },
      folder: 'tools/etcd',
      reason: 'Go is not installed',
    },
    { name: 'promtool', pin: 'v0.314.0', release: { major: 3, minor: 14 }, folder: 'tools/prometheus', reason: log },
  ]);
  expect(missing.message.split('\n')).toEqual([
    'Programs are missing. Put them on PATH, in the version named or newer, or install Go to have them built.',
    '- etcd 3.7: v3.7.1 could not be built in tools/etcd:',
    '    Go is not installed',
    '- promtool 3.14: v0.314.0 could not be built in tools/prometheus:',
    ...Array.from({ length: 15 }, (_, line) => `    line ${line + 25}`),
  ]);
});

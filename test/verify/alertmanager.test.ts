import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routing } from '../../docs/routing';
import { alertmanagerPaths } from '../../charts/alertmanager';
import type { Receiver } from '../../lib/catalog/receivers';
import { toYaml } from '../../lib/config/to-yaml';
import { alertmanagerConfigOf } from '../../charts/program-configs';
import type { Profile, SecretRef } from '../../lib/profile/profile';
import { program } from '../../tools/programs';
import { run, type Outcome } from '../../tools/run';
import { configFile, notificationsFile, profileNames, profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

const amtool = async (...args: readonly string[]): Promise<Outcome> =>
  // No look at the version of a server: there is none.
  run(await program('amtool'), ['--enable-feature=utf8-strict-mode', '--no-version-check', ...args]);

const fileOf = (profile: Profile): string => configFile(rendered(profile), 'alertmanager.yml');

/** A file of ours, whose templates are where we have them. */
const written = (config: string): string => {
  const path = join(temporaryDirectory('alertmanager'), 'alertmanager.yml');
  writeFileSync(path, config.replaceAll(alertmanagerPaths.templateFile, notificationsFile));
  return path;
};

const check = async (config: string): Promise<{ readonly code: number; readonly text: string }> => {
  const { code, stdout, stderr } = await amtool('check-config', written(config));
  return { code, text: stdout + stderr };
};

/** With its templates, too: one that is not there is none that is wrong. */
const isAccepted = { code: 0, text: expect.stringMatching(/ - 1 templates\n {2}SUCCESS/) as string };

const { production } = profiles;
const secret: SecretRef = { secretName: 'receivers', key: 'k' };
const email = { to: 'oncall@example.org', from: 'alerts@example.org', smarthost: 'smtp.example.org:587' };

const paged = (page: Receiver<SecretRef>): Profile => ({
  ...production,
  alertmanager: { ...production.alertmanager, receivers: { ...production.alertmanager.receivers, page } },
});

describe('Alertmanager accepts the configuration', () => {
  test.each(profileNames)('of profile %s', async (name) => {
    expect(await check(fileOf(profiles[name]))).toEqual(isAccepted);
  });

  test.each<readonly [string, Receiver<SecretRef>]>([
    ['by PagerDuty', { kind: 'pagerduty', routingKey: secret }],
    ['in Slack', { kind: 'slack', webhookUrl: secret, channel: '#alerts' }],
    ['by mail', { kind: 'email', ...email, login: { username: 'alerts', password: secret } }],
    ['by mail without a login', { kind: 'email', ...email, login: 'none' }],
    ['by a webhook', { kind: 'webhook', url: secret }],
    ['by Opsgenie', { kind: 'opsgenie', apiKey: secret }],
    ['by nobody', { kind: 'interface-only' }],
  ])('that wakes people %s', async (_, receiver) => {
    expect(await check(toYaml(alertmanagerConfigOf(paged(receiver))))).toEqual(isAccepted);
  });
});

describe('Alertmanager would refuse', () => {
  test.each([
    ['a misspelt key', 'repeat_interval', 'repeat_intervall', 'repeat_intervall'],
    ['a route to a receiver that is not there', 'receiver: page', 'receiver: pager', 'pager'],
    ['a value without quotes', 'severity="critical"', 'severity=critical{}', 'unexpected {'],
    ['a wait that is no time', /group_wait: .*/, 'group_wait: 10 seconds', '10 seconds'],
    ['two receivers of one name', 'name: nobody', 'name: team', 'team'],
    ['a secret that is given twice', /routing_key_file: .*/, '$&\n        routing_key: k', 'routing_key'],
    ['an inhibition by a pattern that is none', 'node=~".+"', 'node=~"("', 'missing closing'],
  ])('%s', async (_, from, to, message) => {
    const config = fileOf(production);
    const broken = config.replace(from, to);
    expect(broken).not.toBe(config);
    expect(await check(broken)).toEqual({ code: 1, text: expect.stringContaining(message) as string });
  });

  test('a template that does not parse', async () => {
    const path = join(temporaryDirectory('notifications'), 'broken.tmpl');
    writeFileSync(path, '{{ define "notification.title" }}{{ end');
    const config = fileOf(production).replace(alertmanagerPaths.templateFile, path);
    expect(await check(config)).toMatchObject({ code: 1 });
  });
});

/** Two at a time: each is a process of some milliseconds. */
const inTurns = async <T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> => {
  const waiting = [...items];
  const turn = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  };
  await Promise.all([turn(), turn()]);
};

describe.each(profileNames)('in profile %s', (name) => {
  /** Whether it goes to these receivers alone, as an exit code; and where it goes. Before that comes a word on strictness. */
  const route = async (
    config: string,
    receivers: string,
    labels: Readonly<Record<string, string>>,
  ): Promise<string> => {
    const expected = [`--config.file=${config}`, `--verify.receivers=${receivers}`];
    const given = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const { code, stdout } = await amtool('config', 'routes', 'test', ...expected, ...given);
    const [found] = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('time='));
    return `${code} ${found ?? ''}`;
  };

  test('every alert goes exactly where docs/routing.md has it', async () => {
    const config = written(fileOf(profiles[name]));
    const found = new Map<string, string>();
    const expected = new Map(
      routing.flatMap(({ alertname, receivers }) => {
        const names = receivers.get(name) ?? 'absent';
        return names === 'absent' ? [] : [[alertname, `0 ${names.join(',')}`] as const];
      }),
    );
    await inTurns(routing, async ({ alertname, severity, receivers }) => {
      const names = receivers.get(name) ?? 'absent';
      const labels = { alertname, severity, service: 'backend', cluster: profiles[name].cluster };
      if (names !== 'absent') found.set(alertname, await route(config, names.join(','), labels));
    });
    expect(expected.size).toBeGreaterThan(40);
    expect(new Map([...found].sort())).toEqual(new Map([...expected].sort()));
  });

  test('what has no severity that is known goes to the team, and not by the wrong name', async () => {
    const config = written(fileOf(profiles[name]));
    for (const severity of ['', 'page', 'Critical'])
      expect(await route(config, 'team', { alertname: 'Stranger', severity })).toBe('0 team');
    expect(await route(config, 'page', { alertname: 'Stranger' })).toBe('1 team');
  });
});

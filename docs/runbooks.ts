import { Duration } from 'cdk8s';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploymentOf } from '../charts/rule-files';
import {
  alertFacts,
  alertNames,
  type AlertFacts,
  type AlertName,
  type Feature,
  runbookFile,
} from '../lib/catalog/alerts';
import { components, type ComponentName } from '../lib/catalog/components';
import { dashboards } from '../lib/catalog/dashboards';
import { severities, type Severity } from '../lib/catalog/receivers';
import { percentage } from '../lib/config/alert-text';
import type { AlertingRule } from '../lib/config/rule-file';
import { local } from '../lib/profile/local';
import { production } from '../lib/profile/production';
import type { Profile } from '../lib/profile/profile';
import { staging } from '../lib/profile/staging';
import { prometheusDuration } from '../lib/units/duration';
import { alertingRule } from '../rules/alerts/definition';
import { alertDefinitions } from '../rules/rule-groups';
import { table } from './markdown-table';
import { receiverText } from './receiver-text';
import { runbookQueries } from './runbooks/queries';
import type { RunbookQuery } from './runbooks/query';

export const runbookDirectory = join(__dirname, 'runbooks');
export const runbookPath = (name: AlertName): string => join(runbookDirectory, runbookFile(name));
export const indexPath = join(runbookDirectory, 'README.md');

/** What a person writes of each alert, in this order. */
export const sections = ['Meaning', 'Impact', 'Confirm', 'Likely causes', 'What to do', 'When it is over'] as const;

const begin = '<!-- facts: written by npm run docs -->';
const end = '<!-- end of facts -->';

/** Production first: it is the one that wakes people. */
const profiles: readonly Profile[] = [production, staging, local];

/** A command that is pasted elsewhere finds nothing, which looks like the trouble itself. */
const namespaceNote = (shown: Profile | undefined): string => {
  if (shown === undefined) return '';
  const others = profiles
    .filter(({ name }) => name !== shown.name)
    .map(({ name, namespaces }) => `\`${namespaces.application}\` on \`${name}\``);
  return `On this page, and in its queries, read ${others.join(' and ')} for \`${shown.namespaces.application}\`.\n\n`;
};

const severityText: Readonly<Record<Severity, string>> = {
  critical: 'Critical: somebody is woken',
  warning: 'Warning: the team is told, nobody is woken',
  info: 'Info: nobody is told',
  none: 'No severity: only the dead man’s switch hears of it',
};

const told = ({ alertmanager }: Profile, { severity, alsoTells }: AlertFacts): string => {
  const roles = [severities[severity], ...(alsoTells === undefined ? [] : [alsoTells])];
  const texts = roles.map((role) =>
    receiverText(role === 'nobody' ? { kind: 'interface-only' } : alertmanager.receivers[role]),
  );
  return [...new Set(texts)].join(' and ');
};

const withoutFeature: Readonly<Record<Feature, string>> = {
  database: 'off: no database is watched',
  'tail-sampling': 'off: every trace is kept',
  'alertmanager-cluster': 'off: there is one Alertmanager',
};

const thresholdText = (kind: NonNullable<AlertFacts['threshold']>, threshold: number): string => {
  if (kind === 'ratio') return percentage(threshold);
  return kind === 'seconds' ? prometheusDuration(Duration.millis(threshold * 1000)) : `${threshold} ${kind}`;
};

const ruleOf = (name: AlertName, profile: Profile): AlertingRule | undefined =>
  alertingRule(name, alertDefinitions, deploymentOf(profile))[0];

/** Where the alert is on, from when on it fires, and who hears of it. */
const settingsTable = (name: AlertName): string => {
  const { threshold, onlyWith } = alertFacts(name);
  const rows = profiles.map((profile) => {
    const settings = profile.alerts.table[name];
    const rule = ruleOf(name, profile);
    const isOff = settings === 'off' || rule === undefined;
    const offText = settings === 'off' || onlyWith === undefined ? 'off' : withoutFeature[onlyWith];
    const limit = !isOff && 'threshold' in settings && threshold ? thresholdText(threshold, settings.threshold) : '–';
    return [
      `\`${profile.name}\``,
      isOff ? offText : prometheusDuration(rule.for),
      ...(threshold === undefined ? [] : [limit]),
      isOff ? '–' : told(profile, alertFacts(name)),
    ];
  });
  return table(['profile', 'fires after', ...(threshold === undefined ? [] : ['threshold']), 'told'], rows);
};

const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** Text that stands below the number of a list item. */
const indented = (text: string): string => text.replace(/^(?=.)/gm, '   ');

const jaegerText = ({
  service,
  tags,
  minDuration,
  range,
}: Extract<RunbookQuery, { jaeger: object }>['jaeger']): string =>
  [
    `service: ${service}`,
    ...Object.entries(tags).map(([name, value]) => `tags: ${name}=${value}`),
    ...(minDuration === undefined ? [] : [`min duration: ${prometheusDuration(minDuration)}`]),
    `lookback: ${prometheusDuration(range)}`,
  ].join('\n');

const queryText = (query: RunbookQuery): string => {
  if ('promql' in query) return block('promql', query.promql.text);
  return 'logql' in query ? block('logql', query.logql.text) : block('text', jaegerText(query.jaeger));
};

interface Source {
  readonly isAsked: (query: RunbookQuery) => boolean;
  readonly component: ComponentName;
  readonly how: (port: number) => string;
}

const sources: readonly Source[] = [
  {
    isAsked: (query) => 'promql' in query,
    component: 'prometheus',
    how: (port) => `<http://localhost:${port}/query>`,
  },
  {
    isAsked: (query) => 'logql' in query,
    component: 'loki',
    how: (port) => `\`logcli query --addr=http://localhost:${port} --since=1h '…'\``,
  },
  {
    isAsked: (query) => 'jaeger' in query,
    component: 'jaeger',
    how: (port) => `<http://localhost:${port}/search>`,
  },
];

/** How to reach whatever is asked. */
const access = (queries: readonly RunbookQuery[]): string => {
  const asked = sources
    .filter(({ isAsked }) => queries.some(isAsked))
    .map(({ component, how }) => ({ component, how, port: components[component].ports.http }));
  const commands = asked.map(
    ({ component, port }) =>
      `kubectl port-forward -n ${production.namespaces[components[component].namespace]} svc/${component} ${port} &`,
  );
  return `${block('sh', commands.join('\n'))}\n\nThen ask at ${asked.map(({ how, port }) => how(port)).join(' and ')}:`;
};

/** The generated part of a page. */
export const facts = (name: AlertName): string => {
  const { severity, dashboard } = alertFacts(name);
  const shown = profiles.map((profile) => ({ profile, rule: ruleOf(name, profile) })).find(({ rule }) => rule);
  const expression =
    shown?.rule === undefined
      ? 'It is off in every profile.'
      : `In \`${shown.profile.name}\` it fires when this holds:\n\n${block('promql', shown.rule.expr.text)}`;
  const queries: readonly RunbookQuery[] = runbookQueries[name];
  return `${begin}

**${severityText[severity]}.** Dashboard: ${dashboards[dashboard].title}.

${settingsTable(name)}

${expression}

${namespaceNote(shown?.profile)}${access(queries)}

${queries.map((query, index) => `${index + 1}. ${query.shows}:\n\n${indented(queryText(query))}`).join('\n\n')}

${end}`;
};

const replaced = (page: string, generated: string, path: string): string => {
  const [before, rest] = page.split(`${begin}\n`);
  const after = rest?.split(`${end}\n`)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${path} has no place for the facts: put the lines ${begin} and ${end} below its title`);
  return `${before}${generated}\n${after}`;
};

/** A page as it should be: its facts as the model has them, all else as somebody wrote it; for a new alert, to be written. */
export const pageOf = (name: AlertName, page: string | undefined): string =>
  page === undefined
    ? `# ${name}\n\n${facts(name)}\n\n${sections.map((title) => `## ${title}\n`).join('\n')}`
    : replaced(page, facts(name), runbookPath(name));

/** What stands below a heading of a page. */
export const sectionOf = (page: string, title: string): string =>
  new RegExp(`^## ${title}\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(page)?.[1]?.trim() ?? '';

const firstSentence = (text: string): string => {
  const line = (text.split('\n\n')[0] ?? '').replaceAll('\n', ' ');
  return /^.*?[.!?](?= |$)/.exec(line)?.[0] ?? line;
};

/** Every alert by severity, with the first sentence of its meaning. */
export const index = (pages: Readonly<Record<AlertName, string>>): string =>
  [
    begin,
    ...Object.keys(severities).flatMap((severity) => [
      `### ${severityText[severity as Severity]}`,
      table(
        ['alert', 'meaning'],
        alertNames
          .filter((name) => alertFacts(name).severity === severity)
          .map((name) => [`[${name}](${runbookFile(name)})`, firstSentence(sectionOf(pages[name], 'Meaning'))]),
      ),
    ]),
    end,
  ].join('\n\n');

const read = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** Every file of the runbooks as it should be. @throws Error when a page has lost the place of its facts. */
export const runbooks = (): ReadonlyMap<string, string> => {
  const pages = Object.fromEntries(alertNames.map((name) => [name, pageOf(name, read(runbookPath(name)))])) as Readonly<
    Record<AlertName, string>
  >;
  const readme = read(indexPath) ?? `# Runbooks\n\n${begin}\n${end}\n`;
  return new Map([
    ...alertNames.map((name) => [runbookPath(name), pages[name]] as const),
    [indexPath, replaced(readme, index(pages), indexPath)],
  ]);
};

if (require.main === module) for (const [path, text] of runbooks()) writeFileSync(path, text);

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleGroupsOf } from '../charts/rule-files';
import { alertFacts, alertNames, type AlertName } from '../lib/catalog/alerts';
import { severities, type ReceiverRole, type RouteTimings, type Severity } from '../lib/catalog/receivers';
import { inhibitions } from '../lib/config/inhibitions';
import { groupLabels, matcherText, routesOf, routeTree } from '../lib/config/routes';
import { local } from '../lib/profile/local';
import { production } from '../lib/profile/production';
import type { Profile } from '../lib/profile/profile';
import { staging } from '../lib/profile/staging';
import { prometheusDuration } from '../lib/units/duration';
import { table } from './markdown-table';
import { receiverText } from './receiver-text';

export const routingFile = join(__dirname, 'routing.md');

const profiles: readonly Profile[] = [local, staging, production];

/** The alerts that a profile has rules for. */
const alertsOf = (profile: Profile): ReadonlySet<AlertName> =>
  new Set(
    Object.values(ruleGroupsOf(profile))
      .flat()
      .flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : []))),
  );

/** Who gets an alert in each profile, in the order of the routes; `absent` where the profile does not have it. */
interface RoutedAlert {
  readonly alertname: AlertName;
  readonly severity: Severity;
  readonly receivers: ReadonlyMap<string, readonly string[] | 'absent'>;
}

const present = new Map(profiles.map((profile) => [profile.name, alertsOf(profile)]));

/** The routing truth table. */
export const routing: readonly RoutedAlert[] = alertNames.map((alertname) => {
  const { severity } = alertFacts(alertname);
  const receiversIn = ({ name, alertmanager }: Profile): readonly string[] | 'absent' =>
    present.get(name)?.has(alertname) === true
      ? routesOf(routeTree(alertmanager.timings), { alertname, severity }).map(({ receiver }) => receiver)
      : 'absent';
  return { alertname, severity, receivers: new Map(profiles.map((profile) => [profile.name, receiversIn(profile)])) };
});

const code = (text: string): string => `\`${text}\``;
const profileNames = profiles.map(({ name }) => code(name));

const roles: Readonly<Record<ReceiverRole, string>> = {
  page: 'whoever is on call, at any hour',
  team: 'the team, in working hours',
  'dead-man': 'a service outside the cluster, which raises the alarm when it hears nothing',
};

const timingText = ({ groupWait, groupInterval, repeatInterval }: RouteTimings): string =>
  [groupWait, groupInterval, repeatInterval].map(prometheusDuration).join(', ');

const timingRow = (role: 'page' | 'team'): readonly string[] => [
  code(role),
  ...profiles.map(({ alertmanager }) => timingText(alertmanager.timings[role])),
];

/** Who gets what, as Markdown: reviewed in a diff whenever an alert, a severity, a route or a receiver changes. */
export const routingText = `# Who is told of which alert

Written by \`npm run docs\` from \`lib/catalog/alerts.ts\`, \`lib/config/routes.ts\`, \`lib/config/inhibitions.ts\` and
the receivers of \`lib/profile\`: change those, not this page. \`npm run verify\` asks \`amtool\` the same of every line.

## Receivers

A severity decides who is told, and a profile how. An alert may tell others besides: then it names more than one below.

${table(
  ['receiver', 'of severity', 'who', ...profileNames],
  (Object.entries(roles) as [ReceiverRole, string][]).map(([role, who]) => [
    code(role),
    Object.entries(severities)
      .filter(([, each]) => each === role)
      .map(([severity]) => severity)
      .join(', '),
    who,
    ...profiles.map(({ alertmanager }) => receiverText(alertmanager.receivers[role])),
  ]),
)}

What is of severity info goes to \`nobody\`: it is seen in Alertmanager's interface. What has no severity that is known goes
to \`team\`.

Alerts that agree in ${groupLabels.map(code).join(' and ')} come in one notification: the first
after a wait, others at intervals while alerts come and go, and repetitions while nothing changes.

${table(
  ['wait, interval, repetition', ...profileNames],
  [
    timingRow('page'),
    timingRow('team'),
    [
      code('dead-man'),
      ...profiles.map(({ alertmanager }) => `every ${prometheusDuration(alertmanager.timings.deadManInterval)}`),
    ],
  ],
)}

## What is kept quiet by what

${table(
  ['inhibition', 'meaning', 'while this fires', 'this is quiet', 'where they agree in'],
  inhibitions.map(({ name, help, source, target, equal }) => [
    code(name),
    help,
    source.map(matcherText).map(code).join(' '),
    target.map(matcherText).map(code).join(' '),
    equal.map(code).join(', '),
  ]),
)}

Nothing keeps \`Watchdog\` quiet, and nothing that only warns keeps quiet what wakes somebody.

## Alerts

A profile that lacks what an alert is about, or turns it off, has – in its column.

${table(
  ['alert', 'severity', ...profileNames],
  routing.map(({ alertname, severity, receivers }) => [
    alertname,
    severity,
    ...[...receivers.values()].map((names) => (names === 'absent' ? '–' : names.toSorted().map(code).join(', '))),
  ]),
)}
`;

if (require.main === module) writeFileSync(routingFile, routingText);

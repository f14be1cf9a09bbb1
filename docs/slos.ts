import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { alertFacts } from '../lib/catalog/alerts';
import { budgetDays, errorBudget, objectives, type Objective, type ObjectiveName } from '../lib/catalog/objectives';
import { recorded } from '../lib/catalog/recorded';
import { percentage } from '../lib/config/alert-text';
import { production } from '../lib/profile/production';
import { prometheusDuration } from '../lib/units/duration';
import { burnRates, type BurnRate } from '../lib/catalog/burn-rates';
import { sloRules } from '../rules/slos/rules';
import { sliWindow } from '../rules/slos/slis';
import { timeToDetection } from '../rules/slos/time-to-detection';
import { table } from './markdown-table';

export const slosFile = join(__dirname, 'slos.md');

const rows = Object.entries(objectives) as readonly (readonly [ObjectiveName, Objective])[];

const alertOf = { fast: 'ErrorBudgetBurnsFast', slow: 'ErrorBudgetBurnsSlowly' } as const;
type Urgency = keyof typeof burnRates;

const fewestFailures = (urgency: Urgency): string => {
  const settings = production.alerts.table[alertOf[urgency]];
  return settings === 'off' ? 'off' : `${settings.threshold}`;
};

const minutes = (duration: Duration): Duration => Duration.minutes(Math.ceil(duration.toMinutes({ integral: false })));

const detection = (urgency: Urgency, percent: string, outage: number): string => {
  const settings = production.alerts.table[alertOf[urgency]];
  if (settings === 'off') return 'never';
  const { evaluationInterval } = production.prometheus;
  const found = timeToDetection(burnRates[urgency], errorBudget(percent), outage, {
    evaluationInterval,
    for: settings.for,
  });
  return found === undefined ? 'never' : prometheusDuration(minutes(found));
};

const objectiveTable = table(
  ['objective', 'service', 'good is', 'how many', `bad ones allowed in ${budgetDays} days`],
  rows.map(([name, { service, title, percent, withinSeconds }]) => [
    `\`${name}\``,
    service,
    withinSeconds === undefined
      ? title
      : `${title}: within ${prometheusDuration(Duration.millis(withinSeconds * 1000))}`,
    `${percent} %`,
    percentage(errorBudget(percent)),
  ]),
);

const windowTable = table(
  ['alert', 'severity', 'over', 'and over', 'budget spent', 'times as fast as allowed', 'bad events, at least'],
  (Object.entries(burnRates) as [Urgency, readonly BurnRate[]][]).flatMap(([urgency, pairs]) =>
    pairs.map(({ long, short, factor }) => [
      `\`${alertOf[urgency]}\``,
      alertFacts(alertOf[urgency]).severity,
      prometheusDuration(long),
      prometheusDuration(short),
      percentage((factor * long.toHours()) / (budgetDays * 24)),
      `${factor}`,
      fewestFailures(urgency),
    ]),
  ),
);

const detectionTable = table(
  ['objective', 'all fail: page', 'all fail: ticket', '1 % fail: page', '1 % fail: ticket'],
  rows
    .filter(([, { alertsBy }]) => alertsBy === undefined)
    .map(([name, { percent }]) => [
      `\`${name}\``,
      ...([1, 0.01] as const).flatMap((outage) =>
        (['fast', 'slow'] as const).map((urgency) => detection(urgency, percent, outage)),
      ),
    ]),
);

const queries = sloRules(production.prometheus.evaluationInterval)
  .rules.filter(
    ({ series }) => series === recorded['slo:sli_events:rate2m'] || series === recorded['slo:sli_errors:rate2m'],
  )
  .map(({ series, labels, expr }) => `# ${series.name}{slo="${labels['slo'] ?? ''}"}\n${expr.text}`)
  .join('\n');

const { evaluationInterval } = production.prometheus;

/** The objectives as Markdown, with the alerts that follow from them. */
export const slos = `# Service level objectives

Written by \`npm run docs\` from \`lib/catalog/objectives.ts\` and \`rules/slos\`: change those, not this page.

${objectiveTable}

\`backend-error-rate\` counts the same requests as \`backend-availability\`: that 0.1 % may fail and that 99.9 % must
succeed is one statement. It is recorded and has its budget; the alerts of the other speak for both. Where the guide gives
a time and no share (queue delay, decision latency), the share is 95 %, as it gives for processing time. Accuracy and model
availability count time: each second is an event, and a controller that is not there has no model.

## What is recorded

Bad and all events of each objective, per second over ${prometheusDuration(sliWindow)}, with the labels \`slo\` and \`service\`; from them the share of
bad events over each window (\`slo:sli_error:ratio_rate1h\` and the like) and what is left of the budget of ${budgetDays} days
(\`slo:error_budget:remaining_ratio\`, 1 when nothing is spent, below 0 when the objective is missed).

\`\`\`promql
${queries}
\`\`\`

## When somebody is told

Two windows have to agree: the long one so that enough of the budget is at stake, the short one so that it ends soon after
the trouble does. And some events have to be bad in the long window: at night one failed request of ten is no emergency.

${windowTable}

See the [Google SRE workbook](https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts).

## How long it takes to notice

From the beginning of an outage to the alert in \`production\`, where rules are evaluated each ${prometheusDuration(evaluationInterval)}: at an even rate of
events with none bad before, and enough of them. It includes the time that the alert waits before it fires.

${detectionTable}

"Never": so little of the budget is spent that a ticket will do, or nobody need be told. A total outage is found sooner by
\`ServiceDown\` and \`HighErrorRate\`.
`;

if (require.main === module) writeFileSync(slosFile, slos);

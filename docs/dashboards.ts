import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allDashboards } from '../dashboards/all';
import { runbookFile, type Feature } from '../lib/catalog/alerts';
import { dashboards, folders } from '../lib/catalog/dashboards';
import { columns } from '../lib/config/dashboards/layout';
import { queriesOf } from '../lib/config/dashboards/visualisation';
import type { Dashboard, Panel, PanelKind, Row } from '../lib/config/dashboards/panel';
import type { Variable } from '../lib/config/dashboards/variable';
import { table } from './markdown-table';

export const dashboardsFile = join(__dirname, 'dashboards.md');

const code = (text: string): string => `\`${text}\``;
const unique = (texts: readonly string[]): string => [...new Set(texts)].join(', ');

const kinds: Readonly<Record<PanelKind, string>> = {
  timeseries: 'over time',
  stat: 'number',
  bars: 'bars',
  table: 'table',
  states: 'states over time',
  heatmap: 'heatmap',
  lines: 'log lines',
  traces: 'traces',
  'service-map': 'map',
};

const features: Readonly<Record<Feature, string>> = {
  database: 'with a database',
  'tail-sampling': 'where a share of the traces is kept',
  'alertmanager-cluster': 'with several Alertmanagers',
};

const condition = ({ onlyWith }: { readonly onlyWith?: Feature }): string =>
  onlyWith === undefined ? '' : ` (${features[onlyWith]})`;

/** The metrics that it asks for, or whom else. */
const askedOf = (panel: Panel): string =>
  unique(
    queriesOf(panel).flatMap((query) => {
      if (query.source === 'prometheus') return query.expr.uses.map(({ metric }) => code(metric.name));
      return query.source === 'loki' ? 'log lines' : 'traces';
    }),
  );

const alertsOf = ({ signal: { watchedBy = [] } }: Panel): string =>
  unique(watchedBy.map(({ alert }) => `[${alert}](runbooks/${runbookFile(alert)})`));

const panelRow = (panel: Panel): readonly string[] => [
  `${panel.signal.title}${condition(panel)}`,
  kinds[panel.kind],
  panel.signal.unit,
  panel.signal.description,
  askedOf(panel),
  alertsOf(panel),
];

const repetition = ({ forEach }: Pick<Row, 'forEach'>): string =>
  forEach === undefined ? '' : `\n\nOnce for each ${forEach} that is chosen.`;

const rowSection = (row: Row): string => `### ${row.title}${condition(row)}${repetition(row)}

${table(['panel', 'shown as', 'unit', 'what good looks like', 'asked of', 'alerts'], row.panels.map(panelRow))}`;

const variableLine = ({ name, label, values, ...variable }: Variable): string =>
  `- **${label}** (${code(`$${name}`)})${condition(variable)}: ${code(values.label)} of ${code(values.selector)}`;

const section = ({ uid, description, variables, rows, range = '6h' }: Dashboard): string => {
  const { title, folder } = dashboards[uid];
  return `## ${title}

${description}

In the folder ${folders[folder].title}, as ${code(`/d/${uid}`)}; it opens on the last ${range}. At its head people choose:

${variables.map(variableLine).join('\n')}

${rows.map(rowSection).join('\n\n')}`;
};

const contents = allDashboards.map(({ uid, description, rows }) => [
  `[${dashboards[uid].title}](#${dashboards[uid].title.toLowerCase().replaceAll(' ', '-')})`,
  description,
  `${rows.flatMap(({ panels }) => panels).length}`,
]);

/** Every dashboard and panel as Markdown: what it says and what good looks like. */
export const dashboardsPage = `# Dashboards

Written by \`npm run docs\` from \`dashboards\` and \`lib/signals\`: change those, not this page.

${table(['dashboard', 'what it answers', 'panels'], contents)}

Each marks when something was deployed and when alerts began, and links the others with the same time and choices. A panel
links the runbooks of the alerts that watch it; dashed lines are their thresholds, as the profile sets them.

## How to add a panel

In \`dashboards/<name>.ts\`, copy a line and change its signal:

\`\`\`ts
row('Requests', [
  timeSeries(requestRate, { to: ['traces'] }),
  timeSeries(failureRatio, { to: ['logs', 'traces', 'slos'] }),
  timeSeries(requestsInFlight),
]),
\`\`\`

A signal is in \`lib/signals\`: a question with a title, a unit and a sentence on what good looks like. If there is none yet,
copy one there. As many panels as fit stand side by side; where they leave room in the ${columns} columns they are stretched to fill
it, so that \`width\` is a wish for how much of the line a panel gets.

- \`npm run typecheck\` finds a metric that is not in \`lib/catalog\`, a label that was aggregated away and a threshold of an
  alert that has none. No other step checks types.
- \`npm run synth\` refuses a panel that would stay empty, that is there twice, that cannot show what its query answers, or
  that asks for a variable that the dashboard has not.
- \`npx jest --selectProjects unit -- test/dashboards\` finds a variable that no panel uses, and what Grafana would not
  understand.
- \`npm run docs\` writes this page anew.

${allDashboards.map(section).join('\n\n')}
`;

if (require.main === module) writeFileSync(dashboardsFile, dashboardsPage);

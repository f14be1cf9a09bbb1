import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsOf } from '../lib/catalog/catalog';
import { components, services, type Service } from '../lib/catalog/components';
import type { LabelBound } from '../lib/catalog/label-bound';
import { streamLabels, structuredMetadata } from '../lib/catalog/log-streams';
import { logFields, logLevels } from '../lib/catalog/logs';
import { maxSeries, type Metric } from '../lib/catalog/metric';
import { guideNames, recorded } from '../lib/catalog/recorded';
import { scrapeJobs, targetLabels, type Exposer, type JobName } from '../lib/catalog/scrape-jobs';
import { criticalities, spanAttributes, tracedServices, type Criticality } from '../lib/catalog/spans';
import { local } from '../lib/profile/local';
import { production } from '../lib/profile/production';
import type { Profile } from '../lib/profile/profile';
import { staging } from '../lib/profile/staging';
import { logQueries } from '../lib/signals/logs';
import { traceQueries, type TraceQuery } from '../lib/signals/traces';
import { prometheusDuration } from '../lib/units/duration';
import { table } from './markdown-table';

export const telemetryFile = join(__dirname, 'telemetry.md');

const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

const boundText = (bound: LabelBound | 'unbounded'): string => {
  if (bound === 'unbounded') return 'any';
  const { values, limit } = bound;
  if (values.length === limit) return codes(values);
  return `at most ${limit}${values.length > 0 ? `, such as ${codes(values)}` : ''}`;
};

const labelNames = (metric: Metric): string => codes(Object.keys(metric.labels));

/** Each label with its values, and the metrics when one name means two things. */
const labelTable = (metrics: readonly Metric[]): string => {
  const used = new Map<string, { label: string; bound: string; by: string[] }>();
  for (const { name, labels } of metrics)
    for (const [label, bound] of Object.entries(labels)) {
      const key = `${label} ${boundText(bound)}`;
      const entry = used.get(key) ?? { label, bound: boundText(bound), by: [] };
      entry.by.push(name);
      used.set(key, entry);
    }
  return table(
    ['label', 'values', 'of'],
    [...used.values()].map(({ label, bound, by }) => [code(label), bound, codes(by)]),
  );
};

const serviceSection = (service: Service): string => {
  const metrics = metricsOf(service);
  const { path } = scrapeJobs[service];
  const series = metrics.reduce((sum, metric) => sum + maxSeries(metric), 0);
  return `## ${service}

Port ${components[service].ports.http}, path ${code(path)}, at most ${series} series from one pod: Prometheus refuses a scrape with more than twice as many.

${table(
  ['metric', 'type', 'unit', 'labels', 'most series', 'from', 'meaning'],
  metrics.map((metric) => [
    code(metric.name),
    metric.type,
    metric.unit,
    labelNames(metric),
    `${maxSeries(metric)}`,
    metric.origin,
    metric.help,
  ]),
)}

${labelTable(metrics)}

${table(
  ['histogram', 'upper bounds of its buckets'],
  metrics.filter(({ type }) => type === 'histogram').map(({ name, buckets }) => [code(name), buckets.join(', ')]),
)}
`;
};

const logSection = `## Logs

One JSON object a line on standard output; \`dist/contract/log-line.schema.json\` says the same as JSON Schema. A field
that takes any value must never become a label.

${table(
  ['field', 'type', 'on every line', 'values', 'from', 'meaning'],
  Object.entries(logFields).map(([name, { type, required, bound, origin, help }]) => [
    code(name),
    type,
    required ? 'yes' : 'no',
    boundText(bound),
    origin,
    help,
  ]),
)}

${table(
  ['level', 'meaning'],
  Object.entries(logLevels).map(([level, help]) => [code(level), help]),
)}

### Labels in Loki

What lines are selected by: \`service\` and \`container\` are the name of the container, whatever the line says.

${table(
  ['label', 'values'],
  Object.entries(streamLabels).map(([name, bound]) => [code(name), boundText(bound)]),
)}

What is kept beside each line, and can be asked for without parsing it:

${table(
  ['structured metadata', 'values'],
  Object.entries(structuredMetadata).map(([name, bound]) => [code(name), boundText(bound)]),
)}

### Log queries

Those of the monitoring guide, and how far back each is meant to be asked:

\`\`\`logql
${Object.values(logQueries)
  .map(({ title, help, range, expression }) => `# ${title}, ${prometheusDuration(range)}: ${help}\n${expression.text}`)
  .join('\n\n')}
\`\`\`
`;

const spanSection = `## Spans

${table(
  ['attribute', 'type', 'values', 'from', 'meaning'],
  Object.entries(spanAttributes).map(([name, { type, bound, origin, help }]) => [
    code(name),
    type,
    boundText(bound),
    origin,
    help,
  ]),
)}
`;

const profiles: readonly Profile[] = [local, staging, production];
const profileNames = profiles.map(({ name }) => code(name));

/** A share from 0 to 1, free of what binary fractions leave behind. */
const share = (ratio: number): string => `${Number(ratio.toPrecision(6))}`;

const keepRatio = ({ traces: { tailSampling } }: Profile): number =>
  tailSampling === 'keep-all' ? 1 : tailSampling.keepRatio;

const storedShare = (profile: Profile, criticality: Criticality): string =>
  share(profile.traces.headSampling[criticality] * keepRatio(profile));

const tailText = ({ traces: { tailSampling } }: Profile): readonly string[] =>
  tailSampling === 'keep-all'
    ? ['all', 'all', '–']
    : ['all', share(tailSampling.keepRatio), prometheusDuration(tailSampling.decisionWait)];

const searched = (query: TraceQuery): readonly string[] => {
  if (query.kind === 'dependencies') return ['–', '–', '–'];
  const tags = Object.entries(query.tags).map(([name, value]) => `${name}=${value}`);
  const least = query.minDuration;
  return [
    code(query.service),
    tags.length > 0 ? codes(tags) : '–',
    least === undefined ? '–' : prometheusDuration(least),
  ];
};

const samplingSection = `## Sampling

A trace is recorded or not where it begins, by how much its first operation matters. A service whose SDK asks Jaeger goes
by the operation; every other by the criticality of the whole service.

${table(
  ['service', 'operation', 'criticality', 'a span is slow after'],
  Object.entries(tracedServices).flatMap(([service, { criticality, slowAfterSeconds, operations }]) => [
    [code(service), 'all that are not listed', criticality, `${slowAfterSeconds} s`],
    ...Object.entries(operations).map(([operation, each]) => [
      code(service),
      code(operation),
      each,
      `${slowAfterSeconds} s`,
    ]),
  ]),
)}

The share of traces that are recorded:

${table(
  ['criticality', ...profileNames, 'meaning'],
  (Object.keys(criticalities) as Criticality[]).map((criticality) => [
    criticality,
    ...profiles.map(({ traces }) => share(traces.headSampling[criticality])),
    criticalities[criticality],
  ]),
)}

What Jaeger stores of the traces that were recorded:

${table(
  ['profile', 'with an error or a slow span', 'of the rest', 'decided after'],
  profiles.map((profile) => [code(profile.name), ...tailText(profile)]),
)}

So a trace is stored with this probability when it is ordinary, and with that of being recorded when it failed or was slow:

${table(
  ['an ordinary trace', ...profileNames],
  (Object.keys(criticalities) as Criticality[]).map((criticality) => [
    criticality,
    ...profiles.map((profile) => storedShare(profile, criticality)),
  ]),
)}

## Trace queries

${table(
  ['question', 'service', 'tags', 'at least', 'over the last', 'meaning'],
  Object.values(traceQueries).map((query) => [
    query.title,
    ...searched(query),
    prometheusDuration(query.range),
    query.help,
  ]),
)}
`;

const standsFor = ({ name }: Metric): string =>
  codes(
    Object.entries(guideNames)
      .filter(([, series]) => series.name === name)
      .map(([guideName]) => guideName),
  );

const recordedSection = `## Recorded series

Computed by rules. Some stand for names of the monitoring guide that no exporter emits.

${table(
  ['series', 'unit', 'labels', 'stands for', 'meaning'],
  Object.values(recorded).map((metric) => [
    code(metric.name),
    metric.unit,
    labelNames(metric),
    standsFor(metric),
    metric.help,
  ]),
)}
`;

const exporters = Object.keys(scrapeJobs).filter((job) => !services.some((service) => service === job)) as JobName[];

/** What no exporter tells, but Prometheus by itself. */
const titles: Partial<Readonly<Record<Exposer, string>>> = {
  scrape: 'Beside each scrape, of every target',
  alerts: 'Of each alert that is pending or fires, beside the labels of what it is about',
};

const exporterSection = `## Cluster, nodes and database

Of all that these expose, the metrics that are kept.

${(['scrape', 'alerts', ...exporters] as const)
  .map((exposer) => {
    const title = titles[exposer] ?? exposer;
    const labels = targetLabels(exposer);
    return `### ${title}
${labels.length > 0 ? `\nLabels of the target: ${codes(labels)}.\n` : ''}
${table(
  ['metric', 'type', 'labels', 'from', 'meaning'],
  metricsOf(exposer).map((metric) => [code(metric.name), metric.type, labelNames(metric), metric.origin, metric.help]),
)}
`;
  })
  .join('\n')}`;

/** The telemetry reference as Markdown: a view of the catalog, the named queries and the profiles' sampling. */
export const telemetry = `# Telemetry

What AutoServe's services emit and what is kept of everything else. Written by \`npm run docs\` from
\`lib/catalog\`, \`lib/signals\` and the sampling of \`lib/profile\`: change those, not this page.

Where a name is **from** the guide, the monitoring guide has it; an addition is what a dashboard, alert or objective of
the guide needs beside it. The series of a service also bear ${codes(targetLabels('backend'))},
which come from where it runs: a service must not set these itself.

${[...services.map(serviceSection), logSection, spanSection, samplingSection, recordedSection, exporterSection].join('\n')}`;

if (require.main === module) writeFileSync(telemetryFile, telemetry);

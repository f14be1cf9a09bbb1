import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, comparisonRows, persistence, shapeRows, type Comparison } from '../bench/anomalies';
import { anomalyDetector } from '../lib/catalog/anomaly-detector';
import { defaultAnomalyMethod, mostHistoryPoints } from '../lib/catalog/anomaly-methods';
import { anomalySignals } from '../lib/catalog/anomaly-signals';
import { local } from '../lib/profile/local';
import { production } from '../lib/profile/production';
import { staging } from '../lib/profile/staging';
import { prometheusDuration } from '../lib/units/duration';
import { table } from './markdown-table';

export const anomalyDetectionFile = join(__dirname, 'anomaly-detection.md');

const code = (text: string): string => `\`${text}\``;

const markdown = ([header = [], ...rows]: readonly (readonly string[])[]): string => table(header, rows);

const signalTable = table(
  ['`signal`', 'series', 'unit', 'meaning'],
  Object.entries(anomalySignals).map(([signal, { name, unit, help }]) => [code(signal), code(name), unit, help]),
);

const metricTable = table(
  ['metric', 'labels', 'meaning'],
  Object.values(anomalyDetector).map(({ name, labels, help }) => [
    code(name),
    Object.keys(labels).map(code).join(', '),
    help,
  ]),
);

const profileTable = table(
  ['profile', '`history`', '`step`', '`warmUp`', '`method`'],
  [production, staging, local].map(({ name, anomalies: { history, step, warmUp, method } }) => [
    name,
    ...[history, step, warmUp].map(prometheusDuration),
    method,
  ]),
);

/** What both kinds of history gave. */
export const comparisons = (): Readonly<Record<'disturbed' | 'undisturbed', Comparison>> => ({
  disturbed: compare('disturbed'),
  undisturbed: compare('undisturbed'),
});

/** The page on anomaly detection as Markdown, with what was measured. */
export const anomalyDetection = ({ disturbed, undisturbed }: ReturnType<typeof comparisons>): string =>
  `# Anomaly detection

\`anomaly-detector\` tells which signals of the services are unusual for the hour of the week. It answers "is this what
Tuesdays at ten look like?", which no fixed threshold can, and is a hint for whoever investigates: \`AnomalousSignal\` is
an alert of severity \`info\` and never a page. What users notice is up to the objectives, not to this.

Written by \`npm run docs\` from \`lib/catalog\`, \`lib/profile\` and the evaluation below: change
\`docs/anomaly-detection.ts\`, not this page.

## What is judged

These recorded series, each for every service that has it:

${signalTable}

## What it says

${metricTable}

Dashboards shade what lies between \`anomaly_expected_lower\` and \`anomaly_expected_upper\`, behind the signal itself. The
value, \`anomaly_observed_value\`, is outside that band exactly when \`anomaly_detected\` is 1 and \`anomaly_score\` is 0.5 or more, whatever the method. No signal
can be below 0, so the band never is.

A signal has no score, verdict or band at all, rather than a comforting 0, while

- less history than \`warmUp\` was learnt; \`anomaly_history_seconds\` shows how far it is, and gaps do not count;
- its history never varies: from that nothing can be learnt;
- three evaluations in a row brought no value, because Prometheus did not answer, the series is gone or it is no number.

## How

Every retraining (an hour apart by default) reads the history from Prometheus anew and replaces the model, so that
nothing is kept on disk and a restart costs nothing but that reading. Every evaluation (a minute apart) judges the latest
value. Hours of the week are those of UTC.

1. The history is thinned out to one value a \`step\`.
2. For each of the 168 hours of the week, the median of its values is what is expected, and the median distance from it
   is how far values usually stray, both without being moved by an outage or two. An hour that was not seen yet gets the
   figures of all hours.
3. The method says from which residual on, in these deviations, a value is unusual:
   - \`forest\`: an isolation forest of 100 trees over the residuals finds 1.25 % of the history unusual, on each side
     where they lie, but nothing within three and a half deviations. It fits itself to signals with one long tail. The
     seed is fixed: the same history gives the same band.
   - \`seasonal\`: four deviations on both sides. Nothing to train, and easy to explain.
   - \`three-sigma\`: the plain rule, three standard deviations from the mean of the whole history. It knows no hours.

The forest sees the residual alone. Given the bare value and the hour of the week as features beside each other, it
takes a busy hour's ordinary values for unusual, as the second row below shows. With the hour or the change since the
last step as further features it found fewer anomalies at the same precision: each feature takes its share of the cuts.

## Which method: measured

The default is \`${defaultAnomalyMethod}\`. It beats the plain rule clearly and the seasonal rule narrowly;
between these two, what is easy to explain may count for more.

Synthetic signals of four shapes, each with a daily and a weekly season and noise that wanders: a request rate that grows
week by week, a latency with a heavy tail, a queue of a few tasks that come in bursts, a small ratio of errors. Four seeds
of each, others than those that the settings were chosen by. Four weeks are learnt and the fifth is judged, every minute,
with seven anomalies: spikes of 20 minutes, steps of 4 hours and drifts that grow over 18 hours, to half of the usual value
or up to two and a half times as much. An alert is ${persistence} minutes of unusual values in a row, alike for all.
Precision is the share of alerts that are due to an anomaly, recall the share of anomalies that have an alert, the delay
the median from an anomaly's start to its alert.

Each week of the history has an incident of 90 minutes that nobody has taken out:

${markdown(comparisonRows(disturbed))}

The history is as if nothing had ever gone wrong:

${markdown(comparisonRows(undisturbed))}

Precision and recall by the shape of the signal, with incidents in the history:

${markdown(shapeRows(disturbed))}

"As sketched" is the monitoring guide's forest, \`contamination=0.1\`, over value and hour of the week. A tenth of all
values is unusual to it by definition, most of them not for anybody else.

## Settings

${profileTable}

\`history\` may be no longer than Prometheus' retention. Four weeks give each hour four examples; two are the least that
tell a habit from a chance, hence the \`warmUp\`. What the program itself reads beside these: \`EVALUATION_INTERVAL\`,
\`RETRAIN_INTERVAL\`, \`SEED\`, \`LOG_LEVEL\`.

Memory is bounded: one series of at most ${mostHistoryPoints} points for each signal and service, held only while its model is
learnt; a model is a few thousand numbers. Series of other services do not count, however many there are.

## Limits

- A change that lasts becomes usual within about half of \`history\`. A holiday is unusual, and the week after is not.
- Spikes shorter than the persistence, and changes within the everyday scatter, are not found. The table has how many:
  bursty queues and small error ratios hide much.
- Growth moves the band with the median of the history, hence with a delay of half its length.
- It says that a value is unusual, not that it is bad: a quiet night is as unusual as a busy one.
- Where the clock changes with summer, the habits of people move by an hour against UTC, and the band is off at the edges
  of the day until the history has caught up.

## Adding a signal

1. Record it for each service: declare \`service:<what>:<how>\` with the label \`service\` in \`lib/catalog/recorded.ts\`, and
   compute it in \`rules/\`. It must not be below 0.
2. Name it in \`lib/catalog/anomaly-signals.ts\`. Queries, metrics and labels follow; the series adds one more per service.
`;

if (require.main === module) writeFileSync(anomalyDetectionFile, anomalyDetection(comparisons()));

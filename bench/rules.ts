import { ruleGroupsOf } from '../charts/rule-files';
import { cadvisor } from '../lib/catalog/cadvisor';
import { maxSeries, type Metric } from '../lib/catalog/metric';
import { ruleFile, type Rule } from '../lib/config/rule-file';
import { production } from '../lib/profile/production';
import { guideRules } from './guide-rules';
import { cycles, ruleCycles, type RuleCycles } from './rule-cycles';
import { history, type Reading } from './rule-store/history';
import { median, spread, table } from './table';

const { evaluationInterval } = production.prometheus;
const groups = Object.values(ruleGroupsOf(production)).flat();

interface MeasuredRule {
  readonly group: string;
  readonly name: string;
  /** How many cycles there are for each of its evaluations. */
  readonly everyCycles: number;
}

const nameOf = (rule: Rule): string =>
  'series' in rule ? [rule.series.name, ...Object.values(rule.labels)].join(' ') : rule.alert;

const guideGroup = "the guide's";

/** Production's and then the guide's, in the order in which they are evaluated. */
const measured: readonly MeasuredRule[] = [
  ...groups.flatMap(({ name, interval = evaluationInterval, rules }) =>
    rules.map((rule) => ({
      group: name,
      name: nameOf(rule),
      everyCycles: interval.toMilliseconds() / evaluationInterval.toMilliseconds(),
    })),
  ),
  ...guideRules.map(({ alert }) => ({ group: guideGroup, name: alert, everyCycles: 1 })),
];

/** Every metric that a rule reads, over the longest window of all. */
const readings = (): readonly Reading[] => {
  // The one that only the guide reads.
  const windows = new Map<Metric, number>([[cadvisor.container_memory_usage_bytes, 0]]);
  for (const { metric, window } of groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.uses)))
    windows.set(metric, Math.max(windows.get(metric) ?? 0, typeof window === 'object' ? window.toSeconds() : 0));
  return [...windows].map(([metric, window]) => ({ metric, window }));
};

/** Seconds of the rules that are chosen, for each cycle. */
const sums = (
  { seconds }: RuleCycles,
  isChosen: (rule: MeasuredRule) => boolean,
  weight: (rule: MeasuredRule) => number = () => 1,
): readonly number[] =>
  Array.from({ length: cycles }, (_, cycle) =>
    measured.reduce(
      (sum, rule, index) => sum + (isChosen(rule) ? weight(rule) * (seconds[index]?.[cycle] ?? NaN) : 0),
      0,
    ),
  );

const overCycles = ({ everyCycles }: MeasuredRule): number => 1 / everyCycles;

const percentOfInterval = (seconds: readonly number[]): string =>
  ((100 * median(seconds)) / evaluationInterval.toSeconds()).toFixed(2);

const isGuide = ({ group }: MeasuredRule): boolean => group === guideGroup;

/** A line for the guide's, for production's, and for each group of these. */
const costRows = (pods: number, measurement: RuleCycles): readonly (readonly string[])[] => {
  const row = (name: string, isChosen: (rule: MeasuredRule) => boolean, weight = overCycles): readonly string[] => {
    const seconds = sums(measurement, isChosen, weight);
    const guides = sums(measurement, isGuide);
    const ratios = seconds.map((each, cycle) => each / (guides[cycle] ?? NaN));
    return [
      name,
      `${measured.filter(isChosen).length}`,
      spread(seconds, 3),
      percentOfInterval(seconds),
      spread(ratios, 2),
    ];
  };
  return [
    [`${pods} pods, ${measurement.headSeries} series`],
    row("  the guide's six", isGuide),
    row("  production's", (rule) => !isGuide(rule)),
    ...groups.flatMap(({ name, interval }) => [
      row(`    ${name}`, ({ group }) => group === name),
      ...(interval === undefined
        ? []
        : [
            row(
              `    ${name}, each time`,
              ({ group }) => group === name,
              () => 1,
            ),
          ]),
    ]),
  ];
};

const mostShown = 6;

const slowestRows = (pods: number, { seconds }: RuleCycles): readonly (readonly string[])[] =>
  measured
    .map(({ group, name }, index) => ({ group, name, seconds: seconds[index] ?? [] }))
    .filter((rule) => rule.group !== guideGroup)
    .toSorted((a, b) => median(b.seconds) - median(a.seconds))
    .slice(0, mostShown)
    .map(({ group, name, seconds }) => [`${pods} pods: ${name}`, group, spread(seconds, 3)]);

/** What an evaluation of all rules costs in a real Prometheus, as a share of its interval and beside the guide's six. */
export const ruleEvaluation = async (podCounts: readonly number[]): Promise<void> => {
  const read = readings();
  const measurements: (readonly [pods: number, RuleCycles])[] = [];
  const rules = [...ruleFile(groups).groups.flatMap((group) => group.rules), ...guideRules];
  for (const pods of podCounts) measurements.push([pods, await ruleCycles(rules, (now) => history(pods, read, now))]);

  const ofBackend = read.filter(({ metric }) => metric.exposedBy === 'backend');
  const most = ofBackend.reduce((sum, { metric }) => sum + maxSeries(metric), 0);
  // Of three pods, each service has one.
  const had = [...history(3, ofBackend, 0)].length;
  console.log(`
Evaluation of all rules of production in Prometheus, beside the guide's six as it writes them; wall time, median
(lowest to highest) of ${cycles} cycles. All are evaluated one after the other, so that none slows another down; the
share of a group that is evaluated more seldom is spread over the cycles between.
The store has what rules read of a cluster with so many pods of AutoServe, as far back as they look: the last 50 minutes
in the head, the rest in blocks, 30 days of the events that SLOs count. A pod of the backend has ${had} such series; the
catalog allows ${most}.
Nothing is wrong in it, so that no alert but the Watchdog fires.
Not covered: scrapes and queries at the same time, series that no rule reads, pods that come and go, alerts that fire.
`);
  console.log(
    table([
      ['', 'rules', 's a cycle', `% of ${evaluationInterval.toSeconds()} s`, "of the guide's"],
      ...measurements.flatMap(([pods, measurement]) => costRows(pods, measurement)),
    ]),
  );
  console.log('\nThe slowest rules of production.\n');
  console.log(
    table([
      ['', 'group', 's an evaluation'],
      ...measurements.flatMap(([pods, measurement]) => slowestRows(pods, measurement)),
    ]),
  );
  const cpu = measurements.map(([pods, { cpuSeconds }]) => `${cpuSeconds.toFixed(2)} s with ${pods} pods`);
  console.log(`\nCPU of Prometheus for a cycle of both, with every group evaluated: ${cpu.join(', ')}.`);
};

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import type { RuleFile } from '../../lib/config/rule-file';
import { toYaml } from '../../lib/config/to-yaml';
import { quoted } from '../../lib/query/text';
import { prometheusDuration } from '../../lib/units/duration';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { temporaryDirectory } from '../harness/temporary-directory';
import type { Case, Check, Input, Pace } from './cases';

const duration = (seconds: number): string => prometheusDuration(Duration.seconds(seconds));

const numberText = (value: number): string => (Number.isFinite(value) ? `${value}` : `${value}`.replace('inity', ''));

/** A sample at each step in promtool's notation; what ends is marked as stale, as Prometheus does. */
const valuesText = ({ at }: Input, end: number, every: number): string => {
  const texts: { readonly text: string; count: number }[] = [];
  let before: number | undefined;
  for (let clock = 0; clock <= end; clock += every) {
    const value = at(clock);
    const gone = before === undefined ? '_' : 'stale';
    const text = value === undefined ? gone : numberText(value);
    const last = texts.at(-1);
    if (last?.text === text) last.count += 1;
    else texts.push({ text, count: 1 });
    before = value;
  }
  // `1x2` is 1 and twice again, `_x2` is twice nothing.
  return texts
    .map(({ text, count }) => (text === '_' ? `_x${count}` : count > 1 ? `${text}x${count - 1}` : text))
    .join(' ');
};

const endOf = (check: Check): number => ('at' in check ? check.at : check.to);

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([label, value]) => `${label}=${quoted(value)}`)
    .join(', ')}}`;

/** The alert as a series that is there while it fires. */
const firing = (alertname: string): Readonly<Record<string, string>> => ({ alertname, alertstate: 'firing' });

const testOf = ({ name, series, checks }: Case, alerts: readonly string[], { evaluation, sample }: Pace) => {
  const end = Math.max(...checks.map(endOf));
  const forEach = <T>(test: (check: Check, alertname: string) => readonly T[]): readonly T[] =>
    checks.flatMap((check) => alerts.flatMap((alertname) => test(check, alertname)));
  // Of an expression that fails, promtool does not name the test: the comment does.
  const comment = ` # ${name}`;
  return {
    name,
    interval: duration(sample),
    input_series: series.map((input) => ({ series: input.selector, values: valuesText(input, end, sample) })),
    alert_rule_test: forEach((check, alertname) => {
      if (!('sent' in check)) return [];
      const alerts = check.sent.map(({ labels, annotations }) => ({
        exp_labels: labels,
        exp_annotations: annotations,
      }));
      return [{ eval_time: duration(check.at), alertname, exp_alerts: alerts }];
    }),
    promql_expr_test: forEach((check, alertname) => {
      if ('sent' in check) return [];
      const series = `ALERTS${labelsText(firing(alertname))}`;
      if ('labels' in check) {
        const samples = check.labels.map((labels) => ({
          labels: `ALERTS${labelsText({ ...labels, ...firing(alertname) })}`,
          value: 1,
        }));
        return [{ expr: `${series}${comment}`, eval_time: duration(check.at), exp_samples: samples }];
      }
      const window = duration(check.to - check.silentFrom + evaluation);
      return [
        { expr: `max_over_time(${series}[${window}])${comment}`, eval_time: duration(check.to), exp_samples: [] },
      ];
    }),
  };
};

/** What promtool says of the cases, played to each of the alerts; nothing when all is as it should be. */
export const complaints = async (
  rules: RuleFile,
  alerts: readonly string[],
  cases: readonly Case[],
  pace: Pace,
): Promise<string> => {
  const directory = temporaryDirectory('rules');
  writeFileSync(join(directory, 'rules.yaml'), toYaml(rules));
  writeFileSync(
    join(directory, 'test.yaml'),
    toYaml({
      rule_files: ['rules.yaml'],
      evaluation_interval: duration(pace.evaluation),
      tests: cases.map((each) => testOf(each, alerts, pace)),
    }),
  );
  const { code, stdout, stderr } = await run(await program('promtool'), ['test', 'rules', 'test.yaml'], {
    cwd: directory,
  });
  if (code === 0) return '';
  return stderr.trim() === '' ? stdout : stderr.replaceAll('\\"', '"');
};

/** The alerts of which promtool complains, be it that a rule could not be evaluated. */
export const complainedOf = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/(?:alertname: |alertname="|rule: )(\w+)/g)].map(([, name = '']) => name));

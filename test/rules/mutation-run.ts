import { Duration } from 'cdk8s';
import type { AlertName } from '../../lib/catalog/alerts';
import type { RuleFile } from '../../lib/config/rule-file';
import { prometheusDuration } from '../../lib/units/duration';
import { rulesOf, watchedAlert } from './alert-rules';
import { derivedCases, paceOf, writtenCases, type Case } from './cases';
import { mutantsOf, type MutationKind } from './mutations';
import { complainedOf, complaints } from './promtool';
import type { AlertScenarios } from './scenario';

type RuleText = RuleFile['groups'][number]['rules'][number];

export interface MutatedRule {
  readonly kind: MutationKind | 'wait';
  readonly name: string;
  readonly rule: RuleText;
}

/** The rule of an alert, wrong in one place or another. A wait is halved where evaluations are fine enough to tell. */
const mutatedRules = (rule: RuleText, wait: Duration, evaluation: number): readonly MutatedRule[] => {
  const half = prometheusDuration(Duration.millis(wait.toMilliseconds() / 2));
  return [
    ...mutantsOf(rule.expr).map(({ kind, name, expr }) => ({ kind, name, rule: { ...rule, expr } })),
    ...(wait.toSeconds() / 2 >= evaluation
      ? [
          {
            kind: 'wait' as const,
            name: `for: ${prometheusDuration(wait)} → ${half}`,
            rule: { ...rule, for: half } as RuleText,
          },
        ]
      : []),
  ];
};

export interface MutationOutcome {
  readonly mutants: readonly MutatedRule[];
  /** Those that no scenario tells from the alert as it should be. */
  readonly survivors: readonly MutatedRule[];
}

/** One case in which it fires and one near miss kill most mutants: the rest is played to fewer. */
const batches = (cases: readonly Case[]): readonly (readonly Case[])[] => {
  const first = ['fires ', 'is silent '].flatMap((begin) => cases.find(({ name }) => name.startsWith(begin)) ?? []);
  return [...first.map((each) => [each]), cases.filter((each) => !first.includes(each))].filter(
    (batch) => batch.length > 0,
  );
};

/** What becomes of every mutant of an alert; to those named `equivalent`, only what is written is played. */
export const mutate = async (
  name: AlertName,
  scenarios: AlertScenarios,
  equivalent: readonly string[] = [],
): Promise<MutationOutcome> => {
  const alert = watchedAlert(name);
  const pace = paceOf(scenarios, alert);
  const { groups } = rulesOf(name, Duration.seconds(pace.evaluation));
  const rules = groups.flatMap((group) => group.rules);
  const original = rules.find((rule) => 'alert' in rule);
  if (original === undefined) throw new Error(`${name} has no rule`);
  const recording = rules.filter((rule) => !('alert' in rule));

  const mutants = mutatedRules(original, alert.wait, pace.evaluation);
  const idOf = (mutant: MutatedRule): string => `${name}_${mutants.indexOf(mutant)}`;
  const survivorsOf = async (
    played: readonly MutatedRule[],
    cases: readonly Case[],
  ): Promise<readonly MutatedRule[]> => {
    if (played.length === 0) return [];
    const ids = played.map(idOf);
    const named = played.map((mutant) => ({ ...mutant.rule, alert: idOf(mutant) }));
    const text = await complaints({ groups: [{ name: 'mutants', rules: [...recording, ...named] }] }, ids, cases, pace);
    const caught = complainedOf(text);
    if (text !== '' && caught.size === 0) throw new Error(`promtool cannot play the mutants of ${name}: ${text}`);
    const survivors = played.filter((mutant) => !caught.has(idOf(mutant)));
    // An expression that cannot be evaluated ends its test: without it, what the others do is seen.
    return / rule: \w+, time: /.test(text) ? survivorsOf(survivors, cases) : survivors;
  };

  let survivors = mutants;
  for (const cases of batches(writtenCases(name, scenarios, alert))) survivors = await survivorsOf(survivors, cases);
  const told = survivors.filter((mutant) => equivalent.includes(mutant.name));
  const untold = survivors.filter((mutant) => !told.includes(mutant));
  return { mutants, survivors: [...told, ...(await survivorsOf(untold, derivedCases(name, scenarios, alert)))] };
};

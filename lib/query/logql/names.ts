import type { LabelBound } from '../../catalog/label-bound';
import { streamLabels, structuredMetadata } from '../../catalog/log-streams';
import { logFields, type LogFieldName } from '../../catalog/logs';
import type { State } from './lines';

const labels = { ...streamLabels, ...structuredMetadata };

/** What every line has beside its text. */
export type Label = keyof typeof labels;

type FieldOf<T> = { [N in LogFieldName]: (typeof logFields)[N]['type'] extends T ? N : never }[LogFieldName];

/** The fields that compare as numbers. */
export type NumberField = FieldOf<'number'>;

/** What lines are chosen by: any label, and any field that is no object. */
export type Name = Label | FieldOf<'string' | 'number'>;

type BoundOf<N extends Name> = N extends Label
  ? (typeof labels)[N]
  : N extends LogFieldName
    ? (typeof logFields)[N]['bound']
    : never;

/** What it may be compared with for equality, as far as that is known beforehand. */
export type Value<N extends Name> = BoundOf<N> extends LabelBound<infer V> ? V : string;

type BoundedField = {
  [N in LogFieldName]: (typeof logFields)[N]['bound'] extends LabelBound ? N : never;
}[LogFieldName];

type BoundedLabel = { [N in Label]: (typeof labels)[N] extends LabelBound ? N : never }[Label];

/** The labels that a metric query may tell its series apart by: those that hold few values. */
export type Groupable<S extends State> = BoundedLabel | (S extends 'unparsed' ? never : BoundedField);

interface Facts {
  /** It is known of a line once its JSON is parsed. */
  readonly isField: boolean;
  readonly isNumber: boolean;
  readonly bound: LabelBound | undefined;
}

const factsOf = (isField: boolean, type: string, bound: LabelBound | 'unbounded'): Facts => ({
  isField,
  isNumber: type === 'number',
  bound: bound === 'unbounded' ? undefined : bound,
});

/** A label that bears the name of a field keeps it: Loki moves the field aside, as in `service_extracted`. */
const names: ReadonlyMap<string, Facts> = new Map([
  ...Object.entries(logFields).flatMap(([name, { type, bound }]) =>
    type === 'object' ? [] : [[name, factsOf(true, type, bound)] as const],
  ),
  ...Object.entries(labels).map(([name, bound]) => [name, factsOf(false, 'string', bound)] as const),
]);

/** @throws RangeError when no line can be chosen by it. */
export const lookUp = (name: string): Facts => {
  const facts = names.get(name);
  if (facts === undefined)
    throw new RangeError(`no line can be chosen by ${name}: choose by ${[...names.keys()].join(', ')}`);
  return facts;
};

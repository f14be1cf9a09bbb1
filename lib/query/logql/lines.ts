import type { Range } from './expression';

/**
 * What is known of the lines at one point of a pipeline. `unparsed`: their labels. `parsed`: also the fields of those
 * that are JSON. `error-free`: the fields of every line that is left.
 */
export type State = 'unparsed' | 'parsed' | 'error-free';

/** LogQL that answers with lines. It has no `precedence`, so that it does not pass as a vector. */
export interface Lines<S extends State = State> {
  readonly text: string;
  readonly state: S;
  /** A range is what a metric query adds. */
  readonly uses: readonly Range[];
}

/** One step of a pipeline: an operator, and what stands behind it. */
export interface Stage<From extends State = State, To extends State | 'same' = State | 'same'> {
  readonly operator: '|' | '|=' | '!=' | '|~' | '!~';
  readonly text: string;
  /** The lines that it can be applied to. */
  readonly from: readonly From[];
  /** What it makes of them. */
  readonly to: To;
}

type After<S extends State, G> = G extends Stage<State, infer To> ? (To extends State ? To : S) : never;

/** The states before each of the stages, and after the last. */
type States<S extends State, G> = G extends readonly [infer First, ...infer Rest]
  ? readonly [S, ...States<After<S, First>, Rest>]
  : readonly [S];

type Last<T> = T extends readonly [...unknown[], infer L extends State] ? L : never;

/** The stages themselves, each where it can be applied to what those before it leave. */
type InOrder<S extends State, G extends readonly Stage[]> = {
  readonly [I in keyof G]: States<S, G>[I & keyof States<S, G>] extends G[I]['from'][number]
    ? G[I]
    : Stage<Extract<States<S, G>[I & keyof States<S, G>], State>>;
};

/**
 * The lines after each stage in turn.
 *
 * @throws RangeError when a stage cannot be applied to what those before it leave, as a filter of a field before `json`.
 */
export const pipe = <S extends State, const G extends readonly Stage[]>(
  { text, state, uses }: Lines<S>,
  ...stages: InOrder<S, G>
): Lines<Last<States<S, G>>> => {
  let reached: State = state;
  for (const { operator, text: argument, from, to } of stages) {
    if (!from.some((each) => each === reached))
      throw new RangeError(`${operator} ${argument} needs lines that are ${from.join(' or ')}: these are ${reached}`);
    if (to !== 'same') reached = to;
  }
  const texts = stages.map((stage) => ` ${stage.operator} ${stage.text}`);
  // The loop has followed the states that the types follow.
  return { text: [text, ...texts].join(''), state: reached as Last<States<S, G>>, uses };
};

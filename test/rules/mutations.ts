import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNodeRef } from '@lezer/common' with { 'resolution-mode': 'import' };
import { Duration } from 'cdk8s';
import { prometheusDuration } from '../../lib/units/duration';

export type MutationKind =
  | 'comparison'
  | 'boundary'
  | 'threshold'
  | 'window'
  | 'aggregation'
  | 'grouping'
  | 'matcher'
  | 'function'
  | 'logic'
  | 'arithmetic'
  | 'constant';

/** One way to get an expression wrong. */
export interface Mutant {
  readonly kind: MutationKind;
  /** What became of what, and of which of several: `max → min (2)`. */
  readonly name: string;
  readonly expr: string;
}

/** What may stand in the place of a word of PromQL, by the name of its node. */
const swaps: Readonly<Record<string, readonly [kind: MutationKind, ...instead: readonly string[]]>> = {
  Gtr: ['comparison', '<'],
  Gte: ['comparison', '<='],
  Lss: ['comparison', '>'],
  Lte: ['comparison', '>='],
  Sum: ['aggregation', 'max', 'avg'],
  Max: ['aggregation', 'min', 'sum'],
  Min: ['aggregation', 'max'],
  Avg: ['aggregation', 'max'],
  Rate: ['function', 'increase'],
  Increase: ['function', 'rate', 'delta'],
  Delta: ['function', 'increase'],
  AvgOverTime: ['function', 'sum_over_time'],
  SumOverTime: ['function', 'avg_over_time'],
  And: ['logic', 'or', 'unless'],
  Or: ['logic', 'and'],
  Unless: ['logic', 'and'],
  Add: ['arithmetic', '-'],
  Sub: ['arithmetic', '+'],
  Mul: ['arithmetic', '/'],
  Div: ['arithmetic', '*'],
};

const boundaries: Readonly<Record<string, string>> = { '>': '>=', '>=': '>', '<': '<=', '<=': '<' };
const opposites: Readonly<Record<string, string>> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

const perUnit = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

const secondsOf = (window: string): number =>
  [...window.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * perUnit[unit as keyof typeof perUnit],
    0,
  );

const windowTimes = (window: string, factor: number): string =>
  prometheusDuration(Duration.seconds(secondsOf(window) * factor));

interface Edit {
  readonly kind: MutationKind;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function* editsAt({ name, node, from, to }: SyntaxNodeRef, query: string): Iterable<Edit> {
  const word = query.slice(from, to);
  const parent = node.parent?.name ?? '';
  const edit = (kind: MutationKind, text: string): Edit => ({ kind, from, to, text });

  const [kind, ...instead] = swaps[name] ?? [];
  if (kind !== undefined) yield* instead.map((text) => edit(kind, text));
  if (parent === 'BinaryExpr' && (name === 'Eql' || name === 'Neq'))
    yield edit('comparison', word === '==' ? '!=' : '==');

  // Where only whole numbers are compared, the number itself may well come.
  const bound = node.nextSibling;
  if (word in boundaries && bound !== null && /^\d+$/.test(query.slice(bound.from, bound.to)))
    yield edit('boundary', boundaries[word] ?? '');

  if (name === 'NumberDurationLiteral')
    yield* Number(word) === 0
      ? [edit('threshold', '1')]
      : [0.5, 2].map((factor) => edit('threshold', `${Number(word) * factor}`));
  if (name === 'NumberDurationLiteralInDurationContext')
    yield* [0.5, 2].map((factor) => edit('window', windowTimes(word, factor)));

  if (name === 'FunctionCall' && word.startsWith('vector(')) yield edit('constant', `(${word} < 0)`);

  if (name === 'UnquotedLabelMatcher') {
    // With the comma that parts it from the next.
    const [comma = ''] = /^, /.exec(query.slice(to)) ?? [];
    const [before = ''] = comma === '' ? (/, $/.exec(query.slice(0, from)) ?? []) : [];
    yield { kind: 'matcher', from: from - before.length, to: to + comma.length, text: '' };
  }
  if (name === 'MatchOp') yield edit('matcher', opposites[word] ?? '');

  if (name === 'LabelName' && parent === 'GroupingLabels' && word !== 'le') {
    const [comma = ''] = /^, /.exec(query.slice(to)) ?? [];
    const [before = ''] = comma === '' ? (/, $/.exec(query.slice(0, from)) ?? []) : [];
    yield { kind: 'grouping', from: from - before.length, to: to + comma.length, text: '' };
  }
}

/** Every mutant of a query that differs from it in one place. */
export const mutantsOf = (query: string): readonly Mutant[] => {
  const edits: Edit[] = [];
  parser.parse(query).iterate({ enter: (node) => void edits.push(...editsAt(node, query)) });
  const seen = new Map<string, number>();
  return edits.map(({ kind, from, to, text }) => {
    const change = `${query.slice(from, to).replace(/^, |, $/, '')} → ${text || 'nothing'}`;
    const count = (seen.get(change) ?? 0) + 1;
    seen.set(change, count);
    return {
      kind,
      name: count > 1 ? `${change} (${count})` : change,
      expr: `${query.slice(0, from)}${text}${query.slice(to)}`,
    };
  });
};

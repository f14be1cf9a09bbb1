import fc from 'fast-check';
import { backend } from '../../../../lib/catalog/backend';
import { sumBy } from '../../../../lib/query/promql/aggregate';
import type { Vector } from '../../../../lib/query/promql/expression';
import {
  above,
  and,
  atLeast,
  atMost,
  below,
  differs,
  dividedBy,
  equals,
  minus,
  or,
  plus,
  subtractedFrom,
  times,
  unless,
} from '../../../../lib/query/promql/operators';
import { select } from '../../../../lib/query/promql/select';
import type { Node } from '../tree';
import { parse, syntaxErrors } from './parse';

type Operator = (left: Vector<never>, right: Vector<never>) => Vector<never>;

const operators: Readonly<Record<string, Operator>> = {
  '+': plus,
  '-': minus,
  '*': times,
  '/': dividedBy,
  '>': above,
  '>=': atLeast,
  '<': below,
  '<=': atMost,
  '==': equals,
  '!=': differs,
  and: (left, right) => and(left, right),
  or,
  unless: (left, right) => unless(left, right),
};

/** An arithmetic tree as nested brackets, and the expression that the typed API builds of it. */
interface Built {
  readonly shape: string;
  readonly vector: Vector<never>;
}

const leaves = {
  a: select(backend.db_connections_active),
  i: select(backend.db_connections_idle),
  m: select(backend.db_connections_max),
};

const { tree } = fc.letrec<{ tree: Built; leaf: Built; node: Built; fromNumber: Built }>((tie) => ({
  tree: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('node'), tie('fromNumber')),
  leaf: fc
    .constantFrom(...Object.values(leaves))
    .map((gauge) => ({ shape: `sum(${gauge.text})`, vector: sumBy(gauge) })),
  node: fc
    .tuple(fc.constantFrom(...Object.entries(operators)), tie('tree'), tie('tree'))
    .map(([[symbol, operator], left, right]) => ({
      shape: `[${left.shape} ${symbol} ${right.shape}]`,
      vector: operator(left.vector, right.vector),
    })),
  fromNumber: fc.tuple(fc.integer({ min: -3, max: 3 }), tie('tree')).map(([number, right]) => ({
    shape: `[${number} - ${right.shape}]`,
    vector: subtractedFrom(number, right.vector),
  })),
}));

/** The same brackets, read off the tree that the grammar makes of the text. */
const shapeOf = ({ kind, text, children }: Node): string => {
  const [left] = children;
  const right = children.at(-1);
  if (left === undefined || right === undefined) return text;
  if (kind === 'PromQL' || kind === 'ParenExpr') return shapeOf(left);
  if (kind !== 'BinaryExpr') return text;
  const symbol = text.slice(left.text.length, text.length - right.text.length).trim();
  return `[${shapeOf(left)} ${symbol} ${shapeOf(right)}]`;
};

test('a query is parsed as the tree that it was built from', () => {
  fc.assert(
    fc.property(tree, ({ shape, vector }) => {
      expect(syntaxErrors(vector.text)).toEqual([]);
      expect(shapeOf(parse(vector.text))).toBe(shape);
    }),
    { numRuns: 300 },
  );
});

test('every pair of parentheses is needed: without it the tree is another', () => {
  fc.assert(
    fc.property(tree, ({ shape, vector: { text } }) => {
      for (const [open, close] of pairs(text)) {
        const without = text.slice(0, open) + text.slice(open + 1, close) + text.slice(close + 1);
        expect(syntaxErrors(without).length > 0 || shapeOf(parse(without)) !== shape).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

/** Positions of the pairs of parentheses that group; those of a function's arguments do not. */
const pairs = (text: string): readonly (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  const open: number[] = [];
  for (const [index, character] of text.split('').entries()) {
    if (character === '(') open.push(index);
    if (character !== ')') continue;
    const start = open.pop() ?? -1;
    if (start === 0 || text[start - 1] === ' ' || text[start - 1] === '(') found.push([start, index]);
  }
  return found;
};

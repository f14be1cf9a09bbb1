import fc from 'fast-check';
import { and, or, where, whereNumber, type Filter } from '../../../../lib/query/logql/filter';
import { pipe } from '../../../../lib/query/logql/lines';
import type { Name } from '../../../../lib/query/logql/names';
import { select } from '../../../../lib/query/logql/select';
import { json } from '../../../../lib/query/logql/stages';
import { nodesOf, type Node } from '../tree';
import { parse, syntaxErrors } from './parse';

// The grammar for editors gives `/` and `>` one precedence and Loki does not: those are in rendering.test.ts.

/** A tree of filters as nested brackets, and the filter that the typed API builds of it. */
interface Built {
  readonly shape: string;
  readonly filter: Filter<Name>;
}

const parsed = pipe(select({ service: 'backend' }), json);
const prefix = `${parsed.text} | `;

/** A filter whose names are known only when it runs; it is put behind `json`, where every filter can stand. */
const anyNames = (filter: unknown): Filter<Name> => filter as Filter<Name>;

const leaves = [where('level', 'ERROR'), where('pod', 'a or b'), whereNumber('duration_ms', '>', 1)].map(anyNames);

const { tree } = fc.letrec<{ tree: Built; leaf: Built; node: Built }>((tie) => ({
  tree: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('node')),
  leaf: fc.constantFrom(...leaves).map((filter) => ({ shape: filter.text, filter })),
  node: fc
    .tuple(fc.constantFrom(['and', and] as const, ['or', or] as const), tie('tree'), tie('tree'))
    .map(([[symbol, combine], left, right]) => ({
      shape: `[${left.shape} ${symbol} ${right.shape}]`,
      filter: anyNames(combine(left.filter, right.filter)),
    })),
}));

/** The same brackets, read off the tree that the grammar makes of the text. */
const shapeOf = ({ text, children }: Node): string => {
  const [left, right] = children.filter(({ kind }) => kind === 'LabelFilter');
  if (left === undefined) return text;
  if (right === undefined) return shapeOf(left);
  return `[${shapeOf(left)} ${text.slice(left.text.length, text.length - right.text.length).trim()} ${shapeOf(right)}]`;
};

const filterIn = (query: string): string => {
  const filter = nodesOf(parse(query)).find(({ kind }) => kind === 'LabelFilter');
  return filter === undefined ? 'none' : shapeOf(filter);
};

test('a filter is parsed as the tree that it was built from', () => {
  fc.assert(
    fc.property(tree, ({ shape, filter }) => {
      const { text } = pipe(parsed, filter);
      expect(syntaxErrors(text)).toEqual([]);
      expect(filterIn(text)).toBe(shape);
    }),
    { numRuns: 300 },
  );
});

test('every pair of parentheses is needed: without it the tree is another', () => {
  fc.assert(
    fc.property(tree, ({ shape, filter: { text } }) => {
      for (const [open, close] of pairs(text)) {
        const without = text.slice(0, open) + text.slice(open + 1, close) + text.slice(close + 1);
        expect(filterIn(`${prefix}${without}`)).not.toBe(shape);
      }
    }),
    { numRuns: 100 },
  );
});

/** Positions of the pairs of parentheses. */
const pairs = (text: string): readonly (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  const open: number[] = [];
  for (const [index, character] of text.split('').entries()) {
    if (character === '(') open.push(index);
    if (character === ')') found.push([open.pop() ?? -1, index]);
  }
  return found;
};

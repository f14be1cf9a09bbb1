import fc from 'fast-check';
import { where, whereAnyOf } from '../../../../lib/query/logql/filter';
import { pipe } from '../../../../lib/query/logql/lines';
import { select } from '../../../../lib/query/logql/select';
import { contains, json, lacks } from '../../../../lib/query/logql/stages';
import { not } from '../../../../lib/query/promql/matcher';
import { nodesOf, unquoted } from '../tree';
import { parse, syntaxErrors } from './parse';

const backend = select({ service: 'backend' });

const anything = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\r', '\0', '{', '}', 'n', '#', "'", '`', '|', '=', '.', '(') }),
);

/** The operators of a query in order, each with the value that Loki reads behind it. */
const readBack = (query: string): readonly (readonly string[])[] => {
  expect(syntaxErrors(query)).toEqual([]);
  return nodesOf(parse(query))
    .filter(({ kind }) => kind === 'Matcher' || kind === 'LineFilter')
    .map(({ children }) => children.map(({ kind, text }) => (kind === 'String' ? unquoted(text) : text)));
};

test('any text stays one matcher, one line filter or one label filter, and keeps its value', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const lines = pipe(
        select({ service: 'backend', container: not(text) }),
        contains(text),
        lacks(text),
        where('trace_id', text),
        json,
        where('message', not(text)),
      );
      expect(readBack(lines.text)).toEqual([
        ['service', '=', 'backend'],
        ['container', '!=', text],
        ['|=', text],
        ['!=', text],
        ['trace_id', '=', text],
        ['message', '!=', text],
      ]);
    }),
  );
});

test('whereAnyOf matches its values and no other text', () => {
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 4 }), fc.nat({ max: 9 }), ([first = '', ...more], at) => {
      const values = [first, ...more];
      const [, [, , pattern = ''] = []] = readBack(pipe(backend, whereAnyOf('pod', first, ...more)).text);
      // As Loki reads it: of a part of the text, where the pattern does not say otherwise.
      const matches = (text: string) => new RegExp(pattern, 's').test(text);
      for (const value of values) expect(matches(value)).toBe(true);
      for (const value of values)
        for (const end of [at, at + 1]) {
          const other = `${value.slice(0, at)}x${value.slice(end)}`;
          expect(matches(other)).toBe(values.includes(other));
        }
    }),
  );
});

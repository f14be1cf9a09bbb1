import fc from 'fast-check';
import { nodeExporter } from '../../../../lib/catalog/node-exporter';
import { worker } from '../../../../lib/catalog/worker';
import { anyOf, not, notRe, re, type Matcher } from '../../../../lib/query/promql/matcher';
import { select } from '../../../../lib/query/promql/select';
import { nodesOf, unquoted } from '../tree';
import { parse, syntaxErrors } from './parse';

const selectDevice = (device: Matcher): string => select(nodeExporter.node_filesystem_avail_bytes, { device }).text;

/** The value that Prometheus reads out of the one matcher of a selector. */
const valueIn = (query: string): string => {
  const literals = nodesOf(parse(query)).filter(({ kind }) => kind === 'StringLiteral');
  expect(syntaxErrors(query)).toEqual([]);
  expect(literals).toHaveLength(1);
  return unquoted(literals[0]?.text ?? '');
};

const anything = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '{', '}', 'n', ',', '#', "'", '`', '|', '.', '(', '\0') }),
);

test('any value survives quoting', () => {
  fc.assert(
    fc.property(anything, (value) => {
      expect(valueIn(selectDevice(value))).toBe(value);
      expect(valueIn(selectDevice(not(value)))).toBe(value);
    }),
  );
});

test('anyOf matches its values and no other text', () => {
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 4 }), fc.nat({ max: 9 }), ([first = '', ...more], at) => {
      const values = [first, ...more];
      const pattern = new RegExp(`^(?:${valueIn(selectDevice(anyOf(first, ...more)))})$`, 's');
      for (const value of values) expect(value).toMatch(pattern);
      // Near misses: one character more, or another in its place.
      for (const value of values)
        for (const end of [at, at + 1]) {
          const other = `${value.slice(0, at)}x${value.slice(end)}`;
          expect(pattern.test(other)).toBe(values.includes(other));
        }
    }),
  );
});

test.each([
  [re('a|b'), 'device=~"a|b"'],
  [notRe(String.raw`\d+`), String.raw`device!~"\\d+"`],
  [not('a'), 'device!="a"'],
  ['a', 'device="a"'],
] as const)('%j is written as %s', (matcher, text) => {
  expect(selectDevice(matcher)).toBe(`node_filesystem_avail_bytes{${text}}`);
});

test.each([
  ['[', 'Unterminated character class'],
  ['a(', 'Unterminated group'],
  ['*', 'Nothing to repeat'],
  ['(?=a)', '/(?=a)/: RE2 has no look-around'],
  ['(?<!a)b', '/(?<!a)b/: RE2 has no look-around'],
  [String.raw`(a)\1`, String.raw`/(a)\1/: RE2 has no look-around and no back-references`],
])('the pattern %s is refused by name', (pattern, message) => {
  expect(() => re(pattern)).toThrow(message);
  expect(() => notRe(pattern)).toThrow(message);
});

test('a closed label is held to its values in an equality alone', () => {
  // @ts-expect-error nor does it compile
  expect(() => select(worker.celery_queue_depth, { queue: 'none' })).toThrow('label queue is never "none"');
  expect(select(worker.celery_queue_depth, { queue: not('none') }).text).toBe('celery_queue_depth{queue!="none"}');
});

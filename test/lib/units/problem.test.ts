import { InvalidInput, refuse, type Problem } from '../../../lib/units/problem';

const problem = (path: string): Problem => ({ path, value: '0', fix: 'give more' });

test('no problem is no error', () => {
  expect(() => {
    refuse([]);
  }).not.toThrow();
});

test('one error tells every problem: where, what and how to mend it', () => {
  const problems = [problem('a.b'), problem('c')];
  expect(() => {
    refuse(problems);
  }).toThrow(new InvalidInput(problems));
  expect(() => {
    refuse([problem('a')]);
  }).toThrow(InvalidInput);
  expect(new InvalidInput(problems).message).toBe('2 problems:\n  a.b: 0: give more\n  c: 0: give more');
  expect(new InvalidInput([problem('a')]).message).toBe('1 problem:\n  a: 0: give more');
});

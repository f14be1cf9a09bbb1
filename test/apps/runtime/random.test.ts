import { randomFrom } from '../../../apps/runtime/random';

const values = Array.from({ length: 20 }, (_, index) => index);

test('a sample has as many values as asked for, none twice', () => {
  const sample = randomFrom(1).sample(values, 8);
  expect(new Set(sample).size).toBe(8);
  expect(sample.every((value) => values.includes(value))).toBe(true);
});

test('a sample of more than there are is all of them', () => {
  expect([...randomFrom(1).sample(values, 50)].sort((a, b) => a - b)).toEqual(values);
});

test('each value is as likely to be in a sample as another', () => {
  const random = randomFrom(5);
  const counts = values.map(() => 0);
  for (let draw = 0; draw < 4000; draw += 1)
    for (const value of random.sample(values, 5)) counts[value] = (counts[value] ?? 0) + 1;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

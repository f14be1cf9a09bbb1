import { historyOf, type Sample } from '../../../apps/anomaly-detector/history';
import { growForest } from '../../../apps/anomaly-detector/isolation-forest';
import { learners } from '../../../apps/anomaly-detector/methods';
import { hourOfWeek } from '../../../apps/anomaly-detector/seasonal-profile';
import { randomFrom } from '../../../apps/runtime/random';
import { anomalyMethods, type AnomalyMethod } from '../../../lib/catalog/anomaly-methods';
import { shapes, synthesise } from '../../../bench/synthetic-signals';
import { day, noon } from './watch';

const { history } = synthesise(shapes.requestRate, 1, true);
const hour = 3600;

const learn = (method: AnomalyMethod, samples: readonly Sample[] = history, seed = 1) =>
  learners[method](historyOf(samples), randomFrom(seed));

/** Three weeks of one value after another, every 15 minutes. */
const weeksOf = (valueOf: (index: number) => number): readonly Sample[] =>
  Array.from({ length: 21 * 96 }, (_, index) => [noon + index * 900, valueOf(index)]);

describe.each(anomalyMethods)('%s', (method) => {
  test('calls a value unusual exactly when it lies outside the band and has a score of a half or more', () => {
    const model = learn(method);
    expect(model).toBeDefined();
    for (let at = noon; at < noon + 7 * day; at += 5 * hour)
      for (let value = 0; value < 200; value += 4) {
        const { score, detected, lower, upper } = model?.(value, at) ?? { score: NaN };
        expect(detected).toBe(value < (lower ?? NaN) || value > (upper ?? NaN));
        expect(detected).toBe(score >= 0.5);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
  });

  test('scores a value the higher the further it is from what is expected', () => {
    const model = learn(method);
    const scores = Array.from({ length: 40 }, (_, index) => model?.(80 + index * 10, noon).score ?? NaN);
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(scores.at(-1)).toBeGreaterThan(0.5);
  });

  test('has a band that is never below 0, as the signals are not', () => {
    const model = learn(
      method,
      weeksOf((index) => (index % 10 === 0 ? 5 : 0.1 * (index % 3))),
    );
    for (let at = noon; at < noon + 7 * day; at += hour)
      expect(model?.(0, at)).toMatchObject({ detected: false, lower: 0 });
  });

  test('judges the same way each time it has learnt from the same history with the same seed', () => {
    const verdicts = () => [0, 10, 40, 80, 160].map((value) => learn(method)?.(value, noon + 3 * hour));
    expect(verdicts()).toEqual(verdicts());
  });

  test.each([0, 7])('learns nothing from a history that is always %d', (constant) => {
    expect(
      learn(
        method,
        weeksOf(() => constant),
      ),
    ).toBeUndefined();
  });

  test('leaves out of its history what is no number', () => {
    const holes = history.map(([seconds, value], index): Sample => {
      const hole = [NaN, Infinity, -Infinity][index % 40];
      return [seconds, hole ?? value];
    });
    const clean = history.filter((_, index) => index % 40 > 2);
    expect(learn(method, holes)?.(40, noon)).toEqual(learn(method, clean)?.(40, noon));
    expect(Number.isFinite(learn(method, holes)?.(40, noon).upper)).toBe(true);
  });

  test('finds errors unusual where there are nearly none, and none of them usual', () => {
    const model = learn(
      method,
      weeksOf((index) => (index % 200 === 0 ? 0.01 : 0)),
    );
    expect(model?.(0, noon)).toMatchObject({ detected: false });
    expect(model?.(0.5, noon)).toMatchObject({ detected: true });
  });
});

test.each(['forest', 'seasonal'] as const)('to %s a busy hour is usual when it is one, and not at night', (method) => {
  const calm = synthesise(shapes.requestRate, 1, false).history;
  const model = learn(method, calm);
  const lastDay = calm.slice(-96).sort((a, b) => b[1] - a[1]);
  const [busy = NaN, value = NaN] = lastDay[4] ?? [];
  expect(model?.(value, busy)).toMatchObject({ detected: false });
  expect(model?.(value, busy + day / 2)).toMatchObject({ detected: true });
});

test('an hour that was never seen is judged by all the others', () => {
  const mornings = history.filter(([seconds]) => hourOfWeek(seconds) % 24 < 12);
  const verdict = learn('forest', mornings)?.(1e6, noon + 8 * hour);
  expect(verdict).toMatchObject({ detected: true });
  expect(Number.isFinite(verdict?.upper)).toBe(true);
});

test('another seed grows another forest', () => {
  const points = history.map(([, value]) => [value]);
  const forest = (seed: number) => growForest(points, { trees: 10, sample: 64, random: randomFrom(seed) })([200]);
  expect(forest(1)).toBe(forest(1));
  expect(forest(1)).not.toBe(forest(2));
});

test('a forest tells a point apart the sooner the further it is from the others', () => {
  const random = randomFrom(3);
  const points = Array.from({ length: 500 }, () => [random.normal(), random.normal()]);
  const score = growForest(points, { trees: 100, sample: 256, random });
  expect(score([0, 0])).toBeLessThan(0.5);
  expect(score([3, 0])).toBeGreaterThan(score([1.5, 0]));
  expect(score([6, 6])).toBeGreaterThan(0.7);
});

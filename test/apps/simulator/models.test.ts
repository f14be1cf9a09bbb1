import * as fc from 'fast-check';
import { Accuracy } from '../../../apps/simulator/accuracy';
import { BoundedMap } from '../../../apps/simulator/bounded-map';
import { Forecast } from '../../../apps/simulator/forecast';
import { randomFrom } from '../../../apps/runtime/random';
import { Scaler } from '../../../apps/simulator/scaler';
import { readSettings } from '../../../apps/simulator/settings';
import { createWave } from '../../../apps/simulator/wave';

const times = <V>(count: number, make: (index: number) => V): readonly V[] =>
  Array.from({ length: count }, (_, index) => make(index));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('random numbers', () => {
  test('depend on the seed alone', () => {
    const draw = (seed: number): readonly number[] => {
      const random = randomFrom(seed);
      return times(20, () => random.uniform());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('have the shape that they are asked for', () => {
    const random = randomFrom(1);
    expect(mean(times(20_000, () => random.uniform()))).toBeCloseTo(0.5, 1);
    expect(mean(times(20_000, () => random.exponential(4)))).toBeCloseTo(0.25, 1);
    expect(mean(times(20_000, () => (random.chance(0.2) ? 1 : 0)))).toBeCloseTo(0.2, 1);
    expect(mean(times(20_000, () => (random.logNormal(3, 0.5) < 3 ? 1 : 0)))).toBeCloseTo(0.5, 1);
    const drawn = times(20_000, () =>
      random.weighted([
        { weight: 3, name: 'often' },
        { weight: 1, name: 'seldom' },
      ]),
    );
    expect(mean(drawn.map(({ name }) => (name === 'often' ? 1 : 0)))).toBeCloseTo(0.75, 1);
  });

  test('stay within their bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const random = randomFrom(seed);
        for (const value of times(50, () => random.uniform())) expect(value >= 0 && value < 1).toBe(true);
        for (const value of times(50, () => random.logNormal(1, 1))) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });
});

describe('the load', () => {
  const settings = readSettings({
    SERVICE_NAME: 'backend',
    LOAD_REQUESTS_PER_SECOND: '10',
    LOAD_WAVE_SECONDS: '100',
    LOAD_WAVE_AMPLITUDE: '0.5',
  });

  test('swings about its mean once in a wave', () => {
    let now = 0;
    const wave = createWave(settings, randomFrom(1), () => now);
    const rates = times(1000, (second) => {
      now = second;
      return wave.rate();
    });
    expect(mean(rates)).toBeGreaterThan(8);
    expect(mean(rates)).toBeLessThan(12);
    const at = (phase: number): number => mean(rates.filter((_, second) => second % 100 === phase));
    expect(at(25)).toBeGreaterThan(11);
    expect(at(75)).toBeLessThan(9);
  });

  test('is never negative, whatever the amplitude', () => {
    let now = 0;
    const wave = createWave({ ...settings, waveAmplitude: 1 }, randomFrom(1), () => now);
    for (now = 0; now < 100; now += 0.1) {
      expect(wave.rate()).toBeGreaterThanOrEqual(0);
      expect(wave.level()).toBeGreaterThanOrEqual(0);
      expect(wave.level()).toBeLessThanOrEqual(1);
    }
  });
});

describe('the forecast', () => {
  const after = (history: readonly number[]): Forecast => {
    const forecast = new Forecast();
    for (const value of history) forecast.observe(value);
    return forecast;
  };

  test('expects what always was', () => {
    expect(after([]).predict()).toBe(0);
    expect(after(times(10, () => 5)).predict()).toBe(5);
  });

  test('follows a slope once it is trained', () => {
    const forecast = after(times(60, (round) => 10 + 2 * round));
    const before = forecast.predict();
    forecast.train();
    expect(Math.abs(forecast.predict() - 130)).toBeLessThan(Math.abs(before - 130));
    expect(forecast.predict()).toBeCloseTo(130, 0);
  });

  test('never expects less than nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 40 }), (history) => {
        const forecast = after(history);
        expect(forecast.predict()).toBeGreaterThanOrEqual(0);
        forecast.train();
        expect(forecast.predict()).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

test('accuracy is the share of predictions within tolerance', () => {
  const accuracy = new Accuracy();
  const tolerance = { ratio: 0.1, absolute: 1 };
  expect(accuracy.ratio).toBe(1);
  accuracy.record(95, 100, tolerance);
  accuracy.record(1.9, 1, tolerance);
  accuracy.record(80, 100, tolerance);
  accuracy.record(0, 2, tolerance);
  expect(accuracy.ratio).toBe(0.5);
});

describe('scaling', () => {
  const limits = { minReplicas: 1, maxReplicas: 6, loadPerReplica: 2 };

  test('goes up at once, and the new pods are pending for a while', () => {
    const scaler = new Scaler(limits, 8);
    expect(scaler.decide(7, 100)).toBe('scale_up');
    expect([scaler.running, scaler.pending]).toEqual([1, 3]);
    scaler.settle(107);
    expect([scaler.running, scaler.pending]).toEqual([1, 3]);
    scaler.settle(108);
    expect([scaler.running, scaler.pending]).toEqual([4, 0]);
  });

  test('goes down by one, and only after the load stayed low', () => {
    const scaler = new Scaler(limits, 0, 4);
    const actions = [1, 1, 1, 7, 1, 1, 1, 1, 1].map((load, now) => scaler.decide(load, now));
    expect(actions.filter((action) => action !== 'no_change')).toEqual(['scale_down']);
    expect(actions.indexOf('scale_down')).toBe(7);
    expect(scaler.running).toBe(3);
  });

  test('does not go down when the rest would only just carry the load', () => {
    const scaler = new Scaler(limits, 0, 4);
    for (let now = 0; now < 20; now += 1) expect(scaler.decide(5.9, now)).toBe('no_change');
  });

  test('stays within its limits', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 60 }), (loads) => {
        const scaler = new Scaler(limits, 3);
        for (const [now, load] of loads.entries()) {
          scaler.settle(now);
          scaler.decide(load, now);
          expect(scaler.running).toBeGreaterThanOrEqual(1);
          expect(scaler.running + scaler.pending).toBeLessThanOrEqual(6);
        }
      }),
    );
  });
});

test('a bounded map forgets the oldest', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('c', 3);
  expect([map.has('a'), map.get('b'), map.get('c'), map.size]).toEqual([false, 2, 3, 2]);
});

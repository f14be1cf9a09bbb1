import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { typicalLineBytes } from '../../../lib/catalog/logs';
import { checkLogs } from '../../../lib/profile/check-telemetry';
import { acceptanceWindow, bufferSizes, ingestionRate } from '../../../lib/profile/outage';
import { production } from '../../../lib/profile/production';
import type { OutageBudget } from '../../../lib/profile/profile';
import { bytes } from '../../../lib/units/size';

const disk = { disk: Size.gibibytes(12) };
const outage = (minutes: number, application: number, platform: number): OutageBudget => ({
  duration: Duration.minutes(minutes),
  linesPerSecond: { application, platform },
});

const minutes = fc.integer({ min: 1, max: 24 * 60 });
const rates = fc.integer({ min: 1, max: 5000 });
const more = fc.integer({ min: 0, max: 1000 });

const needed = (budget: OutageBudget): number => {
  const { application, platform } = bufferSizes({ outage: budget, buffer: disk });
  return bytes(application) + bytes(platform);
};

test('an outage that is longer, or in which more is written, never needs less', () => {
  fc.assert(
    fc.property(minutes, rates, rates, more, more, more, (time, a, p, moreTime, moreA, moreP) => {
      const [smaller, bigger] = [outage(time, a, p), outage(time + moreTime, a + moreA, p + moreP)];
      expect(needed(bigger)).toBeGreaterThanOrEqual(needed(smaller));
      const window = (budget: OutageBudget) => acceptanceWindow({ outage: budget }).toSeconds();
      expect(window(bigger)).toBeGreaterThanOrEqual(window(smaller));
      const rate = (budget: OutageBudget) => ingestionRate({ outage: budget, maxNodes: 3 });
      expect(rate(bigger)).toBeGreaterThanOrEqual(rate(smaller));
    }),
  );
});

test('each group of pods has room for its own lines, whatever the other writes', () => {
  fc.assert(
    fc.property(minutes, rates, rates, rates, (time, a, p, other) => {
      const sizes = bufferSizes({ outage: outage(time, a, p), buffer: disk });
      expect(bytes(sizes.application)).toBeGreaterThan(time * 60 * a * typicalLineBytes);
      expect(bytes(sizes.platform)).toBeGreaterThan(time * 60 * p * typicalLineBytes);
      expect(bufferSizes({ outage: outage(time, a, other), buffer: disk }).application).toEqual(sizes.application);
    }),
  );
});

test('a profile is refused exactly when the buffers of its groups together are more than its disk', () => {
  const refused = (budget: OutageBudget, size: Size): boolean =>
    [...checkLogs('logs', { ...production.logs, outage: budget, buffer: { disk: size } })].some(
      ({ path }) => path === 'logs.buffer.disk',
    );
  fc.assert(
    fc.property(minutes, rates, rates, fc.integer({ min: 1, max: 512 * 1024 }), (time, a, p, mebibytes) => {
      const budget = outage(time, a, p);
      expect(refused(budget, Size.mebibytes(mebibytes))).toBe(needed(budget) > mebibytes * 1024 ** 2);
      expect(refused(budget, Size.kibibytes(needed(budget) / 1024))).toBe(false);
      expect(refused(budget, Size.kibibytes(needed(budget) / 1024 - 1))).toBe(true);
    }),
  );
});

describe('where lines may be lost', () => {
  test('a disk is shared and not exceeded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 2 ** 30 }), (kibibytes) => {
        const size = Size.kibibytes(kibibytes);
        const { application, platform } = bufferSizes({ outage: 'may-lose-lines', buffer: { disk: size } });
        expect(bytes(application) + bytes(platform)).toBeLessThanOrEqual(bytes(size));
        expect(bytes(application)).toBe(bytes(platform));
      }),
    );
  });

  test('memory has a limit all the same', () => {
    const { application, platform } = bufferSizes({ outage: 'may-lose-lines', buffer: 'memory' });
    expect([bytes(application), bytes(platform)]).toEqual([50 * 1024 ** 2, 50 * 1024 ** 2]);
  });

  test('a node still may send something', () => {
    expect(ingestionRate({ outage: 'may-lose-lines', maxNodes: 1 })).toBeGreaterThan(0);
  });
});

test('lines are taken for longer than the outage, for as long as what waited takes to be sent at the rate of Loki', () => {
  fc.assert(
    fc.property(minutes, rates, rates, (time, a, p) => {
      const budget = outage(time, a, p);
      const taken = ingestionRate({ outage: budget, maxNodes: 1 }) / typicalLineBytes;
      // All that waits and all that is written meanwhile, at the speed at which Loki takes it.
      const caughtUp = (time * 60 * taken) / (taken - (a + p));
      expect(acceptanceWindow({ outage: budget }).toSeconds()).toBeGreaterThanOrEqual(Math.floor(caughtUp));
    }),
  );
});

test('lines may be an hour late, even where no outage is promised', () => {
  expect(acceptanceWindow({ outage: 'may-lose-lines' }).toMinutes()).toBe(60);
  expect(acceptanceWindow({ outage: outage(1, 1, 1) }).toMinutes()).toBe(60);
});

test('Loki takes from every node what the busiest may write', () => {
  const budget = outage(60, 100, 50);
  const [one, ten] = [1, 10].map((maxNodes) => ingestionRate({ outage: budget, maxNodes }));
  expect(ten).toBe(10 * (one ?? 0));
});

import { Size } from 'cdk8s';
import fc from 'fast-check';
import { bytes, mebibytes, prometheusSize, quantity } from '../../../lib/units/size';

test.each([
  [Size.kibibytes(0), '0Ki', '0KB', 0],
  [Size.kibibytes(1), '1Ki', '1KB', 1024],
  [Size.mebibytes(1), '1Mi', '1MB', 1024 ** 2],
  [Size.mebibytes(1536), '1536Mi', '1536MB', 1536 * 1024 ** 2],
  [Size.gibibytes(80), '80Gi', '80GB', 80 * 1024 ** 3],
  [Size.tebibytes(2), '2Ti', '2TB', 2 * 1024 ** 4],
  [Size.pebibyte(1), '1024Ti', '1024TB', 1024 ** 5],
  [Size.gibibytes(0.5), '512Mi', '512MB', 512 * 1024 ** 2],
])('%s is %s to Kubernetes and %s to Prometheus', (size, forKubernetes, forPrometheus, count) => {
  expect(quantity(size)).toBe(forKubernetes);
  expect(prometheusSize(size)).toBe(forPrometheus);
  expect(bytes(size)).toBe(count);
});

/** Bytes of a whole number and a unit of 1024, 1024² … */
const read = (text: string, units: readonly string[]): number => {
  const [, count = '', unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(text) ?? [];
  return Number(count) * 1024 ** (units.indexOf(unit) + 1 || NaN);
};

test('a size keeps its value in every spelling', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), (kibibytes) => {
      const size = Size.kibibytes(kibibytes);
      expect(read(quantity(size), ['Ki', 'Mi', 'Gi', 'Ti'])).toBe(bytes(size));
      expect(read(prometheusSize(size), ['KB', 'MB', 'GB', 'TB'])).toBe(bytes(size));
    }),
  );
});

test.each([
  [Size.gibibytes(2), 2048],
  [Size.kibibytes(1023), 0],
  [Size.kibibytes(2047), 1],
])('%s is %i whole mebibytes', (size, count) => {
  expect(mebibytes(size)).toBe(count);
});

test('a part of a kibibyte is refused, not rounded away', () => {
  expect(() => quantity(Size.mebibytes(0.0001))).toThrow('0.0001');
});

import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { goDuration, isLonger, prometheusDuration } from '../../../lib/units/duration';

test.each([
  [Duration.millis(0), '0s'],
  [Duration.millis(1), '1ms'],
  [Duration.millis(1500), '1s500ms'],
  [Duration.seconds(59), '59s'],
  [Duration.seconds(60), '1m'],
  [Duration.minutes(5), '5m'],
  [Duration.minutes(90), '1h30m'],
  [Duration.hours(24), '1d'],
  [Duration.days(30), '30d'],
  [Duration.hours(36), '1d12h'],
])('%s is written as %s', (duration, text) => {
  expect(prometheusDuration(duration)).toBe(text);
});

test.each([
  [Duration.millis(0), '0s'],
  [Duration.millis(1500), '1s500ms'],
  [Duration.minutes(90), '1h30m'],
  [Duration.days(7), '168h'],
  [Duration.hours(36), '36h'],
])('Go, which knows no days, reads %s as %s', (duration, text) => {
  expect(goDuration(duration)).toBe(text);
});

test('a duration keeps its value in either spelling, in units that fall', () => {
  const grammar = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
  const read = (text: string): number => {
    const [days = NaN, hours, minutes, seconds, millis] = (grammar.exec(text) ?? [])
      .slice(1)
      .map((count: string | undefined) => Number(count ?? 0));
    return (((days * 24 + (hours ?? NaN)) * 60 + (minutes ?? NaN)) * 60 + (seconds ?? NaN)) * 1000 + (millis ?? NaN);
  };
  fc.assert(
    fc.property(fc.nat({ max: 400 * 86_400_000 }), (millis) => {
      expect(read(prometheusDuration(Duration.millis(millis)))).toBe(millis);
      expect(read(goDuration(Duration.millis(millis)))).toBe(millis);
    }),
  );
});

test('a part of a millisecond is refused, not rounded away', () => {
  expect(() => prometheusDuration(Duration.seconds(0.0005))).toThrow(/0.0005 seconds|whole number/);
});

test.each([
  [Duration.minutes(61), Duration.hours(1), true],
  [Duration.minutes(60), Duration.hours(1), false],
  [Duration.minutes(59), Duration.hours(1), false],
])('%s is longer than %s: %s', (a, b, expected) => {
  expect(isLonger(a, b)).toBe(expected);
});

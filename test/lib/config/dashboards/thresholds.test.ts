import { limitsOf, lines, mappings, steps } from '../../../../lib/config/dashboards/thresholds';
import { production } from '../../../../lib/profile/production';
import { select } from '../../../../lib/query/logql/select';
import { firesAbove, firesBelow, showLines, tellsOf, upOrDown } from '../../../../lib/signals/signal';

const { table } = production.alerts;
const settings = (name: 'HighErrorRate' | 'HighTaskFailureRatio' | 'LowDiskSpace') => {
  const found = table[name];
  if (found === 'off') throw new Error(`production has no ${name}`);
  return found.threshold;
};
const critical = { bad: 'above', value: settings('HighErrorRate'), color: 'red' };
const warning = { bad: 'above', value: settings('HighTaskFailureRatio'), color: 'orange' };

const signal = {
  title: 'A',
  description: 'B.',
  unit: 'ratio',
  queries: [showLines(select({ job: 'fluent-bit' }))],
} as const;

test.each([
  ['nothing', {}, []],
  ['a critical alert', { watchedBy: [firesAbove('HighErrorRate')] }, [critical]],
  ['two alerts', { watchedBy: [firesAbove('HighErrorRate'), firesAbove('HighTaskFailureRatio')] }, [critical, warning]],
  [
    'an alert that fires below',
    { watchedBy: [firesBelow('LowDiskSpace')] },
    [{ bad: 'below', value: settings('LowDiskSpace'), color: 'orange' }],
  ],
  ['an alert of something else', { watchedBy: [tellsOf('HighErrorRate')] }, []],
  [
    'limits of its own beside an alert',
    { watchedBy: [firesAbove('HighErrorRate')], limits: { bad: 'above', orange: 0, red: 1 } },
    [critical, { bad: 'above', value: 0, color: 'orange' }, { bad: 'above', value: 1, color: 'red' }],
  ],
] as const)('a signal with %s has its limits', (_, watched, limits) => {
  expect(limitsOf({ ...signal, ...watched }, table)).toEqual(limits);
});

test('an alert that is off has no limit', () => {
  expect(limitsOf({ ...signal, watchedBy: [firesAbove('HighErrorRate')] }, { ...table, HighErrorRate: 'off' })).toEqual(
    [],
  );
});

const above = (value: number, color: string) => ({ bad: 'above', value, color }) as const;
const below = (value: number, color: string) => ({ bad: 'below', value, color }) as const;

/** The colour that Grafana gives a value: that of the last step that is not above it. */
const colorAt = (limits: Parameters<typeof steps>[0], value: number): string | undefined =>
  steps(limits).findLast((step) => step.value === null || step.value <= value)?.color;

test.each([
  ['without limits', [], [[0, 'text']]],
  [
    'above a limit',
    [above(5, 'red')],
    [
      [4, 'green'],
      [5, 'red'],
      [6, 'red'],
    ],
  ],
  [
    'above several, in whatever order they are given',
    [above(9, 'red'), above(5, 'orange')],
    [
      [4, 'green'],
      [5, 'orange'],
      [9, 'red'],
    ],
  ],
  [
    'by the worst, where a lesser limit is beyond it',
    [above(10, 'orange'), above(4, 'red')],
    [
      [3, 'green'],
      [4, 'red'],
      [10, 'red'],
    ],
  ],
  [
    'by the worse of two limits at one value',
    [above(5, 'red'), above(5, 'orange')],
    [
      [4, 'green'],
      [5, 'red'],
    ],
  ],
  [
    'below a limit',
    [below(5, 'red')],
    [
      [4, 'red'],
      [5, 'green'],
      [6, 'green'],
    ],
  ],
  [
    'below several, in whatever order they are given',
    [below(5, 'orange'), below(2, 'red')],
    [
      [1, 'red'],
      [2, 'orange'],
      [4, 'orange'],
      [5, 'green'],
    ],
  ],
  [
    'by the worst below, where a lesser limit is beyond it',
    [below(5, 'red'), below(2, 'orange')],
    [
      [1, 'red'],
      [4, 'red'],
      [5, 'green'],
    ],
  ],
] as const)('a value is coloured %s', (_, limits, expected) => {
  expect(expected.map(([value]) => [value, colorAt(limits, value)])).toEqual(expected);
});

test('lines at limits have their colours on either side', () => {
  expect(lines([below(5, 'orange'), below(2, 'red')])).toEqual([
    { value: null, color: 'green' },
    { value: 2, color: 'red' },
    { value: 5, color: 'orange' },
  ]);
});

test('limits at one value are one line, of the worse colour', () => {
  expect(lines([above(5, 'red'), above(5, 'orange')])).toEqual([
    { value: null, color: 'green' },
    { value: 5, color: 'red' },
  ]);
});

test('states are words in their colours', () => {
  expect(mappings(upOrDown ?? {})).toEqual([
    {
      type: 'value',
      options: { 0: { text: 'down', color: 'red', index: 0 }, 1: { text: 'up', color: 'green', index: 1 } },
    },
  ]);
});

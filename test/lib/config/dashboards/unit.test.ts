import { grafanaUnit } from '../../../../lib/config/dashboards/unit';

test.each([
  ['ratio', 'percentunit'],
  ['percent', 'percent'],
  ['seconds', 's'],
  ['bytes', 'bytes'],
  ['bytes/s', 'binBps'],
  ['dollars', 'currencyUSD'],
  ['timestamp', 'dateTimeAsIso'],
  ['requests/s', 'reqps'],
  // What Grafana has no name for is spelled out; what there is plenty of, in thousands.
  ['tasks', 'suffix: tasks'],
  ['restarts', 'suffix: restarts'],
  ['series', 'si: series'],
  ['lines/s', 'si: lines/s'],
] as const)('%s are %s to Grafana', (unit, expected) => {
  expect(grafanaUnit(unit)).toBe(expected);
});

import { readSettings } from '../../../apps/anomaly-detector/settings';
import { defaultAnomalyMethod } from '../../../lib/catalog/anomaly-methods';

test('nothing need be set', () => {
  expect(readSettings({})).toEqual({
    prometheusUrl: 'http://prometheus:9090',
    address: '0.0.0.0',
    port: 8003,
    logLevel: 'INFO',
    method: defaultAnomalyMethod,
    seed: 1,
    historySeconds: 28 * 86_400,
    stepSeconds: 900,
    warmUpSeconds: 14 * 86_400,
    evaluationIntervalSeconds: 60,
    retrainIntervalSeconds: 3600,
  });
});

test('durations are written as for Prometheus', () => {
  expect(readSettings({ HISTORY: '2w1d', STEP: '1m30s', WARM_UP: '36h' })).toMatchObject({
    historySeconds: 15 * 86_400,
    stepSeconds: 90,
    warmUpSeconds: 36 * 3600,
  });
});

test('bad settings are refused all together, each with its name, value and fix', () => {
  const read = (): unknown =>
    readSettings({
      PROMETHEUS_URL: 'prometheus:9090',
      METHOD: 'magic',
      SEED: '-1',
      STEP: '15',
      EVALUATION_INTERVAL: '1h',
      RETRAIN_INTERVAL: '0s',
      WARM_UP: '28d',
    });
  expect(read).toThrow(
    new Error(
      [
        'PROMETHEUS_URL is "prometheus:9090": set it to a URL such as http://prometheus:9090',
        'METHOD is "magic": set it to one of forest, seasonal, three-sigma',
        'SEED is "-1": set it to a number from 0 to 4294967295, or leave it out',
        'STEP is "15": set it to a duration from 1s to 1h such as 15m, or leave it out',
        'EVALUATION_INTERVAL is "1h": set it to a duration from 1s to 15m such as 1m, or leave it out',
        'RETRAIN_INTERVAL is "0s": set it to a duration from 1s to 7d such as 1h, or leave it out',
        'WARM_UP is "28d": set it shorter than HISTORY: no model learns from more',
      ].join('\n'),
    ),
  );
});

test('a history of more points than are ever held is refused', () => {
  expect(() => readSettings({ STEP: '1m' })).toThrow('STEP is "1m": HISTORY has more than 20000 steps of it');
});

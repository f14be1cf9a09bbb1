import { readFileSync } from 'node:fs';
import { contenderNames, overall, quality } from '../../bench/anomalies';
import { anomalyDetection, anomalyDetectionFile, comparisons } from '../../docs/anomaly-detection';
import { anomalyDetector } from '../../lib/catalog/anomaly-detector';
import { defaultAnomalyMethod } from '../../lib/catalog/anomaly-methods';
import { anomalySignals } from '../../lib/catalog/anomaly-signals';

const measured = comparisons();
const page = anomalyDetection(measured);

test('docs/anomaly-detection.md is what the evaluation gives; when it is not, run `npm run docs`', () => {
  expect(readFileSync(anomalyDetectionFile, 'utf8')).toBe(page);
});

test('every signal and every metric is on the page', () => {
  for (const name of [...Object.keys(anomalySignals), ...Object.keys(anomalyDetector)])
    expect(page).toContain(`\`${name}\``);
});

describe.each(['disturbed', 'undisturbed'] as const)('where the history is %s, the default method', (history) => {
  const qualityOf = (name: (typeof contenderNames)[number]) => quality(overall(measured[history], name));
  const best = qualityOf(defaultAnomalyMethod);

  test('has at least the precision and the recall of the plain rule', () => {
    const plain = qualityOf('three-sigma');
    expect(best.precision).toBeGreaterThanOrEqual(plain.precision);
    expect(best.recall).toBeGreaterThanOrEqual(plain.recall);
  });

  test('is the best of all in precision and recall together', () => {
    for (const name of contenderNames) expect(best.f1).toBeGreaterThanOrEqual(qualityOf(name).f1);
  });

  test('is right in nine of ten alerts and finds two of three anomalies', () => {
    expect(best.precision).toBeGreaterThan(0.9);
    expect(best.recall).toBeGreaterThan(0.66);
  });
});

import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { anomalyDetector } from '../../catalog/anomaly-detector';
import type { AnomalySignal } from '../../catalog/anomaly-signals';
import { services } from '../../catalog/components';
import { avgBy } from '../../query/promql/aggregate';
import { chosen } from '../../query/promql/matcher';
import { select } from '../../query/promql/select';
import { legend, plot, type MetricQuery } from '../../signals/signal';

/** The two ends between which the anomaly detector expects a signal. */
export const bandQueries = (signal: AnomalySignal): readonly MetricQuery[] => {
  const of = { signal, service: chosen('service') };
  return [
    plot(avgBy(select(anomalyDetector.anomaly_expected_lower, of), 'service'), legend`${'service'}: expected at least`),
    plot(avgBy(select(anomalyDetector.anomaly_expected_upper, of), 'service'), legend`${'service'}: expected at most`),
  ];
};

interface Override {
  readonly name: string;
  readonly properties: DynamicConfigValue[];
}

const unobtrusive: readonly DynamicConfigValue[] = [
  { id: 'custom.lineWidth', value: 0 },
  { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
  { id: 'color', value: { mode: 'fixed', fixedColor: 'text' } },
];

/** What lies between the two ends is shaded, for each service by itself. */
export const bandOverrides: readonly Override[] = services.flatMap((service) => [
  { name: `${service}: expected at least`, properties: [...unobtrusive] },
  {
    name: `${service}: expected at most`,
    properties: [
      ...unobtrusive,
      { id: 'custom.fillBelowTo', value: `${service}: expected at least` },
      { id: 'custom.fillOpacity', value: 12 },
    ],
  },
]);

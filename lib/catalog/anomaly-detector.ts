import { anomalySignals } from './anomaly-signals';
import { services } from './components';
import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

const ofSignal = {
  service: oneOf(...services),
  signal: oneOf(...Object.keys(anomalySignals)),
};

/** What the anomaly detector finds. A signal has these only once there is enough history to judge it by. */
export const anomalyDetector = exposedBy('anomaly-detector', {
  anomaly_score: gauge({
    help: 'How unusual the last value of the signal is for this hour of the week, 0 to 1.',
    unit: 'ratio',
    origin: 'addition',
    labels: ofSignal,
  }),
  anomaly_detected: gauge({
    help: '1 when the last value of the signal is unusual.',
    unit: 'boolean',
    origin: 'addition',
    labels: ofSignal,
  }),
  anomaly_observed_value: gauge({
    help: 'The value of the signal that was judged, in its own unit.',
    unit: 'quantity',
    origin: 'addition',
    labels: ofSignal,
  }),
  anomaly_expected_lower: gauge({
    help: 'Lower end of the band in which the signal is expected, in its own unit.',
    unit: 'quantity',
    origin: 'addition',
    labels: ofSignal,
  }),
  anomaly_expected_upper: gauge({
    help: 'Upper end of the band in which the signal is expected, in its own unit.',
    unit: 'quantity',
    origin: 'addition',
    labels: ofSignal,
  }),
  anomaly_history_seconds: gauge({
    help: 'How much history of the signal the model has learnt.',
    unit: 'seconds',
    origin: 'addition',
    labels: ofSignal,
  }),
  anomaly_last_evaluation_timestamp: gauge({
    help: 'When signals were last judged, or the detector began, in seconds since the Unix epoch.',
    unit: 'timestamp',
    origin: 'addition',
  }),
  anomaly_query_failures_total: counter({
    help: 'Questions to Prometheus that failed.',
    unit: 'errors',
    origin: 'addition',
    labels: { query: upTo(2, 'history', 'latest') },
  }),
});

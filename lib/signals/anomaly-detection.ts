import { anomalyDetector } from '../catalog/anomaly-detector';
import { maxBy, sumBy } from '../query/promql/aggregate';
import { secondsSince } from '../query/promql/operators';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// Whether the anomaly detector knows enough to judge, and does.

export const lastJudgement: Signal = {
  title: 'Anomaly detector',
  description:
    'Time since the anomaly detector last scored the signals. About a minute is good. Above its threshold nothing is reported as unusual any more: look at the log of the detector.',
  unit: 'seconds',
  queries: [
    plot(
      secondsSince(maxBy(select(anomalyDetector.anomaly_last_evaluation_timestamp))),
      legend`since the last judgement`,
    ),
  ],
  watchedBy: [firesAbove('AnomalyDetectionStalled')],
};

export const learntHistory: Signal = {
  title: 'History learnt',
  description:
    'How much history of each signal the detector knows. It grows to what the profile asks for. A signal at 0 has no history and is not scored.',
  unit: 'seconds',
  queries: [
    plot(
      maxBy(select(anomalyDetector.anomaly_history_seconds), 'service', 'signal'),
      legend`${'service'}: ${'signal'}`,
    ),
  ],
};

export const anomalyScores: Signal = {
  title: 'How unusual signals are',
  description:
    'How unusual each signal is for this hour of the week, 0 to 100 %. Most are low. One that stays near 100 % deserves a look, but alone it is no fault.',
  unit: 'ratio',
  queries: [plot(maxBy(select(anomalyDetector.anomaly_score), 'service', 'signal'), legend`${'service'}: ${'signal'}`)],
  watchedBy: [tellsOf('AnomalousSignal')],
  emptyWhileWell: 'There is not enough history yet to judge by.',
};

export const detectorFailures: Signal = {
  title: 'Questions of the detector that fail',
  description:
    'Queries of the detector to Prometheus that failed, per second: for the history that it learns from, or for the latest values. 0 is good. While they fail, signals are not scored.',
  unit: 'errors/s',
  queries: [
    plot(
      sumBy(rate(select(anomalyDetector.anomaly_query_failures_total), '$__rate_interval'), 'query'),
      legend`${'query'}`,
    ),
  ],
  watchedBy: [tellsOf('AnomalyDetectionStalled')],
};

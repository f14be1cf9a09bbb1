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
    'How long ago signals were last judged. A minute is good; above the limit nothing is called unusual any more, however unusual it is.',
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
    'How much of the past of each signal is known. It grows up to what the profile asks for; a signal at 0 has no past, and is not judged.',
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
    'Score of each signal for this hour of the week, 0 to 100 %. Most lie low; one that stays near 100 % is worth a look, though that alone is no fault.',
  unit: 'ratio',
  queries: [plot(maxBy(select(anomalyDetector.anomaly_score), 'service', 'signal'), legend`${'service'}: ${'signal'}`)],
  watchedBy: [tellsOf('AnomalousSignal')],
  emptyWhileWell: 'There is not enough history yet to judge by.',
};

export const detectorFailures: Signal = {
  title: 'Questions of the detector that fail',
  description:
    'Questions to Prometheus per second that got no answer: of the past that it learns from, or of the latest values. It belongs at 0.',
  unit: 'errors/s',
  queries: [
    plot(
      sumBy(rate(select(anomalyDetector.anomaly_query_failures_total), '$__rate_interval'), 'query'),
      legend`${'query'}`,
    ),
  ],
  watchedBy: [tellsOf('AnomalyDetectionStalled')],
};

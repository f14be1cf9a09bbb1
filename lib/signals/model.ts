import { Duration } from 'cdk8s';
import { mlController } from '../catalog/ml-controller';
import { objectives } from '../catalog/objectives';
import { avgBy, maxBy, minBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen, type Comparison } from '../query/promql/matcher';
import { secondsSince } from '../query/promql/operators';
import { avgOverTime, histogramQuantile, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesAbove, firesBelow, legend, plot, tellsOf, type Signal } from './signal';

// How well the scaling model predicts, how fast it answers, and how old it is.

const ofEnvironment = { namespace: chosen('environment') } as const;

const available = maxBy(select(mlController.model_available, ofEnvironment));

export const modelAvailable: Signal = {
  title: 'Model',
  description: `Whether the scaling model can answer. It should be able to ${objectives['ml-controller-model-availability'].percent} % of the time. Without it nothing is scaled: read the log of the controller.`,
  unit: 'boolean',
  queries: [plot(available, legend`model`)],
  watchedBy: [tellsOf('ErrorBudgetBurnsFast'), tellsOf('ErrorBudgetBurnsSlowly')],
  states: { 0: { text: 'unavailable', is: 'bad' }, 1: { text: 'available', is: 'good' } },
};

const accuracy = select(mlController.scaling_prediction_accuracy, ofEnvironment);

const accuracyAdvice =
  'Below its threshold services are scaled for a load that does not come: check whether the pattern of the load has changed, and train the model again.';

export const accuracyNow: Signal = {
  title: 'Prediction accuracy now',
  description: `Share of the latest load predictions that were right within tolerance. ${accuracyAdvice}`,
  unit: 'ratio',
  queries: [plot(avgBy(accuracy), legend`accuracy`)],
  watchedBy: [firesBelow('PredictionsInaccurate')],
};

const halfAnHour = Duration.minutes(30);

export const predictionAccuracy: Signal = {
  title: 'Prediction accuracy',
  description: `Share of the latest load predictions that were right within tolerance, and its mean over half an hour. ${accuracyAdvice}`,
  unit: 'ratio',
  queries: [
    plot(avgBy(accuracy), legend`last predictions`),
    plot(minBy(avgOverTime(accuracy, halfAnHour)), legend`half an hour`),
  ],
  watchedBy: [firesBelow('PredictionsInaccurate')],
};

const inference = rate(select(mlController.model_inference_duration_seconds, ofEnvironment), '$__rate_interval');

export const inferenceDuration: Signal = {
  title: 'Inference time',
  description:
    'Latency of the inferences of the model: p50, p95 and p99. It is a small part of a decision. When it rises, the controller is short of CPU, or its model has grown.',
  unit: 'seconds',
  queries: [
    plot(histogramQuantile(0.5, inference), legend`p50`),
    plot(histogramQuantile(0.95, inference), legend`p95`),
    plot(histogramQuantile(0.99, inference), legend`p99`),
  ],
};

/** Seconds since the model was last trained, of the replica where that is longest ago. */
export const modelAgeIn = (where: { readonly namespace?: Comparison } = {}): Vector<'job'> =>
  maxBy(secondsSince(select(mlController.model_last_training_timestamp, where)), 'job');

export const modelAge: Signal = {
  title: 'Age of the model',
  description:
    'Time since the model was last trained. It rises steadily and falls with each training. Above its threshold training fails or has stopped, and decisions rest on an outdated load.',
  unit: 'seconds',
  queries: [plot(modelAgeIn(ofEnvironment), legend`since training`)],
  watchedBy: [firesAbove('ModelStale')],
};

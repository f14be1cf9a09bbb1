import type { Service } from './components';

/** A service level objective of the guide. Its rules say what is a good event; here is how many must be good. */
export interface Objective {
  readonly service: Service;
  readonly title: string;
  /** Share of events that must be good over 30 days, in percent as it is written: `99.9`. */
  readonly percent: `${number}`;
  /** Where the objective is a time, what an event may take. */
  readonly withinSeconds?: number;
  /** Another objective that counts the same events: its alerts speak for both. */
  readonly alertsBy?: string;
}

const define = <const O extends Readonly<Record<string, Objective>>>(objectives: O): O => objectives;

export const objectives = define({
  'backend-availability': { service: 'backend', title: 'Requests that succeed', percent: '99.9' },
  'backend-latency': {
    service: 'backend',
    title: 'Requests that are answered fast',
    percent: '95',
    withinSeconds: 0.5,
  },
  'backend-error-rate': {
    service: 'backend',
    title: 'Requests that do not fail',
    percent: '99.9',
    // 0.1 % that may fail is 99.9 % that must succeed.
    alertsBy: 'backend-availability',
  },
  'worker-availability': { service: 'worker', title: 'Tasks that end in success', percent: '99.5' },
  'worker-processing-time': {
    service: 'worker',
    title: 'Tasks that are done in time',
    percent: '95',
    withinSeconds: 60,
  },
  'worker-queue-delay': { service: 'worker', title: 'Tasks that start in time', percent: '95', withinSeconds: 30 },
  'ml-controller-prediction-accuracy': {
    service: 'ml-controller',
    title: 'Predictions within tolerance',
    percent: '85',
  },
  'ml-controller-decision-latency': {
    service: 'ml-controller',
    title: 'Decisions that are made in time',
    percent: '95',
    withinSeconds: 10,
  },
  'ml-controller-model-availability': {
    service: 'ml-controller',
    title: 'Time in which the model can answer',
    percent: '99',
  },
});

export type ObjectiveName = keyof typeof objectives;

export const objectiveNames = Object.keys(objectives) as readonly ObjectiveName[];

/** Over which the error budget is counted. */
export const budgetDays = 30;

/**
 * The share of events that may be bad, as an exact decimal: 0.001 of `99.9`.
 *
 * @throws RangeError unless the percentage is above 1 and below 100: 0.999 may mean 99.9.
 */
export const errorBudget = (percent: string): number => {
  const [, whole = '', decimals = ''] = /^(\d{1,2})(?:\.(\d{1,6}))?$/.exec(percent) ?? [];
  // In integers of a millionth of a percent, since 100 - 99.9 is 0.09999 in floats.
  const scale = 10 ** decimals.length;
  const left = 100 * scale - Number(`${whole}${decimals}`);
  if (whole === '' || Number(whole) < 1 || left <= 0)
    throw new RangeError(`objective ${percent}: give a percentage of at least 1 and below 100, as in 99.9`);
  return left / (100 * scale);
};

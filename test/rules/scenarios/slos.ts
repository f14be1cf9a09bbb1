import type { Duration } from 'cdk8s';
import { backend } from '../../../lib/catalog/backend';
import { mlController } from '../../../lib/catalog/ml-controller';
import type { ObjectiveName } from '../../../lib/catalog/objectives';
import { worker } from '../../../lib/catalog/worker';
import type { sloAlerts } from '../../../rules/alerts/slos';
import {
  counting,
  hold,
  hours,
  minutes,
  observations,
  rise,
  series,
  type Firing,
  type ScenarioTable,
  type Shape,
} from '../scenario';

const podOf = <J extends string>(job: J) => ({
  job,
  instance: '10.0.0.1:8000',
  namespace: 'autoserve-prod',
  pod: `${job}-1`,
  node: 'node-1',
});

const model = (shape: Shape) => series(mlController.model_available, podOf('ml-controller'), shape);

/** Where there is no controller, its model is not available. */
const answering = model(hold(1));

/** Requests per second, and the share of them that fails: for so long each. */
type Phase = readonly [perSecond: number, failing: number, lasts: Duration];

const requests = (...phases: readonly Phase[]) => {
  const request = { ...podOf('backend'), method: 'GET', endpoint: '/api/tasks' };
  return [
    series(
      backend.http_requests_total,
      { ...request, status: '200' },
      counting(...phases.map(([perSecond, failing, lasts]) => [perSecond * (1 - failing), lasts] as const)),
    ),
    series(
      backend.http_requests_total,
      { ...request, status: '500' },
      counting(...phases.map(([perSecond, failing, lasts]) => [perSecond * failing, lasts] as const)),
    ),
    answering,
  ];
};

const fast =
  (slo: ObjectiveName, service: string) =>
  (times: string): Firing => ({
    labels: { slo, service },
    summary: `${slo} spends its error budget ${times} times too fast`,
    description: 'Within hours or a few days nothing is left of the budget of 30 days.',
  });

const slowly =
  (slo: ObjectiveName, service: string) =>
  (times: string): Firing => ({
    labels: { slo, service },
    summary: `${slo} spends its error budget ${times} times as fast as it may`,
    description: 'If it goes on, the objective of 30 days is missed.',
  });

const fastBackend = fast('backend-availability', 'backend');
const slowBackend = slowly('backend-availability', 'backend');

/** A share of 1 in 1000 may fail. */
const times = (factor: number): number => factor / 1000;

/** Of few requests, so many fail in a day. */
const aDay = (failures: number, perSecond: number): number => failures / (perSecond * 86_400);

export const sloScenarios: ScenarioTable<keyof typeof sloAlerts> = {
  ErrorBudgetBurnsFast: {
    fires: {
      'when an hour and 5 minutes are bad, and 6 hours are not': {
        series: requests([10, 0, hours(3)], [10, times(20), hours(2)]),
        lasts: minutes(4 * 60 + 6),
        firing: [fastBackend('20')],
      },
      'when 6 hours and half an hour are bad, and no hour is very bad': {
        series: requests([10, times(10), hours(9)]),
        lasts: hours(1),
        firing: [fastBackend('10')],
      },
      'when 6 of few requests failed in an hour': {
        series: requests([10, 0, hours(2)], [0.02, 6 / 72, hours(2)]),
        lasts: minutes(3 * 60 + 6),
        firing: [fastBackend('83.33')],
      },
      'when a bit more than 5 of few requests failed in 6 hours': {
        series: requests([0.02, times(12.5), hours(9)]),
        lasts: minutes(6 * 60 + 10),
        firing: [fastBackend('12.5')],
      },
      'when 4 of 5 requests take longer than half a second': {
        series: [
          ...observations(
            backend.http_request_duration_seconds,
            { ...podOf('backend'), method: 'GET', endpoint: '/api/tasks' },
            { '0.5': 2, '1': 8 },
          ),
          answering,
        ],
        lasts: hours(1),
        firing: [fast('backend-latency', 'backend')('16')],
      },
      'when tasks fail, take longer than a minute and wait longer than half of one': {
        series: [
          series(worker.celery_tasks_total, { ...podOf('worker'), task: 'notification', state: 'SUCCESS' }, rise(0.9)),
          series(worker.celery_tasks_total, { ...podOf('worker'), task: 'notification', state: 'FAILURE' }, rise(0.1)),
          ...observations(
            worker.celery_task_duration_seconds,
            { ...podOf('worker'), task: 'notification' },
            { '60': 0.2, '120': 0.8 },
          ),
          ...observations(
            worker.celery_task_queue_delay_seconds,
            { ...podOf('worker'), queue: 'default' },
            { '30': 0.1, '60': 0.9 },
          ),
          answering,
        ],
        lasts: hours(1),
        firing: [
          fast('worker-availability', 'worker')('20'),
          fast('worker-processing-time', 'worker')('16'),
          fast('worker-queue-delay', 'worker')('18'),
        ],
      },
      'when the model is not available, its predictions are wrong and decisions slow': {
        series: [
          model(hold(0)),
          series(mlController.scaling_prediction_accuracy, podOf('ml-controller'), hold(0)),
          ...observations(
            mlController.scaling_decision_duration_seconds,
            { ...podOf('ml-controller'), service: 'backend' },
            { '10': 0.2, '30': 0.8 },
          ),
        ],
        lasts: hours(1),
        firing: [
          fast('ml-controller-model-availability', 'ml-controller')('100'),
          fast('ml-controller-prediction-accuracy', 'ml-controller')('6.667'),
          fast('ml-controller-decision-latency', 'ml-controller')('16'),
        ],
      },
    },
    silent: {
      'while an hour is not bad enough yet, though 5 minutes are': {
        series: requests([10, 0, hours(3)], [10, times(20), minutes(40)], [10, 0, hours(2)]),
        lasts: hours(5),
      },
      'while 6 hours are not bad enough yet, though half an hour is': {
        series: requests([10, 0, hours(3)], [10, times(10), hours(2)], [10, 0, hours(2)]),
        lasts: hours(6),
      },
      'while 4 of few requests fail in each hour': {
        series: requests([10, 0, hours(2)], [0.02, 4 / 72, hours(4)]),
        lasts: hours(4),
      },
      'when one of few requests fails soon after the beginning': {
        series: requests([0.02, 0, minutes(5)], [1 / 60, 1, minutes(1)], [0.02, 0, hours(2)]),
        lasts: hours(2),
      },
      'while 4 of few requests fail in 6 hours': {
        series: requests([0.02, 4 / 432, hours(14)]),
        lasts: hours(12),
      },
      'while a quarter of the requests takes longer than half a second': {
        series: [
          ...observations(
            backend.http_request_duration_seconds,
            { ...podOf('backend'), method: 'GET', endpoint: '/api/tasks' },
            { '0.5': 7.5, '1': 2.5 },
          ),
          answering,
        ],
        lasts: hours(2),
      },
    },
    resolved: {
      '8 minutes after a bad hour': {
        series: requests([10, 0, hours(3)], [10, times(20), minutes(52)], [10, 0, hours(1)]),
        lasts: hours(4),
      },
      'when an hour was bad, and now fewer fail': {
        series: requests([10, 0, hours(3)], [10, times(20), minutes(52)], [10, times(10), hours(1)]),
        lasts: hours(4),
      },
      'half an hour after it was bad for longer': {
        series: requests([10, times(10), hours(2)], [10, 0, hours(1)]),
        lasts: minutes(2 * 60 + 34),
      },
      'when it was bad for longer, and now fewer fail': {
        series: requests([10, times(10), hours(2)], [10, times(4), hours(1)]),
        lasts: minutes(2 * 60 + 34),
      },
    },
    withoutData: [fast('ml-controller-model-availability', 'ml-controller')('100')],
    every: minutes(2),
    settles: minutes(34),
  },
  ErrorBudgetBurnsSlowly: {
    fires: {
      'when a day and 2 hours are bad, and 3 days are not for the traffic that they had': {
        series: requests([100, 0, hours(12)], [10, times(4), hours(26)]),
        lasts: hours(37),
        firing: [slowBackend('4')],
      },
      'when 3 days and 6 hours are bad, and no day is very bad': {
        series: requests([10, times(2), hours(9)]),
        lasts: hours(8),
        firing: [slowBackend('2')],
      },
      'when 6 of few requests failed in a day': {
        series: requests([1, 0, hours(3)], [0.002, aDay(6, 0.002), hours(26)]),
        lasts: hours(28),
        firing: [slowBackend('34.72')],
      },
      'when 6 of few requests failed in 3 days': {
        series: requests([0.01, aDay(2, 0.01), hours(80)]),
        lasts: hours(73),
        firing: [slowBackend('2.315')],
      },
    },
    silent: {
      'while a day is not bad enough yet, though 2 hours are': {
        series: requests([100, 0, hours(12)], [10, 0, hours(14)], [10, times(4), hours(10)], [10, 0, hours(5)]),
        lasts: hours(40),
      },
      'while 3 days are not bad enough yet, though 6 hours are': {
        series: requests([10, 0, hours(20)], [10, times(2), hours(16)], [10, 0, hours(5)]),
        lasts: hours(40),
      },
      'while 4 of few requests fail each day': {
        series: requests([1, 0, hours(3)], [0.002, aDay(4, 0.002), hours(60)]),
        lasts: hours(51),
      },
      'while 4 of few requests fail in 3 days': {
        series: requests([0.01, aDay(4 / 3, 0.01), hours(120)]),
        lasts: hours(97),
      },
    },
    resolved: {
      '2 hours after a bad day': {
        series: requests([100, 0, hours(12)], [10, times(4), hours(22)], [10, 0, hours(4)]),
        lasts: minutes(36 * 60 + 20),
      },
      'when a day was bad, and now fewer fail': {
        series: requests([100, 0, hours(12)], [10, times(4), hours(22)], [10, times(2), hours(4)]),
        lasts: minutes(36 * 60 + 20),
      },
      '6 hours after it was bad for longer': {
        series: requests([10, times(2), hours(12)], [10, 0, hours(8)]),
        lasts: minutes(18 * 60 + 30),
      },
      'when it was bad for longer, and now fewer fail': {
        series: requests([10, times(2), hours(12)], [10, times(0.7), hours(8)]),
        lasts: minutes(18 * 60 + 30),
      },
    },
    withoutData: [slowly('ml-controller-model-availability', 'ml-controller')('100')],
    every: minutes(20),
    gap: hours(2),
    settles: minutes(6 * 60 + 20),
  },
};

import type { Duration } from 'cdk8s';
import { loki } from '../../../lib/catalog/loki';
import {
  bursts,
  hold,
  minutes,
  observations,
  rise,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { often, podTarget, seldom } from './targets';

const replica = (ordinal = 0) => podTarget('loki', `loki-${ordinal}`, ordinal + 1, 3100);

const pushRoute = 'loki_api_v1_push';
/** What people and the log agent ask. */
const routes = [
  pushRoute,
  'loki_api_v1_query',
  'loki_api_v1_query_range',
  'loki_api_v1_labels',
  'loki_api_v1_label_name_values',
  'loki_api_v1_series',
];
const pushed = { method: 'POST', route: pushRoute, ws: 'false' } as const;

/** Answers by status. */
const answers = (
  statuses: Readonly<Record<string, Shape>>,
  { route = pushRoute, target = replica() } = {},
): readonly Series[] =>
  Object.entries(statuses).map(([status_code, shape]) =>
    series(loki.loki_request_duration_seconds, { ...target, ...pushed, route, status_code }, shape, '_count'),
  );
const failing = (route: string, share: string): Firing => ({
  labels: { route, service: 'loki' },
  summary: `Loki fails ${share} of the requests to ${route}`,
  description: 'More than 10% ended in an error of its own. Lines wait on the nodes as long as they are refused.',
});

/** Requests per second by the bucket that each fits. */
const durations = (perSecond: Readonly<Record<string, number>>, route = pushRoute, target = replica()) =>
  observations(loki.loki_request_duration_seconds, { ...target, ...pushed, route, status_code: '204' }, perSecond);
/** The same, all of each pause at once. */
const inBursts = (pause: Duration, requests: readonly Series[]): readonly Series[] =>
  requests.map(({ shape, ...rest }) => ({
    ...rest,
    shape: (seconds, clock) => shape(seconds - (seconds % pause.toSeconds()), clock),
  }));

const slow = (route: string, time: string): Firing => ({
  labels: { route, service: 'loki' },
  summary: `Loki takes ${time} to answer ${route}`,
  description: 'One request in a hundred takes longer than that; it should be below 5s.',
});

export const lokiRequestScenarios: ScenarioTable<'LokiRequestsFailing' | 'LokiRequestsSlow'> = {
  LokiRequestsFailing: {
    fires: {
      'when more than a tenth of the answers are errors of its own, whatever is asked': {
        series: routes.flatMap((route) => [
          ...answers({ 204: rise(8), 500: rise(1), 503: rise(1) }, { route }),
          ...answers({ 204: rise(9), 500: rise(1) }, { route, target: replica(1) }),
        ]),
        firing: routes.map((route) => failing(route, '15%')),
      },
      'when requests are few': {
        series: [
          ...answers({ 204: rise(0.06), 500: rise(0.015) }),
          ...answers({ 204: rise(0.06), 500: rise(0.015) }, { target: replica(1) }),
        ],
        firing: [failing(pushRoute, '20%')],
      },
      'when requests come in bursts': {
        series: answers({ 204: bursts(often, 80), 500: bursts(often, 20) }),
        firing: [failing(pushRoute, '20%')],
      },
    },
    silent: {
      'while a tenth fails': { series: answers({ 204: rise(9), 500: rise(1) }) },
      'while hardly anybody asks': { series: answers({ 204: rise(0.01), 500: rise(0.08) }) },
      'while hardly anybody asks but now and then': {
        series: answers({ 500: rise(0.05), 503: bursts(minutes(9), 40) }),
        lasts: minutes(45),
      },
      'when those who ask are wrong': { series: answers({ 204: rise(1), 400: rise(50), 429: rise(50) }) },
      'when it fails what the replicas ask each other': {
        series: answers({ 204: rise(1), 500: rise(9) }, { route: '/logproto.Pusher/Push' }),
      },
      'when requests come now and then': { series: answers({ 204: bursts(seldom, 80), 500: bursts(seldom, 20) }) },
      'when it does well again in time': {
        series: answers({ 204: rise(10), 500: until(minutes(10), rise(10), hold(6000)) }),
      },
    },
  },
  LokiRequestsSlow: {
    fires: {
      'when two in a hundred take more than 5 s, whatever is asked': {
        series: routes.flatMap((route) => [
          ...durations({ 0.1: 98, 10: 1 }, route),
          ...durations({ 10: 1 }, route, replica(1)),
        ]),
        firing: routes.map((route) => slow(route, '7.5s')),
      },
      'when requests come in bursts': {
        series: inBursts(often, durations({ 0.1: 98, 10: 2 })),
        firing: [slow(pushRoute, '7.5s')],
      },
    },
    silent: {
      'while all but one in a hundred take 5 s': { series: durations({ 5: 99, 10: 1 }) },
      'when two in a hundred take 5 s': { series: durations({ 0.1: 98, 5: 2 }) },
      'when the replicas are slow to answer each other': {
        series: durations({ 0.1: 50, 10: 50 }, '/logproto.Pusher/Push'),
      },
      'when requests come now and then': { series: inBursts(seldom, durations({ 0.1: 98, 10: 2 })) },
      'when it is quick again in time': {
        series: durations({ 10: 2 }).map((each) => ({ ...each, shape: until(minutes(10), each.shape, hold(1200)) })),
      },
    },
  },
};

import { backend } from '../../../lib/catalog/backend';
import { services } from '../../../lib/catalog/components';
import { mlController } from '../../../lib/catalog/ml-controller';
import { scrape } from '../../../lib/catalog/scrape';
import { worker } from '../../../lib/catalog/worker';
import type { serviceAlerts } from '../../../rules/alerts/services';
import {
  ago,
  counting,
  days,
  hold,
  hours,
  minutes,
  never,
  observations,
  rise,
  seconds,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Shape,
} from '../scenario';

const podOf = <J extends string>(job: J, number = 1) => ({
  job,
  instance: `10.0.0.${number}:8000`,
  namespace: 'autoserve-prod',
  pod: `${job}-${number}`,
  node: 'node-1',
});

const request = { ...podOf('backend'), method: 'GET', endpoint: '/api/tasks' };
const task = { ...podOf('worker'), task: 'notification' };

/** Requests per second that are answered well, and that fail. */
const requests = (good: number, failed: number) => [
  series(backend.http_requests_total, { ...request, status: '200' }, rise(good)),
  series(backend.http_requests_total, { ...request, status: '500' }, rise(failed)),
];

/** Tasks per second that end well, and that fail. */
const tasks = (good: number, failed: number) => [
  series(worker.celery_tasks_total, { ...task, state: 'SUCCESS' }, rise(good)),
  series(worker.celery_tasks_total, { ...task, state: 'FAILURE' }, rise(failed)),
];

const backendFails = (percent: string): Firing => ({
  labels: { service: 'backend' },
  summary: `backend fails ${percent} of its requests`,
  description: 'More than 10% of requests were answered with a server error in the last 5 minutes.',
});

const workerFails = (percent: string): Firing => ({
  labels: { service: 'worker' },
  summary: `worker fails ${percent} of its tasks`,
  description: 'More than 10% of the tasks that ended in the last 5 minutes failed for good.',
});

const down = (job: string): Firing => ({
  labels: { job, service: job },
  summary: `${job} is down`,
  description: `No pod of ${job} answers Prometheus, or there is none.`,
});

const up = (job: string, shape: Shape, number = 1) => series(scrape.up, podOf(job, number), shape);
const allUpBut = (job: string) => services.filter((each) => each !== job).map((each) => up(each, hold(1)));

/** The requests per second that take up to a bound, by which they are counted as well. */
const latencies = (perSecond: Readonly<Record<string, number>>) => {
  const { method, endpoint } = request;
  const all = Object.values(perSecond).reduce((sum, each) => sum + each, 0);
  return [
    ...observations(backend.http_request_duration_seconds, { ...podOf('backend'), method, endpoint }, perSecond),
    ...requests(all, 0),
  ];
};

const slow = (time: string): Firing => ({
  labels: { service: 'backend' },
  summary: `1 in 20 requests to backend takes longer than ${time}`,
  description: 'The 95th percentile of the last 5 minutes should be below 1s.',
});

const depth = (shape: Shape, number = 1, queue: 'default' | 'priority' = 'default') =>
  series(worker.celery_queue_depth, { ...podOf('worker', number), queue }, shape);

/** Two pods of which the second is asked a minute later, so that it says what was true then. */
const seenByTwo = (shape: Shape) => [depth(shape), depth((now, clock) => shape(Math.max(now - 60, 0), clock), 2)];

const waiting = (count: string): Firing => ({
  labels: { job: 'worker', queue: 'default', service: 'worker' },
  summary: `${count} tasks wait in the queue default and do not get fewer`,
  description: 'At the pace of the last 15m there will still be more than 50 in an hour: the workers do not keep up.',
});

/** One task more in each sample of 15 s. */
const filling = rise(1 / 15);
/** Up to 60 tasks more and fewer, again and again. */
const wiggling =
  (shape: Shape): Shape =>
  (now, clock) =>
    (shape(now, clock) ?? 0) + 60 * Math.sin((2 * Math.PI * now) / minutes(7).toSeconds());
/** At this pace an hour suffices; of the last quarter, that is so until eleven minutes after it ended. */
const drainedUntilAQuarterPast = until(minutes(15), rise(-1 / 15, 160), hold(100));

const trained = (shape: Shape, number = 1) =>
  series(mlController.model_last_training_timestamp, podOf('ml-controller', number), shape);

const stale = (age: string): Firing => ({
  labels: { job: 'ml-controller', service: 'ml-controller' },
  summary: `The scaling model was last trained ${age} ago`,
  description: 'It should be trained at least every 2d: it decides by a load that is long past.',
});

const accuracy = (shape: Shape, number = 1) =>
  series(mlController.scaling_prediction_accuracy, podOf('ml-controller', number), shape);

const inaccurate = (percent: string): Firing => ({
  labels: { job: 'ml-controller', service: 'ml-controller' },
  summary: `Only ${percent} of the load predictions are within tolerance`,
  description:
    'Over the last 30m fewer than 85% of the predictions came true: services are scaled for a load that does not come.',
});

const decisions = (ups: Shape, downs: Shape, service: 'backend' | 'worker' = 'backend', number = 1) =>
  (
    [
      ['scale_up', ups],
      ['scale_down', downs],
      ['no_change', hourly(100)],
    ] as const
  ).map(([action, shape]) =>
    series(mlController.scaling_decisions_total, { ...podOf('ml-controller', number), action, service }, shape),
  );

const hourly = (count: number): Shape => rise(count / 3600);

/** Three decisions in a minute, and four more so that the last hour has seven of them for three minutes. */
const twice = counting([0, minutes(5)], [3 / 60, minutes(1)], [0, minutes(54)], [4 / 60, minutes(1)], [0, hours(1)]);

const flapping = (ups: string): Firing => ({
  labels: { service: 'backend' },
  summary: 'backend is scaled up and down again and again',
  description: `${ups} times up in the last 1h, and at least 6 times down.`,
});

export const serviceScenarios: ScenarioTable<keyof typeof serviceAlerts> = {
  HighErrorRate: {
    fires: {
      'when more than a tenth of the requests fail': { series: requests(8.8, 1.2), firing: [backendFails('12%')] },
      'when few ask, and many of these in vain': { series: requests(0.1, 0.05), firing: [backendFails('33.33%')] },
      'when every request fails': { series: requests(0, 1), firing: [backendFails('100%')] },
    },
    silent: {
      'while a tenth of the requests fail': { series: requests(9, 1) },
      'while hardly anybody asks': { series: requests(0, 0.09) },
      'while tasks fail but requests do not': { series: [...requests(9, 0), ...tasks(5, 5)] },
    },
  },
  ServiceDown: {
    fires: {
      ...Object.fromEntries(
        services.map((job) => [`when there is no ${job}`, { series: allUpBut(job), firing: [down(job)] }]),
      ),
      'when none of its pods answers': {
        series: [...allUpBut('worker'), up('worker', hold(0)), up('worker', hold(0), 2)],
        firing: [down('worker')],
      },
      'when Prometheus sees only itself': { series: [up('prometheus', hold(1))], firing: services.map(down) },
    },
    silent: {
      'while one of two pods answers': {
        series: [...allUpBut('worker'), up('worker', hold(0)), up('worker', hold(1), 2)],
      },
      'for three scrapes that fail': {
        series: [
          ...allUpBut('worker'),
          up('worker', until(minutes(10), hold(1), until(seconds(45), hold(0), hold(1)))),
        ],
      },
      'while an exporter is down': { series: [...services.map((job) => up(job, hold(1))), up('loki', hold(0))] },
      'while Prometheus sees nothing, not even itself': { series: [up('prometheus', hold(0)), up('loki', hold(0))] },
      'when it no longer sees anything': {
        series: [...services, 'prometheus'].map((job) => up(job, until(minutes(10), hold(1), never))),
      },
    },
  },
  DatabaseConnectionHigh: {
    fires: {
      'when a pod uses more than four fifths of its pool': {
        series: [
          series(backend.db_connections_active, podOf('backend'), hold(41)),
          series(backend.db_connections_max, podOf('backend'), hold(50)),
          series(backend.db_connections_active, podOf('backend', 2), hold(5)),
          series(backend.db_connections_max, podOf('backend', 2), hold(50)),
        ],
        firing: [
          {
            labels: { ...podOf('backend'), service: 'backend' },
            summary: 'backend-1 uses 82% of its database connections',
            description: 'Above 80% the pool is nearly exhausted: requests soon wait for a connection and fail.',
          },
        ],
      },
    },
    silent: {
      'while it uses four fifths': {
        series: [
          series(backend.db_connections_active, podOf('backend'), hold(40)),
          series(backend.db_connections_max, podOf('backend'), hold(50)),
        ],
      },
    },
  },
  HighLatency: {
    fires: {
      'when more than 1 in 20 requests takes longer than a second': {
        series: latencies({ '1': 9.4, '2.5': 0.6 }),
        firing: [slow('1.25s')],
      },
      'when few ask, and wait long': { series: latencies({ '1': 0.141, '2.5': 0.009 }), firing: [slow('1.25s')] },
    },
    silent: {
      'while 1 in 20 takes longer': { series: latencies({ '1': 19, '2.5': 1 }) },
      'while hardly anybody waits': { series: latencies({ '10': 0.09 }) },
      'while tasks take long but requests do not': {
        series: [
          ...latencies({ '0.1': 10 }),
          ...tasks(1, 0),
          ...observations(worker.celery_task_duration_seconds, task, { '60': 1 }),
        ],
      },
    },
  },
  QueueNotDraining: {
    fires: {
      'when 51 tasks wait and stay': { series: [depth(hold(51))], firing: [waiting('51')] },
      'when a long queue stays about as long': { series: [depth(wiggling(hold(5000)))], firing: [waiting('5058')] },
      'when they get fewer too slowly': { series: [depth(rise(-0.02, 160))], firing: [waiting('124')] },
      'as soon as one of the pods has seen it for ten minutes': {
        series: seenByTwo(filling),
        lasts: minutes(23),
        firing: [waiting('92')],
      },
      'ten minutes after an hour does not suffice any more, as one of the pods has seen': {
        series: seenByTwo(drainedUntilAQuarterPast),
        lasts: minutes(36),
        firing: [waiting('100')],
      },
    },
    silent: {
      'while 50 tasks wait': { series: [depth(hold(50))] },
      'when they became 50 and stay so': { series: [depth(until(minutes(10), rise(1 / 12), hold(50)))] },
      'while they are few and become more': { series: [depth(rise(0.01, 20))] },
      'while they will be 50 within the hour, as both of two pods see': {
        series: [depth(rise(-0.02, 121)), depth(rise(-0.02, 121), 2)],
      },
      'while they get fewer fast enough, though not evenly': { series: [depth(wiggling(rise(-0.5, 2000)))] },
      'while each of two pods sees the same 40': { series: [depth(hold(40)), depth(hold(40), 2)] },
      'while there are more than 50, but not yet for ten minutes': {
        series: seenByTwo(filling),
        lasts: seconds(22 * 60 + 30),
      },
      'while an hour has not sufficed for less than ten minutes': {
        series: seenByTwo(drainedUntilAQuarterPast),
        lasts: minutes(35.5),
      },
      'while one queue is long and drains, and another fills that is short': {
        series: [depth(rise(-0.5, 1800)), depth(rise(0.01, 20), 1, 'priority')],
      },
    },
  },
  HighTaskFailureRatio: {
    fires: {
      'when more than a tenth of the tasks fail': { series: tasks(8.8, 1.2), firing: [workerFails('12%')] },
      'when few tasks end, and many of these in failure': {
        series: tasks(0.1, 0.05),
        firing: [workerFails('33.33%')],
      },
    },
    silent: {
      'while a tenth of the tasks fail': { series: tasks(9, 1) },
      'while hardly a task ends': { series: tasks(0, 0.09) },
      'while they are retried and then succeed': {
        series: [...tasks(9, 0), series(worker.celery_tasks_total, { ...task, state: 'RETRY' }, rise(9))],
      },
      'while requests fail but tasks do not': { series: [...tasks(9, 0), ...requests(5, 5)] },
    },
  },
  ModelStale: {
    fires: {
      'ten minutes after the model is two days old': {
        series: [trained(ago(days(2)))],
        firing: [stale('2d 0h 30m 0s')],
      },
      'when one of two models is': {
        series: [trained(ago(days(2))), trained(ago(hours(1)), 2)],
        firing: [stale('2d 0h 30m 0s')],
      },
    },
    silent: {
      'until it is two days old': { series: [trained(ago(hours(47)))], lasts: minutes(60) },
      'while two models are each a day and a half old': {
        series: [trained(ago(hours(36))), trained(ago(hours(36)), 2)],
      },
    },
  },
  PredictionsInaccurate: {
    fires: {
      'when fewer than 85 % came true for an hour': {
        series: [accuracy(hold(0.84))],
        lasts: minutes(60),
        firing: [inaccurate('84%')],
      },
      'when one of two controllers is wrong': {
        series: [accuracy(hold(0.8)), accuracy(hold(0.95), 2)],
        lasts: minutes(60),
        firing: [inaccurate('80%')],
      },
      // Below 85 % on average from 2 minutes after the beginning to 28 minutes after the end.
      'half an hour after a quarter in which hardly any came true': {
        series: [accuracy(until(minutes(10), hold(0.9), until(minutes(15), hold(0.2), hold(0.9))))],
        lasts: minutes(45),
        firing: [inaccurate('67.25%')],
      },
      'as soon as the last half hour was so for half an hour': {
        series: [accuracy(until(hours(1), hold(0.9), hold(0.2)))],
        lasts: minutes(93),
        firing: [inaccurate('20%')],
      },
    },
    silent: {
      'while 85 % come true': { series: [accuracy(hold(0.85))], lasts: minutes(90) },
      'for three bad minutes': {
        series: [accuracy(until(hours(1), hold(0.9), until(minutes(3), hold(0.2), hold(0.9))))],
        lasts: minutes(120),
      },
    },
  },
  ScalingFlapping: {
    fires: {
      'when it is scaled up and down seven times an hour': {
        series: decisions(hourly(7), hourly(7)),
        firing: [flapping('7')],
      },
      'when two controllers, one after the other, add up to it': {
        series: [...decisions(hourly(4), hourly(4)), ...decisions(hourly(4), hourly(4), 'backend', 2)],
        firing: [flapping('8')],
      },
    },
    silent: {
      'while it is scaled up often and down seldom': { series: decisions(hourly(7), hourly(5)), lasts: minutes(140) },
      'while it is scaled down often and up seldom': { series: decisions(hourly(5), hourly(7)), lasts: minutes(140) },
      'while it has been so for less than five minutes': {
        series: decisions(twice, twice),
        lasts: minutes(90),
      },
      'while one service only grows and another only shrinks': {
        series: [...decisions(hourly(7), hourly(0)), ...decisions(hourly(0), hourly(7), 'worker')],
      },
    },
    gap: hours(1),
  },
};

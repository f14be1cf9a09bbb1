import { loki } from '../../../lib/catalog/loki';
import { scrape } from '../../../lib/catalog/scrape';
import {
  ago,
  days,
  hold,
  hours,
  minutes,
  never,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { beforeAndSince, podTarget } from './targets';

/** A replica; `number` tells the address, which is another once the pod was moved. */
const replica = (ordinal = 0, number = ordinal + 1) => podTarget('loki', `loki-${ordinal}`, number, 3100);
const isUp = (target = replica(), shape: Shape = hold(1)) => series(scrape.up, target, shape);

const panics = (shape: Shape, target = replica()) => series(loki.loki_panic_total, target, shape);

const panicked = (times: number): Firing => ({
  labels: { pod: 'loki-0', service: 'loki' },
  summary: `loki-0 panicked ${times} times`,
  description: 'It caught a crash while it answered; the request failed.',
});

/** There is no such series before the first line that is refused for the reason. */
const refused = (lines: Shape, target = replica()) =>
  series(loki.loki_discarded_samples_total, { ...target, reason: 'rate_limited' }, lines);
const refuses = (lines: number): Firing => ({
  labels: { reason: 'rate_limited', service: 'loki' },
  summary: `Loki refused ${lines} log lines: rate_limited`,
  description:
    'In the last 15m. Those beyond a rate limit come again; others are lost, and the log agent may not have been told.',
});

const storing = (flushes: Shape, fullDisk: Shape, target = replica()): readonly Series[] => [
  series(loki.loki_ingester_chunks_flush_failures_total, target, flushes),
  series(loki.loki_ingester_wal_disk_full_failures_total, target, fullDisk),
];
/** Something at the beginning, and something since. */
const failsSince = (late: number): Shape => until(minutes(2), hold(0), until(minutes(14), hold(3), hold(3 + late)));
const notStored = (times: number): Firing => ({
  labels: { pod: 'loki-0', service: 'loki' },
  summary: `loki-0 failed ${times} times to store log lines`,
  description: 'Its volume is full, or the object store does not take chunks; they wait in memory.',
});

const lastRun = (at: Shape, ordinal = 0) =>
  series(loki.loki_compactor_apply_retention_last_successful_run_timestamp_seconds, replica(ordinal), at);
/** What 0 means at the time of a test: decades ago. */
const notSinceItsStart = ago(days(20_000));
const stalled = (since: string): Firing => ({
  labels: { service: 'loki' },
  summary: 'Loki does not delete old lines',
  description: `Retention should run at least every 3h. It last did ${since} ago, or never since Loki was started; until it does, the store only grows.`,
});

export const logStoreScenarios: ScenarioTable<
  'LokiPanicked' | 'LokiLinesRefused' | 'LokiChunksNotStored' | 'LokiRetentionStalled'
> = {
  LokiPanicked: {
    fires: {
      'when it panicked': {
        series: [panics(beforeAndSince(5, 1)), panics(hold(0), replica(1))],
        firing: [panicked(1)],
      },
      'when it did so once': { series: [panics(until(minutes(20), hold(0), hold(1)))], firing: [panicked(1)] },
      'when it was started again before it did so': {
        series: [panics(until(minutes(13.5), hold(5), hold(1)))],
        lasts: minutes(28),
        firing: [panicked(1)],
      },
      'when it did so before and after the pod was moved': {
        series: [
          panics(until(minutes(25), beforeAndSince(5, 1), never)),
          panics(until(minutes(25), never, until(minutes(1), hold(0), hold(1))), replica(0, 3)),
        ],
        firing: [panicked(2)],
      },
    },
    silent: {
      'while it does not': { series: [panics(hold(0))] },
    },
    resolved: {
      'a quarter of an hour later': { series: [panics(beforeAndSince(5, 0))] },
    },
  },
  LokiLinesRefused: {
    fires: {
      'when it refuses the first lines ever': {
        series: [isUp(), refused(until(minutes(16), never, hold(7)))],
        firing: [refuses(7)],
      },
      'when it refuses more': { series: [isUp(), refused(beforeAndSince(100, 7))], firing: [refuses(7)] },
      'when one replica refuses the first and another refuses more': {
        series: [
          isUp(),
          refused(until(minutes(16), never, hold(7))),
          isUp(replica(1)),
          refused(beforeAndSince(100, 5), replica(1)),
        ],
        firing: [refuses(12)],
      },
      'when it refuses fewer since it was started again': {
        series: [isUp(), refused(until(minutes(13.5), hold(5), hold(1)))],
        lasts: minutes(28),
        firing: [refuses(1)],
      },
      'when it refuses the first line ever': {
        series: [isUp(), refused(until(minutes(16), never, hold(1)))],
        firing: [refuses(1)],
      },
      'when it refuses the first lines after it was started again': {
        series: [
          isUp(),
          refused(until(minutes(1), never, until(minutes(17), hold(100), until(minutes(14), never, hold(7))))),
        ],
        lasts: minutes(40),
        firing: [refuses(7)],
      },
      'when a replica that was just started refuses the first lines': {
        series: [isUp(replica(), until(minutes(25), never, hold(1))), refused(until(minutes(26), never, hold(7)))],
        firing: [refuses(7)],
      },
    },
    silent: {
      'when it refused some long ago': { series: [isUp(), refused(hold(100))] },
      'when it is reached again': {
        series: [
          isUp(replica(), until(minutes(10), hold(1), until(minutes(6), hold(0), hold(1)))),
          refused(until(minutes(10), hold(100), until(minutes(6), never, hold(100)))),
        ],
      },
      'while it refuses none': { series: [isUp()] },
    },
    resolved: {
      'a quarter of an hour later': { series: [isUp(), refused(beforeAndSince(100, 0))] },
      'a quarter of an hour after the first': { series: [isUp(), refused(until(minutes(14), never, hold(7)))] },
    },
  },
  LokiChunksNotStored: {
    fires: {
      'when chunks are not taken': { series: storing(failsSince(2), hold(0)), firing: [notStored(2)] },
      'five minutes after one was not': {
        series: storing(until(minutes(2), hold(0), hold(1)), hold(0)),
        lasts: minutes(8),
        firing: [notStored(1)],
      },
      'when the disk is full': { series: storing(hold(0), failsSince(2)), firing: [notStored(2)] },
      'when it goes on after the pod was moved': {
        series: [
          ...storing(until(minutes(25), failsSince(1), never), hold(0)),
          ...storing(until(minutes(25), never, until(minutes(1), hold(0), hold(1))), hold(0), replica(0, 3)),
        ],
        firing: [notStored(2)],
      },
    },
    silent: {
      'while all is stored': { series: storing(hold(0), hold(0)) },
    },
    resolved: {
      'a quarter of an hour later': { series: storing(beforeAndSince(5, 0), beforeAndSince(5, 0)) },
    },
  },
  LokiRetentionStalled: {
    fires: {
      'when the replica that deletes has not done so for hours': {
        series: [lastRun(ago(hours(3))), lastRun(notSinceItsStart, 1)],
        firing: [stalled('4h 5m 0s')],
      },
      'when none has done so since it was started': {
        series: [lastRun(notSinceItsStart), lastRun(notSinceItsStart, 1)],
        firing: [stalled('20000d 1h 5m 0s')],
      },
    },
    silent: {
      'while it runs every three hours': { series: [lastRun((_, clock) => clock - hours(3).toSeconds())] },
      'while one replica runs': { series: [lastRun(ago(hours(1.9))), lastRun(notSinceItsStart, 1)] },
      'when it runs within the hour': {
        series: [lastRun(until(hours(1), notSinceItsStart, ago(minutes(0))))],
        lasts: hours(2),
      },
    },
  },
};

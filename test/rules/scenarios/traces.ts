import { jaeger } from '../../../lib/catalog/jaeger';
import type { traceAlerts } from '../../../rules/alerts/traces';
import {
  bursts,
  hold,
  minutes,
  never,
  rise,
  series,
  until,
  type Firing,
  type ScenarioTable,
  type Series,
  type Shape,
} from '../scenario';
import { often, podTarget, seldom } from './targets';

/** The pod, and its address as it was first or when its node was started again. */
const podName = 'jaeger-6f7b9c8d54-kq7zn';
const collector = (number = 1) => podTarget('jaeger', podName, number, 8888);

/** None of these counters is there before the first span that it counts. */
const received = (accepted: Shape, refused: Shape, transport: 'grpc' | 'http' = 'grpc'): readonly Series[] => {
  const labels = { ...collector(), receiver: 'otlp', transport } as const;
  return [
    series(jaeger.otelcol_receiver_accepted_spans_total, labels, accepted),
    series(jaeger.otelcol_receiver_refused_spans_total, labels, refused),
  ];
};
const exported = (sent: Shape, failed: Shape, number = 1): readonly Series[] => {
  const labels = { ...collector(number), exporter: 'jaeger_storage_exporter' } as const;
  return [
    series(jaeger.otelcol_exporter_sent_spans_total, labels, sent),
    series(jaeger.otelcol_exporter_send_failed_spans_total, labels, failed),
  ];
};
const dropped = (traces: Shape, number = 1) =>
  series(jaeger.otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total, collector(number), traces);

const refuses = (share: string): Firing => ({
  labels: { pod: podName, service: 'jaeger' },
  summary: `Jaeger refuses ${share} of the spans`,
  description: `More than 1% are turned away by ${podName}, most likely for want of memory.`,
});
const failsToStore = (share: string): Firing => ({
  labels: { pod: podName, service: 'jaeger' },
  summary: `Jaeger fails to store ${share} of the spans`,
  description: `More than 1% are not taken by the store behind ${podName}.`,
});
const drops = (traces: number): Firing => ({
  labels: { pod: podName, service: 'jaeger' },
  summary: `Jaeger dropped ${traces} traces before it knew whether to keep them`,
  description: `More traces wait in ${podName} than it may hold: failed and slow ones are lost too.`,
});

/** From the eleventh minute on, and not there before. */
const begins = (perSecond: number): Shape => until(minutes(11), never, rise(perSecond));
const untilMoved = (shape: Shape): Shape => until(minutes(28), shape, never);
const onceMoved = (shape: Shape): Shape => until(minutes(28), never, shape);
export const traceScenarios: ScenarioTable<keyof typeof traceAlerts> = {
  SpansRefused: {
    fires: {
      'when more than one in a hundred is refused': {
        series: [...received(rise(580), rise(7)), ...received(rise(405), rise(8), 'http')],
        firing: [refuses('1.5%')],
      },
      'when it begins to refuse them': { series: received(rise(98), begins(2)), firing: [refuses('2%')] },
      'when all are refused, the first among them': {
        series: [...received(never, begins(5)), ...received(never, begins(3), 'http')],
        firing: [refuses('100%')],
      },
      'when all that come in bursts are refused': {
        series: received(never, until(minutes(11), never, bursts(often, 10))),
        firing: [refuses('100%')],
      },
      'when spans come in bursts': {
        series: received(bursts(often, 90), bursts(often, 10)),
        firing: [refuses('10%')],
      },
    },
    silent: {
      'while one in a hundred is refused': { series: received(rise(99), rise(1)) },
      'while none is refused': { series: received(rise(99), never) },
      'while none comes any more': { series: received(hold(99), hold(99)) },
      'when it takes them again in time': {
        series: received(rise(50), until(minutes(5), rise(50), hold(15_000))),
      },
      'when spans come now and then': { series: received(bursts(seldom, 90), bursts(seldom, 10)) },
    },
  },
  SpansNotStored: {
    fires: {
      'when more than one in a hundred is not stored': {
        series: exported(rise(985), rise(15)),
        lasts: minutes(11),
        firing: [failsToStore('1.5%')],
      },
      'when the store begins to refuse them': {
        series: exported(rise(98), begins(2)),
        firing: [failsToStore('2%')],
      },
      'when none is stored, the first among them': {
        series: exported(never, begins(5)),
        firing: [failsToStore('100%')],
      },
      'when none that comes in bursts is stored': {
        series: exported(never, until(minutes(11), never, bursts(often, 10))),
        firing: [failsToStore('100%')],
      },
      'when it goes on at another address': {
        series: [
          ...exported(untilMoved(rise(90)), untilMoved(rise(10))),
          ...exported(onceMoved(rise(50)), onceMoved(rise(50)), 2),
        ],
        firing: [failsToStore('26.41%')],
      },
      'when none is stored at another address either': {
        series: [...exported(never, untilMoved(rise(10))), ...exported(never, onceMoved(rise(50)), 2)],
        firing: [failsToStore('100%')],
      },
      'when spans come in bursts': {
        series: exported(bursts(often, 90), bursts(often, 10)),
        firing: [failsToStore('10%')],
      },
    },
    silent: {
      'while one in a hundred is not stored': { series: exported(rise(99), rise(1)) },
      'while all are stored': { series: exported(rise(99), never) },
      'while none comes any more': { series: exported(hold(99), hold(99)) },
      'when the store takes them again in time': {
        series: exported(rise(50), until(minutes(5), rise(50), hold(15_000))),
      },
      'when spans come now and then': { series: exported(bursts(seldom, 90), bursts(seldom, 10)) },
    },
  },
  TracesUndecided: {
    fires: {
      'when traces are dropped': {
        // What was dropped before is forgotten.
        series: [dropped(until(minutes(14), hold(0), until(minutes(2), hold(5), hold(8))))],
        firing: [drops(3)],
      },
      'when the first is': { series: [dropped(until(minutes(20), hold(0), hold(1)))], firing: [drops(1)] },
      'when fewer are since it was started again': {
        series: [dropped(until(minutes(13.5), hold(5), hold(1)))],
        lasts: minutes(28),
        firing: [drops(1)],
      },
      'when they are at another address too': {
        series: [
          dropped(untilMoved(until(minutes(20), hold(0), hold(3)))),
          dropped(onceMoved(until(minutes(1), hold(0), hold(2))), 2),
        ],
        firing: [drops(5)],
      },
    },
    silent: {
      'while none is dropped': { series: [dropped(hold(0))] },
      'where all traces are kept': { series: [] },
    },
    resolved: {
      'a quarter of an hour later': { series: [dropped(until(minutes(14), hold(0), hold(5)))] },
    },
  },
};

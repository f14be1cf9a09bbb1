import { fluentBit } from '../../../lib/catalog/fluent-bit';
import { scrape } from '../../../lib/catalog/scrape';
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
import { beforeAndSince, podTarget } from './targets';

const pod = 'fluent-bit-8xk2p';
const agent = (instance = 1) => ({
  ...podTarget('fluent-bit', pod, instance, 2020),
  namespace: 'node-agents',
  node: 'node-1',
});
const otherAgent = { ...podTarget('fluent-bit', 'fluent-bit-zc4vw', 2, 2020), namespace: 'node-agents' };
const isUp = (target = agent(), shape: Shape = hold(1)) => series(scrape.up, target, shape);

const lost = (lines: Shape, target = agent()) =>
  series(fluentBit.fluentbit_output_dropped_records_total, { ...target, name: 'application' }, lines);
const linesLost = (lines: number): Firing => ({
  labels: { node: 'node-1', pod, name: 'application', service: 'fluent-bit' },
  summary: `${lines} log lines of node-1 are lost`,
  description: `${pod} gave them up (application): refused by Loki, or pushed out of a full buffer.`,
});

/** There is no such series before the first line that is cut. */
const cut = (lines: Shape, target = agent()) =>
  series(fluentBit.fluentbit_input_long_line_truncated_total, { ...target, name: 'application' }, lines);
const linesCut = (lines: number): Firing => ({
  labels: { node: 'node-1', pod, name: 'application', service: 'fluent-bit' },
  summary: `${lines} long log lines of node-1 were cut`,
  description: `${pod} keeps the beginning of a line that is too long (application).`,
});

type Kind = 'application' | 'platform';
/** What the agent reads and ships of both kinds of lines. */
const agentThat = (
  reads: Readonly<Record<Kind, Shape>>,
  ships: Readonly<Record<Kind, Shape>>,
  target = agent(),
): readonly Series[] =>
  (['application', 'platform'] as const).flatMap((name) => [
    series(fluentBit.fluentbit_input_records_total, { ...target, name }, reads[name]),
    series(fluentBit.fluentbit_output_proc_records_total, { ...target, name }, ships[name]),
  ]);
const both = (application: Shape, platform: Shape) => ({ application, platform });
const notShipped = (lines: number): Firing => ({
  labels: { node: 'node-1', pod, service: 'fluent-bit' },
  summary: 'No log line of node-1 reaches Loki',
  description: `${pod} read ${lines} lines in the last 5 minutes and shipped none; they wait on the disk of the node.`,
});

const freeBuffer = (percent: Shape) =>
  series(fluentBit.fluentbit_output_chunk_available_capacity_percent, { ...agent(), name: 'application' }, percent);

export const logAgentScenarios: ScenarioTable<'LogLinesLost' | 'LogLinesCut' | 'LogsNotShipped' | 'LogBufferFilling'> =
  {
    LogLinesLost: {
      fires: {
        'when lines are given up': {
          series: [lost(beforeAndSince(500, 12)), lost(hold(0), otherAgent)],
          firing: [linesLost(12)],
        },
        'when the first line is': {
          series: [lost(until(minutes(20), hold(0), hold(1)))],
          firing: [linesLost(1)],
        },
        'when the agent got another address meanwhile': {
          series: [
            lost(until(minutes(25), beforeAndSince(500, 12), never)),
            lost(until(minutes(25), never, until(minutes(1), hold(0), hold(3))), agent(3)),
          ],
          // An increase estimates what happened while it did not look.
          firing: [linesLost(15)],
        },
      },
      silent: {
        'while none are': { series: [lost(hold(0))] },
      },
      resolved: {
        'a quarter of an hour later': { series: [lost(beforeAndSince(500, 0))] },
      },
    },
    LogLinesCut: {
      fires: {
        'when the first line ever is cut': {
          series: [isUp(), cut(until(minutes(35), never, hold(1)))],
          lasts: minutes(66),
          firing: [linesCut(1)],
        },
        'when more are cut': {
          series: [isUp(), cut(until(minutes(3), hold(90), until(minutes(27), hold(100), hold(102))))],
          firing: [linesCut(2)],
        },
        'when it cuts the first after it was started again': {
          series: [
            isUp(),
            cut(until(minutes(1), never, until(minutes(49), hold(100), until(minutes(50), never, hold(1))))),
          ],
          lasts: minutes(120),
          firing: [linesCut(1)],
        },
        'when an agent that was just started cuts the first': {
          series: [
            isUp(agent(), until(minutes(40), never, hold(1))),
            cut(until(minutes(42), never, hold(1))),
            isUp(otherAgent),
            cut(hold(3), otherAgent),
          ],
          firing: [linesCut(1)],
        },
        'when the agent got another address meanwhile': {
          series: [
            isUp(agent(), until(minutes(40), hold(1), never)),
            cut(until(minutes(30), hold(5), until(minutes(10), hold(7), never))),
            isUp(agent(3), until(minutes(40), never, hold(1))),
            cut(until(minutes(42), never, hold(1)), agent(3)),
          ],
          firing: [linesCut(3)],
        },
      },
      silent: {
        'when some were cut long ago': { series: [isUp(), cut(hold(100))] },
        'when the agent is reached again': {
          series: [
            isUp(agent(), until(minutes(30), hold(1), until(minutes(20), hold(0), hold(1)))),
            cut(until(minutes(30), hold(100), until(minutes(20), never, hold(100)))),
          ],
          lasts: minutes(120),
        },
        'while none are cut': { series: [isUp()] },
      },
      resolved: {
        'an hour later': {
          series: [isUp(), cut(until(minutes(3), hold(90), hold(100)))],
        },
        'an hour after the first': { series: [isUp(), cut(until(minutes(4), never, hold(7)))] },
      },
    },
    LogsNotShipped: {
      fires: {
        'when it reads and ships nothing for a quarter of an hour': {
          series: [
            ...agentThat(both(rise(10), rise(2)), both(until(minutes(9.75), rise(10), hold(5850)), hold(0))),
            ...agentThat(both(rise(10), rise(2)), both(rise(10), rise(2)), otherAgent),
          ],
          firing: [notShipped(3600)],
        },
        'when lines come in bursts': {
          series: agentThat(both(bursts(minutes(4.5), 270), hold(0)), both(hold(0), hold(0))),
          firing: [notShipped(284)],
        },
        'when one line after the other stays, from the first on': {
          series: agentThat(both(bursts(minutes(4.5)), hold(0)), both(hold(0), hold(0))),
          lasts: minutes(20),
          firing: [notShipped(1)],
        },
      },
      silent: {
        'while it ships one of two kinds': { series: agentThat(both(rise(10), rise(2)), both(hold(0), rise(2))) },
        'while there is nothing to read': { series: agentThat(both(hold(10), hold(2)), both(hold(10), hold(2))) },
        'while lines come now and then': {
          series: agentThat(both(bursts(minutes(5.5), 270), hold(0)), both(hold(0), hold(0))),
        },
        'when it goes on in time': {
          series: agentThat(
            both(rise(10), rise(2)),
            both(until(minutes(5), rise(10), until(minutes(19.5), hold(3000), rise(10, 3000))), hold(0)),
          ),
        },
      },
    },
    LogBufferFilling: {
      fires: {
        'when less than a quarter is free': {
          series: [freeBuffer(hold(24))],
          lasts: minutes(6),
          firing: [
            {
              labels: { ...agent(), name: 'application', service: 'fluent-bit' },
              summary: 'The log buffer of node-1 has 24% of its space left',
              description: 'Below 25% of application the oldest lines are soon given up.',
            },
          ],
        },
      },
      silent: {
        'while a quarter is free': { series: [freeBuffer(hold(25))] },
        'when it is emptied in time': { series: [freeBuffer(until(minutes(5), hold(1), hold(100)))] },
      },
    },
  };

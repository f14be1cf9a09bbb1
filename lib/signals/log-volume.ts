import { Duration } from 'cdk8s';
import { fluentBit } from '../catalog/fluent-bit';
import { sumBy, topk } from '../query/logql/aggregate';
import { bytesOverTime, countOverTime, rate } from '../query/logql/range';
import { select } from '../query/logql/select';
import { sumBy as sumSeries } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { or } from '../query/promql/operators';
import { appearedWithin, increase } from '../query/promql/range';
import { select as selectSeries } from '../query/promql/select';
import { shippedBytes } from './logs';
import { orNoneOf } from './share';
import { legend, plot, plotLogs, showLines, tellsOf, type Signal } from './signal';

// Who writes how much: AutoServe's services and the platform's components alike.

/** The lines of whatever is chosen at the head of the dashboard. */
export const chosenLines = select({
  job: 'fluent-bit',
  service: chosen('service'),
  namespace: chosen('namespace'),
});

export const linesByLevel: Signal = {
  title: 'Lines by level',
  description:
    'Lines per second by severity, as Loki finds it in them. Nearly all should be info; more error or warn than usual deserves a look at the errors below, and debug in production is paid for by nobody.',
  unit: 'lines/s',
  queries: [plotLogs(sumBy(rate(chosenLines, '$__auto'), 'detected_level'), legend`${'detected_level'}`)],
};

export const linesByService: Signal = {
  title: 'Lines by service',
  description:
    'Lines per second of each service and component. They follow the traffic; one that falls silent has stopped or is no longer shipped, one that rises alone repeats itself.',
  unit: 'lines/s',
  queries: [plotLogs(sumBy(rate(chosenLines, '$__auto'), 'service'), legend`${'service'}`)],
  watchedBy: [tellsOf('LogsNotShipped')],
};

export const latestLines: Signal = {
  title: 'Latest lines',
  description:
    'What the chosen services and components wrote last. Open a line for its fields; one that belongs to a trace has a link to it.',
  unit: 'lines',
  queries: [showLines(chosenLines)],
};

export const bytesByService: Signal = {
  title: 'Shipped bytes',
  description:
    'Bytes of lines per second that reach Loki: what fills its storage. A step that no deployment explains deserves a look at what is written there.',
  unit: 'bytes/s',
  queries: [plotLogs(shippedBytes('$__auto', chosenLines), legend`${'service'}`)],
};

const most = 10;

export const mostBytes: Signal = {
  title: 'Most bytes',
  description: `The ${most} that wrote most in the time shown. Whoever leads by far and is not the busiest should log less, or lower its level.`,
  unit: 'bytes',
  queries: [plotLogs(topk(most, sumBy(bytesOverTime(chosenLines, '$__range'), 'service')), legend`${'service'}`)],
};

export const mostLines: Signal = {
  title: 'Most lines',
  description: `The ${most} that wrote the most lines in the time shown. Many lines of few bytes are often a loop that reports each round.`,
  unit: 'lines',
  queries: [plotLogs(topk(most, sumBy(countOverTime(chosenLines, '$__range'), 'service')), legend`${'service'}`)],
};

const anHour = Duration.hours(1);
const cut = selectSeries(fluentBit.fluentbit_input_long_line_truncated_total);

export const cutLines: Signal = {
  title: 'Lines cut',
  description:
    'Lines of the last hour that were too long and of which only the beginning is kept, by node. 0 is good; otherwise some service writes whole documents into a line.',
  unit: 'lines',
  queries: [
    plot(
      orNoneOf(
        sumSeries(or(appearedWithin(cut, anHour), increase(cut, anHour)), 'node'),
        sumSeries(increase(selectSeries(fluentBit.fluentbit_input_records_total), anHour), 'node'),
      ),
      legend`${'node'}`,
    ),
  ],
  watchedBy: [tellsOf('LogLinesCut')],
};

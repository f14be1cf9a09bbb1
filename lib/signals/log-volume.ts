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
    'Lines per second by level, as Loki detects it. Nearly all should be info. When there are more error or warn lines than usual, read them. Debug in production only costs storage.',
  unit: 'lines/s',
  queries: [plotLogs(sumBy(rate(chosenLines, '$__auto'), 'detected_level'), legend`${'detected_level'}`)],
};

export const linesByService: Signal = {
  title: 'Lines by service',
  description:
    'Lines per second of each service and component. They follow the traffic. One that falls silent has stopped or is no longer shipped. One that rises alone most likely logs in a loop.',
  unit: 'lines/s',
  queries: [plotLogs(sumBy(rate(chosenLines, '$__auto'), 'service'), legend`${'service'}`)],
  watchedBy: [tellsOf('LogsNotShipped')],
};

export const latestLines: Signal = {
  title: 'Latest lines',
  description:
    'The latest lines of the chosen services and components. Open a line for its fields. A line that belongs to a trace links to it.',
  unit: 'lines',
  queries: [showLines(chosenLines)],
};

export const bytesByService: Signal = {
  title: 'Shipped bytes',
  description:
    'Bytes of lines per second that reach Loki, by service. Its storage grows with them. After a step that no deployment explains, read what that service logs.',
  unit: 'bytes/s',
  queries: [plotLogs(shippedBytes('$__auto', chosenLines), legend`${'service'}`)],
};

const most = 10;

export const mostBytes: Signal = {
  title: 'Most bytes',
  description: `The ${most} services and components that wrote the most bytes in the time shown. One that leads by far and is not the busiest should log less.`,
  unit: 'bytes',
  queries: [plotLogs(topk(most, sumBy(bytesOverTime(chosenLines, '$__range'), 'service')), legend`${'service'}`)],
};

export const mostLines: Signal = {
  title: 'Most lines',
  description: `The ${most} services and components that wrote the most lines in the time shown. Many short lines are often a loop that logs each round.`,
  unit: 'lines',
  queries: [plotLogs(topk(most, sumBy(countOverTime(chosenLines, '$__range'), 'service')), legend`${'service'}`)],
};

const anHour = Duration.hours(1);
const cut = selectSeries(fluentBit.fluentbit_input_long_line_truncated_total);

export const cutLines: Signal = {
  title: 'Lines cut',
  description:
    'Lines of the last hour that were too long and were cut, by node. 0 is good. Otherwise some service writes whole documents into one line.',
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

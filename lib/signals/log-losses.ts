import { fluentBit } from '../catalog/fluent-bit';
import { sumBy } from '../query/promql/aggregate';
import { constant, or, plus } from '../query/promql/operators';
import { increase } from '../query/promql/range';
import { select } from '../query/promql/select';
import { linesRefusedWithin } from './log-store';
import { legend, plot, tellsOf, type Signal } from './signal';

/** Lines that did not arrive, by whoever's doing. */
export const linesMissing: Signal = {
  title: 'Log lines lost',
  description:
    'Lines that the log agents lost or Loki refused, in the time shown. 0 is good. Lines that Loki refused because of a rate limit are mostly sent again; the others are gone.',
  unit: 'lines',
  queries: [
    plot(
      plus(
        sumBy(increase(select(fluentBit.fluentbit_output_dropped_records_total), '$__range')),
        or(sumBy(linesRefusedWithin('$__range')), constant(0)),
      ),
      legend`lost`,
    ),
  ],
  watchedBy: [tellsOf('LogLinesLost'), tellsOf('LokiLinesRefused'), tellsOf('LogsNotShipped')],
  limits: { bad: 'above', orange: 1 },
};

import { Duration } from 'cdk8s';
import { jaeger } from '../../lib/catalog/jaeger';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { sumBy } from '../../lib/query/promql/aggregate';
import { above, or, plus, ratio } from '../../lib/query/promql/operators';
import { increase, rate } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import { alert, type AlertDefinitions } from './definition';

const window = Duration.minutes(5);

const refused = sumBy(rate(select(jaeger.otelcol_receiver_refused_spans_total), window), 'pod');
const accepted = sumBy(rate(select(jaeger.otelcol_receiver_accepted_spans_total), window), 'pod');
const failed = sumBy(rate(select(jaeger.otelcol_exporter_send_failed_spans_total), window), 'pod');
const stored = sumBy(rate(select(jaeger.otelcol_exporter_sent_spans_total), window), 'pod');

/** Whether spans arrive and stay. Jaeger has none of these counters before its first span. */
export const traceAlerts: AlertDefinitions<'SpansRefused' | 'SpansNotStored' | 'TracesUndecided'> = {
  SpansRefused: ({ threshold }) =>
    alert({
      expr: above(ratio(refused, or(plus(accepted, refused), refused)), threshold),
      service: 'jaeger',
      summary: text`Jaeger refuses ${value.ratio} of the spans`,
      description: text`More than ${percentage(threshold)} are turned away by ${label('pod')}, most likely for want of memory.`,
    }),
  SpansNotStored: ({ threshold }) =>
    alert({
      expr: above(ratio(failed, or(plus(stored, failed), failed)), threshold),
      service: 'jaeger',
      summary: text`Jaeger fails to store ${value.ratio} of the spans`,
      description: text`More than ${percentage(threshold)} are not taken by the store behind ${label('pod')}.`,
    }),
  TracesUndecided: () =>
    alert({
      expr: above(
        sumBy(
          increase(
            select(jaeger.otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total),
            Duration.minutes(15),
          ),
          'pod',
        ),
        0,
      ),
      service: 'jaeger',
      summary: text`Jaeger dropped ${value.count} traces before it knew whether to keep them`,
      description: text`More traces wait in ${label('pod')} than it may hold: failed and slow ones are lost too.`,
    }),
};

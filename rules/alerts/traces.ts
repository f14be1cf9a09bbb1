import { label, percentage, text, value } from '../../lib/config/alert-text';
import { above } from '../../lib/query/promql/operators';
import { droppedUndecided, failedSpanRatio, refusedSpanRatio } from '../../lib/signals/trace-collector';
import { alert, type AlertDefinitions } from './definition';

/** Whether spans arrive and stay. Jaeger has none of these counters before its first span. */
export const traceAlerts: AlertDefinitions<'SpansRefused' | 'SpansNotStored' | 'TracesUndecided'> = {
  SpansRefused: ({ threshold }) =>
    alert({
      expr: above(refusedSpanRatio, threshold),
      service: 'jaeger',
      summary: text`Jaeger refuses ${value.ratio} of the spans`,
      description: text`More than ${percentage(threshold)} are turned away by ${label('pod')}, most likely for want of memory.`,
    }),
  SpansNotStored: ({ threshold }) =>
    alert({
      expr: above(failedSpanRatio, threshold),
      service: 'jaeger',
      summary: text`Jaeger fails to store ${value.ratio} of the spans`,
      description: text`More than ${percentage(threshold)} are not taken by the store behind ${label('pod')}.`,
    }),
  TracesUndecided: () =>
    alert({
      expr: above(droppedUndecided, 0),
      service: 'jaeger',
      summary: text`Jaeger dropped ${value.count} traces before it knew whether to keep them`,
      description: text`More traces wait in ${label('pod')} than it may hold: failed and slow ones are lost too.`,
    }),
};

import { Duration } from 'cdk8s';
import { jaeger } from '../../lib/catalog/jaeger';
import { pipe } from '../../lib/query/logql/lines';
import { select as selectLines } from '../../lib/query/logql/select';
import { contains, matches } from '../../lib/query/logql/stages';
import { sumBy } from '../../lib/query/promql/aggregate';
import { above } from '../../lib/query/promql/operators';
import { increase, rate } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import type { traceAlerts } from '../../rules/alerts/traces';
import type { RunbookQueries, RunbookQuery } from './query';

const window = Duration.minutes(5);
const aQuarter = Duration.minutes(15);

const jaegerLines = selectLines({ service: 'jaeger' });

const accepted: RunbookQuery = {
  shows: 'Spans a second that are taken; no answer before the first span',
  promql: sumBy(rate(select(jaeger.otelcol_receiver_accepted_spans_total), window), 'pod', 'transport'),
};

const memory: RunbookQuery = {
  shows: 'Memory of Jaeger, in bytes',
  promql: sumBy(select(jaeger.otelcol_process_memory_rss_bytes), 'pod'),
};

const failed: RunbookQuery = {
  shows: 'Spans a second that the store does not take',
  promql: sumBy(rate(select(jaeger.otelcol_exporter_send_failed_spans_total), window), 'pod'),
};

const questionsFailed: RunbookQuery = {
  shows: 'Questions to the store that failed in the last 15 minutes; the first sign that it is away',
  promql: above(
    sumBy(increase(select(jaeger.jaeger_storage_requests_total, { result: 'err' }), aQuarter), 'pod', 'operation'),
    0,
  ),
};

/** For the alerts of `rules/alerts/traces.ts`. */
export const traceCollectionQueries: RunbookQueries<keyof typeof traceAlerts> = {
  SpansRefused: [
    {
      shows: 'Spans a second that are refused, by transport',
      promql: above(sumBy(rate(select(jaeger.otelcol_receiver_refused_spans_total), window), 'pod', 'transport'), 0),
    },
    accepted,
    memory,
    failed,
    {
      shows: 'Why: memory, or the store',
      logql: pipe(jaegerLines, matches('[Mm]emory usage|Exporting failed')),
    },
  ],
  SpansNotStored: [
    failed,
    {
      shows: 'Spans a second that were handed over',
      promql: sumBy(rate(select(jaeger.otelcol_exporter_sent_spans_total), window), 'pod'),
    },
    questionsFailed,
    {
      shows: 'Bulk requests that OpenSearch or Elasticsearch refused, which no counter tells',
      logql: pipe(jaegerLines, contains('bulk request')),
    },
    { shows: 'What else failed', logql: pipe(jaegerLines, contains('Exporting failed')) },
  ],
  TracesUndecided: [
    {
      shows: 'Traces dropped undecided in the last 15 minutes',
      promql: sumBy(
        increase(select(jaeger.otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total), aQuarter),
        'pod',
      ),
    },
    {
      shows: 'Traces that wait now',
      promql: sumBy(select(jaeger.otelcol_processor_tail_sampling_sampling_traces_on_memory), 'pod'),
    },
    {
      shows: 'Traces decided on a second: those that wait are this many times the decision wait',
      promql: sumBy(
        rate(select(jaeger.otelcol_processor_tail_sampling_global_count_traces_sampled_total), window),
        'pod',
        'sampled',
      ),
    },
    accepted,
    memory,
  ],
};

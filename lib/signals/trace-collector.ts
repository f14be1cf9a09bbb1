import { Duration } from 'cdk8s';
import { jaeger } from '../catalog/jaeger';
import { maxBy, sumBy } from '../query/promql/aggregate';
import { or, plus, ratio } from '../query/promql/operators';
import { histogramQuantile, increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { orNoneOf, orNoShareOf, shareOrNone } from './share';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// Whether Jaeger takes spans, keeps them, and answers.

/** As far back as the alerts look: spans come in batches. */
const fiveMinutes = Duration.minutes(5);

const accepted = sumBy(rate(select(jaeger.otelcol_receiver_accepted_spans_total), fiveMinutes), 'pod');
const refused = sumBy(rate(select(jaeger.otelcol_receiver_refused_spans_total), fiveMinutes), 'pod');
const stored = sumBy(rate(select(jaeger.otelcol_exporter_sent_spans_total), fiveMinutes), 'pod');
const failed = sumBy(rate(select(jaeger.otelcol_exporter_send_failed_spans_total), fiveMinutes), 'pod');

export const spans: Signal = {
  title: 'Spans',
  description:
    'Spans per second that Jaeger takes, turns away, stores, and fails to store. Stored should equal taken, less the traces that sampling drops. Turned away and not stored should be 0.',
  unit: 'spans/s',
  queries: [
    plot(sumBy(accepted), legend`taken`),
    plot(sumBy(refused), legend`turned away`),
    plot(sumBy(stored), legend`stored`),
    plot(sumBy(orNoneOf(failed, stored)), legend`not stored`),
  ],
  watchedBy: [tellsOf('SpansRefused'), tellsOf('SpansNotStored')],
};

export const spansNow: Signal = {
  title: 'Spans taken',
  description: 'Spans per second that Jaeger takes, over all replicas. Its memory and its storage grow with them.',
  unit: 'spans/s',
  queries: [plot(sumBy(accepted), legend`spans`)],
};

/** Share of the spans that each Jaeger turns away, 0 to 1. */
export const refusedSpanRatio = ratio(refused, or(plus(accepted, refused), refused));

/** Share of the spans that the store does not take from each Jaeger, 0 to 1. */
export const failedSpanRatio = ratio(failed, or(plus(stored, failed), failed));

const refusedShare = orNoShareOf(refusedSpanRatio, or(accepted, refused));
const failedShare = orNoShareOf(failedSpanRatio, or(stored, failed));

export const spansRefused: Signal = {
  title: 'Spans refused',
  description:
    'Share of spans that Jaeger turns away, on the worst replica, most likely for lack of memory. 0 is good. Above its threshold traces are incomplete: give it more memory, or sample fewer traces.',
  unit: 'ratio',
  queries: [plot(maxBy(refusedShare), legend`refused`)],
  watchedBy: [firesAbove('SpansRefused')],
};

export const spansRefusedByPod: Signal = {
  title: 'Spans refused by replica',
  description:
    'Share of spans that each Jaeger turns away. 0 is good. Above the dashed line give it more memory, or sample fewer traces.',
  unit: 'ratio',
  queries: [plot(refusedShare, legend`${'pod'}`)],
  watchedBy: [firesAbove('SpansRefused')],
};

export const spansNotStored: Signal = {
  title: 'Spans not stored',
  description:
    'Share of spans that Jaeger could not store, on the worst replica. 0 is good. Above its threshold traces are lost: check that the store runs and that its volume has room.',
  unit: 'ratio',
  queries: [plot(maxBy(failedShare), legend`not stored`)],
  watchedBy: [firesAbove('SpansNotStored')],
};

export const spansNotStoredByPod: Signal = {
  title: 'Spans not stored by replica',
  description:
    'Share of spans that each Jaeger could not store. 0 is good. Above the dashed line check that the store runs and that its volume has room.',
  unit: 'ratio',
  queries: [plot(failedShare, legend`${'pod'}`)],
  watchedBy: [firesAbove('SpansNotStored')],
};

const waiting = maxBy(select(jaeger.otelcol_processor_tail_sampling_sampling_traces_on_memory), 'pod');

export const waitingTraces: Signal = {
  title: 'Traces that wait',
  description:
    'Traces in the memory of each Jaeger that wait for the decision whether to keep them. It follows the load. At the maximum, traces are dropped undecided.',
  unit: 'traces',
  queries: [plot(waiting, legend`${'pod'}`)],
  watchedBy: [tellsOf('TracesUndecided')],
};

export const decidedTraces: Signal = {
  title: 'Traces decided on',
  description:
    'Traces per second that are kept (true) or not (false). Failed and slow ones are always kept, so more are kept when things go wrong.',
  unit: 'traces/s',
  queries: [
    plot(
      sumBy(
        rate(select(jaeger.otelcol_processor_tail_sampling_global_count_traces_sampled_total), '$__rate_interval'),
        'sampled',
      ),
      legend`kept: ${'sampled'}`,
    ),
  ],
};

/** Traces that each Jaeger dropped within a quarter of an hour before it had decided; there is no counter before the first. */
export const droppedUndecided = sumBy(
  increase(select(jaeger.otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total), Duration.minutes(15)),
  'pod',
);

export const undecidedTraces: Signal = {
  title: 'Traces dropped undecided',
  description:
    'Traces that were dropped in the last 15 minutes before it was decided whether to keep them, by replica. 0 is good. Failed and slow ones may be among them.',
  unit: 'traces',
  queries: [plot(orNoneOf(droppedUndecided, waiting), legend`${'pod'}`)],
  watchedBy: [tellsOf('TracesUndecided')],
};

const nobodyAsked = 'Nobody has asked for a trace yet.';

const questions = sumBy(rate(select(jaeger.jaeger_storage_requests_total), '$__rate_interval'), 'operation');

export const storeQuestions: Signal = {
  title: 'Questions to the trace store',
  description: 'Queries to the trace store per second, by operation. They come from people who search and from panels.',
  unit: 'requests/s',
  queries: [plot(questions, legend`${'operation'}`)],
  emptyWhileWell: nobodyAsked,
};

export const storeFailing: Signal = {
  title: 'Questions to the trace store that fail',
  description:
    'Share of queries that the trace store did not answer, by operation. 0 is good. Otherwise read the log of Jaeger.',
  unit: 'ratio',
  queries: [
    plot(
      shareOrNone(
        sumBy(rate(select(jaeger.jaeger_storage_requests_total, { result: 'err' }), '$__rate_interval'), 'operation'),
        questions,
      ),
      legend`${'operation'}`,
    ),
  ],
  watchedBy: [tellsOf('SpansNotStored')],
  emptyWhileWell: nobodyAsked,
};

export const storeDuration: Signal = {
  title: 'Time of questions to the trace store',
  description:
    'Latency of queries to the trace store by operation (p95). It should be steady. When it rises, queries look too far back, or the store is short of memory.',
  unit: 'seconds',
  queries: [
    plot(
      histogramQuantile(0.95, rate(select(jaeger.jaeger_storage_latency_seconds), fiveMinutes), 'operation'),
      legend`${'operation'}`,
    ),
  ],
  emptyWhileWell: nobodyAsked,
};

export const jaegerMemory: Signal = {
  title: 'Memory of Jaeger',
  description:
    'Memory that each Jaeger holds. It follows the spans and the traces that wait. Near its limit it turns spans away.',
  unit: 'bytes',
  queries: [plot(maxBy(select(jaeger.otelcol_process_memory_rss_bytes), 'pod'), legend`${'pod'}`)],
  watchedBy: [tellsOf('SpansRefused'), tellsOf('HighMemoryUsage')],
};

export const jaegerCpu: Signal = {
  title: 'CPU of Jaeger',
  description: 'Cores that each Jaeger uses. It follows the spans that it takes, with peaks for searches.',
  unit: 'cores',
  queries: [
    plot(sumBy(rate(select(jaeger.otelcol_process_cpu_seconds_total), '$__rate_interval'), 'pod'), legend`${'pod'}`),
  ],
};

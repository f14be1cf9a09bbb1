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
    'Spans per second that Jaeger takes, turns away, stores, and fails to store. What it takes it should store, less the traces that the profile does not keep.',
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
  description: 'Spans per second that Jaeger takes.',
  unit: 'spans/s',
  queries: [plot(sumBy(accepted), legend`spans`)],
};

/** Share of the spans that each Jaeger turns away, 0 to 1. */
export const refusedSpanRatio = ratio(refused, or(plus(accepted, refused), refused));

/** Share of the spans that the store does not take from each Jaeger, 0 to 1. */
export const failedSpanRatio = ratio(failed, or(plus(stored, failed), failed));

const refusedShare = orNoShareOf(refusedSpanRatio, accepted);
const failedShare = orNoShareOf(failedSpanRatio, stored);

export const spansRefused: Signal = {
  title: 'Spans refused',
  description:
    'Share of spans that Jaeger turns away, most likely for want of memory. 0 is good; above the limit traces have holes.',
  unit: 'ratio',
  queries: [plot(maxBy(refusedShare), legend`refused`)],
  watchedBy: [firesAbove('SpansRefused')],
};

export const spansRefusedByPod: Signal = {
  title: 'Spans refused by replica',
  description:
    'Share of spans that each Jaeger turns away. 0 is good; above the dashed line give it more memory, or sample more sparingly.',
  unit: 'ratio',
  queries: [plot(refusedShare, legend`${'pod'}`)],
  watchedBy: [firesAbove('SpansRefused')],
};

export const spansNotStored: Signal = {
  title: 'Spans not stored',
  description:
    'Share of spans that the store does not take from Jaeger. 0 is good; above the limit traces are lost for good.',
  unit: 'ratio',
  queries: [plot(maxBy(failedShare), legend`not stored`)],
  watchedBy: [firesAbove('SpansNotStored')],
};

export const spansNotStoredByPod: Signal = {
  title: 'Spans not stored by replica',
  description:
    'Share of spans that the store does not take from each Jaeger. 0 is good; above the dashed line see whether the store runs and its volume has room.',
  unit: 'ratio',
  queries: [plot(failedShare, legend`${'pod'}`)],
  watchedBy: [firesAbove('SpansNotStored')],
};

const waiting = maxBy(select(jaeger.otelcol_processor_tail_sampling_sampling_traces_on_memory), 'pod');

export const waitingTraces: Signal = {
  title: 'Traces that wait',
  description:
    'Traces in the memory of each Jaeger that wait until it is known whether they failed or were slow. It follows the load; at the most that it may hold, traces are dropped undecided.',
  unit: 'traces',
  queries: [plot(waiting, legend`${'pod'}`)],
  watchedBy: [tellsOf('TracesUndecided')],
};

export const decidedTraces: Signal = {
  title: 'Traces decided on',
  description:
    'Traces per second that are kept (true) or not (false). Failed and slow ones are always kept, so that the kept ones rise when things go wrong.',
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
    'Traces that were dropped within a quarter of an hour before it was known whether to keep them. It belongs at 0; failed and slow ones are among them.',
  unit: 'traces',
  queries: [plot(orNoneOf(droppedUndecided, waiting), legend`${'pod'}`)],
  watchedBy: [tellsOf('TracesUndecided')],
};

const nobodyAsked = 'Nobody has asked for a trace yet.';

const questions = sumBy(rate(select(jaeger.jaeger_storage_requests_total), '$__rate_interval'), 'operation');

export const storeQuestions: Signal = {
  title: 'Questions to the trace store',
  description: 'What is asked of the store of traces per second, by kind of question: people search, and panels too.',
  unit: 'requests/s',
  queries: [plot(questions, legend`${'operation'}`)],
  emptyWhileWell: nobodyAsked,
};

export const storeFailing: Signal = {
  title: 'Questions to the trace store that fail',
  description:
    'Share of questions that the store of traces did not answer. 0 is good; the log of Jaeger says what it lacks.',
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
    'Time within which 95 % of the questions to the store of traces are answered. It should be steady; slow ones look too far back, or the store is short of memory.',
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
    'Memory that each Jaeger holds. It follows spans and the traces that wait; near its limit it turns spans away.',
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

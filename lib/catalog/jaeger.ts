import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge, histogram } from './metric';

const receiver = { receiver: oneOf('otlp'), transport: oneOf('grpc', 'http') };
const exporter = { exporter: oneOf('jaeger_storage_exporter') };

/** What Jaeger says about itself. */
export const jaeger = exposedBy('jaeger', {
  otelcol_receiver_accepted_spans_total: counter({
    help: 'Spans that were taken.',
    unit: 'spans',
    origin: 'addition',
    labels: receiver,
  }),
  otelcol_receiver_refused_spans_total: counter({
    help: 'Spans that were refused; their senders may try again.',
    unit: 'spans',
    origin: 'addition',
    labels: receiver,
  }),
  otelcol_exporter_sent_spans_total: counter({
    help: 'Spans that were handed to the store.',
    unit: 'spans',
    origin: 'addition',
    labels: exporter,
  }),
  otelcol_exporter_send_failed_spans_total: counter({
    help: 'Spans that the store did not take.',
    unit: 'spans',
    origin: 'addition',
    labels: exporter,
  }),
  otelcol_processor_tail_sampling_global_count_traces_sampled_total: counter({
    help: 'Traces that were decided on.',
    unit: 'traces',
    origin: 'addition',
    labels: { sampled: oneOf('true', 'false') },
  }),
  otelcol_processor_tail_sampling_sampling_traces_on_memory: gauge({
    help: 'Traces that wait for their decision.',
    unit: 'traces',
    origin: 'addition',
  }),
  otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total: counter({
    help: 'Traces that were dropped undecided, because too many waited.',
    unit: 'traces',
    origin: 'addition',
  }),
  otelcol_process_memory_rss_bytes: gauge({ help: 'Memory that Jaeger holds.', unit: 'bytes', origin: 'addition' }),
  otelcol_process_cpu_seconds_total: counter({
    help: 'Processor time that Jaeger used.',
    unit: 'seconds',
    origin: 'addition',
  }),
  jaeger_storage_requests_total: counter({
    help: 'Questions to the store.',
    unit: 'requests',
    origin: 'addition',
    labels: { operation: upTo(20, 'get_trace', 'find_traces'), result: oneOf('ok', 'err') },
  }),
  jaeger_storage_latency_seconds: histogram({
    help: 'Time of a question to the store.',
    unit: 'seconds',
    origin: 'addition',
    labels: { operation: upTo(20, 'get_trace', 'find_traces'), result: oneOf('ok', 'err') },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  }),
});

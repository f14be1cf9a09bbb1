import { services } from './components';
import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, histogram } from './metric';

const labels = {
  service_name: upTo(10, ...services),
  span_name: upTo(60),
  span_kind: oneOf(
    'SPAN_KIND_SERVER',
    'SPAN_KIND_CLIENT',
    'SPAN_KIND_CONSUMER',
    'SPAN_KIND_PRODUCER',
    'SPAN_KIND_INTERNAL',
  ),
  status_code: oneOf('STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'),
};

/** Bounds at which a service's spans count as slow are among them. */
const buckets = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000] as const;

/** What Jaeger counts off the spans that arrive, before any is sampled away. */
export const spanMetrics = exposedBy('span-metrics', {
  traces_span_metrics_calls_total: counter({
    help: 'Spans that arrived.',
    unit: 'requests',
    origin: 'addition',
    labels,
  }),
  traces_span_metrics_duration_milliseconds: histogram({
    // Not in seconds: Jaeger's Monitor tab reads whatever it finds as milliseconds.
    help: 'Time that spans took.',
    unit: 'milliseconds',
    origin: 'addition',
    labels,
    buckets,
  }),
});

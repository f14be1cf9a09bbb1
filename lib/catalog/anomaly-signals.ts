import { recorded } from './recorded';

/** A recorded series of each service whose unusual values are worth a look; `service` tells them apart. */
export const anomalySignals = {
  request_rate: recorded['service:requests:rate5m'],
  error_ratio: recorded['service:request_errors:ratio_rate5m'],
  latency: recorded['service:request_duration_seconds:p95_rate5m'],
  queue_depth: recorded['service:queue_depth:sum'],
} as const;

export type AnomalySignal = keyof typeof anomalySignals;

import { namespace, pod } from './cluster-bounds';
import { services } from './components';
import { oneOf, upTo, type LabelBound } from './label-bound';
import type { LabelBounds } from './metric';

/** The labels that Loki tells streams apart by, and the only ones that are shipped. */
export const streamLabels = {
  job: oneOf('fluent-bit'),
  service: upTo(200, ...services),
  namespace,
  container: upTo(200, ...services),
} as const satisfies LabelBounds;
export type StreamLabel = keyof typeof streamLabels;

/**
 * What Loki keeps beside each line, to be asked for without parsing it: what the agent sends, and the level that Loki
 * finds in the line by itself.
 *
 * @see https://grafana.com/docs/loki/latest/get-started/labels/structured-metadata/
 */
export const structuredMetadata = {
  pod,
  trace_id: 'unbounded',
  span_id: 'unbounded',
  detected_level: oneOf('trace', 'debug', 'info', 'warn', 'error', 'critical', 'fatal', 'unknown'),
} as const satisfies Readonly<Record<string, LabelBound | 'unbounded'>>;
export type StructuredMetadata = keyof typeof structuredMetadata;

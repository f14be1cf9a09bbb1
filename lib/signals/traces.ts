import { Duration } from 'cdk8s';
import type { Service } from '../catalog/components';
import { tracedServices, type SpanAttributeName } from '../catalog/spans';

/** Spans that have all of these; Jaeger marks a span with an error by the tag `error`. */
type Tags = { readonly [T in SpanAttributeName | 'error']?: string };

interface Asked {
  readonly title: string;
  readonly help: string;
  /** Over which time it is meant to be asked. */
  readonly range: Duration;
}

/** Traces that pass through a service. */
export interface TraceSearch extends Asked {
  readonly kind: 'search';
  /** One of AutoServe's, or the one that a repeated panel is about. */
  readonly service: Service | '$service';
  readonly tags: Tags;
  /** Only with a span that took at least this long: of the service, or in Badger of any. */
  readonly minDuration?: Duration;
}

/** Which services call which: in Badger by the latest traces, in a search or column store by a job of Jaeger's own. */
export interface DependencyMap extends Asked {
  readonly kind: 'dependencies';
}

export type TraceQuery = TraceSearch | DependencyMap;

const range = Duration.hours(1);

/** The guide's common questions to Jaeger, in its own words. */
export const traceQueries = {
  dependencies: {
    kind: 'dependencies',
    title: 'Service dependency map',
    help: 'Visualize service interactions.',
    range: Duration.days(1),
  },
  errors: {
    kind: 'search',
    title: 'Error traces',
    help: 'Find requests with errors.',
    service: 'backend',
    tags: { error: 'true' },
    range,
  },
  slow: {
    kind: 'search',
    title: 'Latency analysis',
    help: 'Identify slow operations.',
    service: 'backend',
    tags: {},
    minDuration: Duration.millis(tracedServices.backend.slowAfterSeconds * 1000),
    range,
  },
  databaseOperations: {
    kind: 'search',
    title: 'Database queries',
    help: 'Track database operation performance.',
    service: 'backend',
    tags: { 'db.system.name': 'postgresql' },
    range,
  },
} as const satisfies Record<string, TraceQuery>;

/** Traces in an answer. */
export const traceLimit = 20;

/**
 * The question as path and parameters of Jaeger's HTTP API, as of a moment in milliseconds since 1970.
 *
 * @see https://www.jaegertracing.io/docs/2.20/architecture/apis/#internal-http-json
 */
export const jaegerApiPath = (query: TraceQuery, at: number): string => {
  const lookback = query.range.toMilliseconds();
  if (query.kind === 'dependencies')
    return `/api/dependencies?${new URLSearchParams({ endTs: `${at}`, lookback: `${lookback}` }).toString()}`;
  const parameters = new URLSearchParams({
    service: query.service,
    // In microseconds.
    start: `${(at - lookback) * 1000}`,
    end: `${at * 1000}`,
    limit: `${traceLimit}`,
  });
  if (Object.keys(query.tags).length > 0) parameters.set('tags', JSON.stringify(query.tags));
  if (query.minDuration !== undefined) parameters.set('minDuration', `${query.minDuration.toMilliseconds()}ms`);
  return `/api/traces?${parameters.toString()}`;
};

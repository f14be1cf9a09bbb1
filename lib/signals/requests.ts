import { backend } from '../catalog/backend';
import { objectives } from '../catalog/objectives';
import { recorded } from '../catalog/recorded';
import { sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { histogramQuantile, rate, recordedBuckets } from '../query/promql/range';
import { select } from '../query/promql/select';
import { failed } from './events';
import { orNoneOf } from './share';
import { exemplarsOf, firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// What users ask of the backend, and what they get.

const ofEnvironment = { namespace: chosen('environment') } as const;

const requests = recorded['backend:http_requests:rate5m'];
const buckets = recordedBuckets(select(recorded['backend:http_request_duration_seconds_bucket:rate5m']));

const promised = objectives['backend-latency'].withinSeconds;

export const requestDuration: Signal = {
  title: 'Response time',
  description: `Latency of requests to the backend: p50, p95 and p99. The p95 should stay below ${promised} s, the limit of the objective. When it does not, see which endpoint is slow. Each diamond is one request: follow it to its trace.`,
  unit: 'seconds',
  queries: [
    plot(histogramQuantile(0.5, buckets), legend`p50`),
    plot(histogramQuantile(0.95, buckets), legend`p95`),
    plot(histogramQuantile(0.99, buckets), legend`p99`),
    exemplarsOf(
      histogramQuantile(0.95, rate(select(backend.http_request_duration_seconds, ofEnvironment), '$__rate_interval')),
      legend`p95 now`,
    ),
  ],
  watchedBy: [firesAbove('HighLatency')],
  limits: { bad: 'above', orange: promised },
};

export const durationByEndpoint: Signal = {
  title: 'Response time by endpoint (p95)',
  description:
    'Latency of requests to each endpoint (p95). When a single endpoint is slow, look at its own queries. When all are, look at the database, the pods or the node.',
  unit: 'seconds',
  queries: [plot(histogramQuantile(0.95, buckets, 'endpoint'), legend`${'endpoint'}`)],
  watchedBy: [tellsOf('HighLatency')],
  limits: { bad: 'above', orange: promised },
};

export const durationSpread: Signal = {
  title: 'Spread of response times',
  description:
    'How many requests took how long. One strong band at short times is good. A second band at longer times means that some requests meet what others do not, such as a lock or a cold cache.',
  unit: 'seconds',
  queries: [
    plot(sumBy(select(recorded['backend:http_request_duration_seconds_bucket:rate5m']), 'le'), legend`${'le'}`),
  ],
};

export const requestsByStatus: Signal = {
  title: 'Responses by status',
  description:
    'Responses of the backend per second, by status. A growing share of 5xx is a fault of the backend, of 4xx one of its callers.',
  unit: 'requests/s',
  queries: [plot(sumBy(select(requests), 'status'), legend`${'status'}`)],
};

export const requestsByEndpoint: Signal = {
  title: 'Requests by endpoint',
  description:
    'Requests per second to each endpoint. The mix hardly changes from day to day. An endpoint that rises alone has a new client, or one that retries.',
  unit: 'requests/s',
  queries: [plot(sumBy(select(requests), 'endpoint'), legend`${'endpoint'}`)],
};

export const failuresByEndpoint: Signal = {
  title: 'Failed requests by endpoint',
  description:
    'Requests per second that the backend answered with 5xx, by endpoint. 0 is good. A single endpoint that fails was changed or lost a dependency. All of them together share a cause.',
  unit: 'requests/s',
  queries: [
    plot(
      orNoneOf(sumBy(select(requests, failed), 'endpoint'), sumBy(select(requests), 'endpoint')),
      legend`${'endpoint'}`,
    ),
  ],
  watchedBy: [tellsOf('HighErrorRate'), tellsOf('ErrorBudgetBurnsFast')],
};

export const requestsInFlight: Signal = {
  title: 'Requests in flight',
  description:
    'Requests that are being answered, over all pods, by endpoint. They follow the traffic. When they rise without it, requests wait for something and pile up.',
  unit: 'requests',
  queries: [plot(sumBy(select(backend.http_requests_in_flight, ofEnvironment), 'endpoint'), legend`${'endpoint'}`)],
  watchedBy: [tellsOf('HighLatency')],
};

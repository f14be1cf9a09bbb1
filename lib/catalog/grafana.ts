import { upTo } from './label-bound';
import { counter, exposedBy, histogram } from './metric';

/** On whose account a request failed; releases before 10 do not say. */
const status_source = upTo(4, 'server', 'downstream', 'plugin');

/** What Grafana says about itself. */
export const grafana = exposedBy('grafana', {
  grafana_http_request_duration_seconds: histogram({
    help: 'Time that Grafana took to answer browsers and other clients.',
    unit: 'seconds',
    origin: 'addition',
    labels: {
      handler: upTo(200, '/api/ds/query', '/api/health'),
      method: upTo(6, 'GET', 'POST'),
      // How fast an answer is meant to be, as its makers see it.
      slo_group: upTo(5),
      status_code: upTo(20, '200'),
      status_source,
    },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
  }),
  // Not `grafana_datasource_request_total`: most data sources are programs of their own, and it sees only what Grafana's
  // own process sends.
  grafana_plugin_request_total: counter({
    help: 'What was asked of data sources.',
    unit: 'requests',
    origin: 'addition',
    labels: {
      endpoint: upTo(6, 'queryData', 'callResource', 'checkHealth'),
      plugin_id: upTo(20, 'prometheus', 'loki'),
      status: upTo(3, 'ok', 'error', 'cancelled'),
      status_source,
      // Whether it runs within Grafana or beside it.
      target: upTo(4),
    },
  }),
});

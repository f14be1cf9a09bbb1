import { Duration } from 'cdk8s';
import { grafana } from '../catalog/grafana';
import { sumBy } from '../query/promql/aggregate';
import { not } from '../query/promql/matcher';
import { histogramQuantile, rate } from '../query/promql/range';
import { countOf, select } from '../query/promql/select';
import { shareOrNone } from './share';
import { legend, plot, type Signal } from './signal';

// Whether people can look at all this.

/** People ask now and then. */
const window = Duration.minutes(5);

const { grafana_http_request_duration_seconds: requests, grafana_plugin_request_total: questions } = grafana;

export const grafanaRequests: Signal = {
  title: 'Requests to Grafana',
  description:
    'Requests that Grafana answers per second, by status. 4xx are failed logins or deleted dashboards. 5xx is a fault of Grafana or of a data source.',
  unit: 'requests/s',
  queries: [plot(sumBy(rate(countOf(select(requests)), window), 'status_code'), legend`${'status_code'}`)],
};

export const grafanaDuration: Signal = {
  title: 'Time of requests to Grafana',
  description:
    'Latency of requests to Grafana: p50 and p95. It should be steady. When it rises, Grafana mostly waits for a data source.',
  unit: 'seconds',
  queries: [
    plot(histogramQuantile(0.5, rate(select(requests), window)), legend`p50`),
    plot(histogramQuantile(0.95, rate(select(requests), window)), legend`p95`),
  ],
};

const nobodyAsked = 'Nobody has looked at a panel yet.';

export const dataSourceRequests: Signal = {
  title: 'Questions of panels',
  description:
    'Queries per second that panels and people send to each kind of data source. Each open dashboard repeats its queries every minute, so they grow with the number of viewers.',
  unit: 'requests/s',
  queries: [plot(sumBy(rate(select(questions), window), 'plugin_id'), legend`${'plugin_id'}`)],
  emptyWhileWell: nobodyAsked,
};

export const dataSourcesFailing: Signal = {
  title: 'Questions of panels that fail',
  description:
    'Share of the queries to each kind of data source that failed or were cancelled. 0 is good. While they fail, panels are empty or show an error: check that data source.',
  unit: 'ratio',
  queries: [
    plot(
      shareOrNone(
        sumBy(rate(select(questions, { status: not('ok') }), window), 'plugin_id'),
        sumBy(rate(select(questions), window), 'plugin_id'),
      ),
      legend`${'plugin_id'}`,
    ),
  ],
  emptyWhileWell: nobodyAsked,
};

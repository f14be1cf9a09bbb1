import { backend } from '../../../lib/catalog/backend';
import { recorded } from '../../../lib/catalog/recorded';
import { sumBy } from '../../../lib/query/promql/aggregate';
import { chosen } from '../../../lib/query/promql/matcher';
import { histogramQuantile, rate } from '../../../lib/query/promql/range';
import { select } from '../../../lib/query/promql/select';
import { errorLines } from '../../../lib/signals/logs';
import {
  exemplarsOf,
  firesAbove,
  firesBelow,
  legend,
  plot,
  plotLogs,
  precise,
  tellsOf,
  type Signal,
} from '../../../lib/signals/signal';

const byStatus = sumBy(rate(select(backend.http_requests_total), '$__rate_interval'), 'status');
const slowest = histogramQuantile(0.95, rate(select(backend.http_request_duration_seconds), '$__rate_interval'));
const lines = errorLines('$__auto');
const requests = select(recorded['service:requests:rate5m']);

test.each([
  [legend`p95`, 'p95'],
  [legend`${'status'}`, '{{status}}'],
  [legend`p95 of ${'service'} in ${'namespace'}.`, 'p95 of {{service}} in {{namespace}}.'],
])('%# has labels in its holes: %s', (name, template) => {
  expect(name.template).toBe(template);
});

test('a query says under which name, in which unit and how precisely its series are shown', () => {
  expect(precise(plot(byStatus, legend`${'status'}`, 'requests/s'), 2)).toEqual({
    source: 'prometheus',
    expr: byStatus,
    legend: '{{status}}',
    unit: 'requests/s',
    decimals: 2,
  });
  expect(plot(byStatus, legend`all`)).toEqual({ source: 'prometheus', expr: byStatus, legend: 'all' });
  expect(exemplarsOf(slowest, legend`p95`)).toMatchObject({ source: 'prometheus', exemplars: true });
});

interface Mistake {
  /** Never called: the compiler alone reads it, and fails when the line below the directive has no error. */
  readonly wrong: () => unknown;
  /** The nearest thing that is right, so that no line is refused for another reason. */
  readonly right: () => unknown;
}

const mistakes: Readonly<Record<string, Mistake>> = {
  'a name by a label that was aggregated away': {
    // @ts-expect-error there is no label endpoint any more
    wrong: () => plot(byStatus, legend`${'endpoint'}`),
    right: () => plot(byStatus, legend`${'status'}`),
  },
  'a name by a label that is misspelled': {
    // @ts-expect-error the label is status
    wrong: () => plot(byStatus, legend`${'stauts'}`),
    right: () => plot(byStatus, legend`${'status'}`),
  },
  'exemplars under a label that the quantile has not': {
    // @ts-expect-error a quantile over all has no labels
    wrong: () => exemplarsOf(slowest, legend`${'endpoint'}`),
    right: () => exemplarsOf(slowest, legend`p95`),
  },
  'counts of lines by a label that they have not': {
    // @ts-expect-error they are by service
    wrong: () => plotLogs(lines, legend`${'pod'}`),
    right: () => plotLogs(lines, legend`${'service'}`),
  },
  'PromQL where LogQL belongs': {
    // @ts-expect-error Loki reads no PromQL
    wrong: () => plotLogs(byStatus, legend`${'status'}`),
    right: () => plot(byStatus, legend`${'status'}`),
  },
  'a unit that there is not': {
    // @ts-expect-error it is seconds
    wrong: () => plot(slowest, legend`p95`, 'second'),
    right: () => plot(slowest, legend`p95`, 'seconds'),
  },
  'a variable that there is not': {
    // @ts-expect-error it is service
    wrong: () => select(recorded['service:requests:rate5m'], { service: chosen('services') }),
    right: () => select(recorded['service:requests:rate5m'], { service: chosen('service') }),
  },
  'a choice of a label that the series have not': {
    wrong: () => {
      // @ts-expect-error these are of a service, wherever it runs
      select(recorded['service:requests:rate5m'], { namespace: chosen('namespace') });
    },
    right: () => select(recorded['service:requests:rate5m'], { service: chosen('service') }),
  },
  'above the threshold of an alert that has none': {
    // @ts-expect-error a service is up or down
    wrong: () => firesAbove('ServiceDown'),
    right: () => [firesAbove('HighErrorRate'), tellsOf('ServiceDown')],
  },
  'below the threshold of an alert that has none': {
    // @ts-expect-error a service is up or down
    wrong: () => firesBelow('ServiceDown'),
    right: () => [firesBelow('LowDiskSpace'), tellsOf('ServiceDown')],
  },
  'an alert that there is not': {
    // @ts-expect-error it is HighErrorRate
    wrong: () => tellsOf('HighErrorRatio'),
    right: () => tellsOf('HighErrorRate'),
  },
  'a signal that asks nothing': {
    // @ts-expect-error a panel needs a query
    wrong: (): Signal => ({ title: 'A', description: 'B.', unit: 'seconds', queries: [] }),
    right: (): Signal => ({ title: 'A', description: 'B.', unit: 'seconds', queries: [plot(requests, legend`a`)] }),
  },
  'a band of a signal that the detector does not know': {
    wrong: (): Signal => ({
      title: 'A',
      description: 'B.',
      unit: 'seconds',
      queries: [plot(requests, legend`a`)],
      // @ts-expect-error it is request_rate
      band: 'requests',
    }),
    right: (): Signal => ({
      title: 'A',
      description: 'B.',
      unit: 'seconds',
      queries: [plot(requests, legend`a`)],
      band: 'request_rate',
    }),
  },
};

test.each(Object.entries(mistakes))('%s does not compile; what it meant does and builds', (_, { right }) => {
  expect(right).not.toThrow();
});

import { scrape } from '../../../../lib/catalog/scrape';
import { labelValues, streamLabelValues, variable, type LabelValues } from '../../../../lib/config/dashboards/variable';
import { select as selectLines } from '../../../../lib/query/logql/select';
import { chosen } from '../../../../lib/query/promql/matcher';
import { select } from '../../../../lib/query/promql/select';

const built = (values: LabelValues) => variable({ name: 'service', label: 'Service', values }).build();

test('people choose some or all of what is stored, and type nothing', () => {
  expect(built(labelValues(select(scrape.up), 'job'))).toMatchObject({
    type: 'query',
    name: 'service',
    label: 'Service',
    multi: true,
    includeAll: true,
    allowCustomValue: false,
    current: { text: ['All'], value: ['$__all'] },
  });
});

test('Prometheus and Loki are asked for the values of a label, each in its form', () => {
  expect(built(labelValues(select(scrape.up, { job: 'backend' }), 'namespace'))).toMatchObject({
    datasource: { type: 'prometheus', uid: 'prometheus' },
    query: { qryType: 1, query: 'label_values(up{job="backend"}, namespace)' },
  });
  expect(built(streamLabelValues(selectLines({ namespace: chosen('namespace') }), 'service'))).toMatchObject({
    datasource: { type: 'loki', uid: 'loki' },
    query: { type: 1, label: 'service', stream: '{namespace=~"$namespace"}' },
  });
});

test('a label that the series have not does not compile', () => {
  // @ts-expect-error up has no label queue
  expect(() => labelValues(select(scrape.up), 'queue')).not.toThrow();
});

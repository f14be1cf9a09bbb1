import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import { components } from '../../../lib/catalog/components';
import { dataSources, dataSourceUids } from '../../../lib/catalog/data-sources';
import { logFields } from '../../../lib/catalog/logs';
import { dataSourcesFile, type DataSourcesFile } from '../../../lib/config/grafana-data-sources';
import { toProvisioningYaml } from '../../../lib/config/grafana-provisioning';
import { syntaxErrors as logErrors } from '../query/logql/parse';
import { syntaxErrors } from '../query/promql/parse';

const file: DataSourcesFile = dataSourcesFile({
  urls: { prometheus: 'http://prom:1', loki: 'http://loki:2', jaeger: 'http://jaeger:3', alertmanager: 'http://am:4' },
  scrapeInterval: Duration.seconds(20),
  prometheusVersion: '3.14.0',
});
const of = (uid: string) => {
  const found = file.datasources.find((each) => each.uid === uid);
  if (found === undefined) throw new Error(`no data source ${uid}`);
  return found;
};

test('the whole file', () => {
  expect(toProvisioningYaml(file)).toMatchSnapshot();
});

test('each uid of the catalog is a component, and one data source under its title', () => {
  expect(Object.keys(components)).toEqual(expect.arrayContaining([...dataSourceUids]));
  expect(file.datasources.map(({ uid, name }) => [uid, name])).toEqual(
    Object.entries(dataSources).map(([uid, { title }]) => [uid, title]),
  );
});

test('nobody changes them, what is gone goes, and one is the default', () => {
  expect(file.prune).toBe(true);
  expect(file.datasources.map(({ editable }) => editable)).toEqual(dataSourceUids.map(() => false));
  expect(file.datasources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(['prometheus']);
});

test('a rate looks at two scrapes at least', () => {
  expect(of('prometheus').jsonData).toMatchObject({ timeInterval: '20s', prometheusVersion: '3.14.0' });
});

test('links between signals lead to data sources that are there', () => {
  const targets = [...JSON.stringify(file).matchAll(/"(?:datasourceUid|alertmanagerUid)":"([^"]+)"/g)];
  expect(targets.map(([, uid]) => uid).sort()).toEqual([
    'alertmanager',
    'jaeger',
    'jaeger',
    'jaeger',
    'loki',
    'prometheus',
  ]);
});

describe('from a span', () => {
  const { tracesToLogsV2, tracesToMetrics } = of('jaeger').jsonData as unknown as {
    readonly tracesToLogsV2: { readonly query: string; readonly tags: readonly { readonly value: string }[] };
    readonly tracesToMetrics: { readonly queries: readonly { readonly query: string }[] };
  };

  test('to its lines: of its service, and of its trace', () => {
    const filled = tracesToLogsV2.query
      .replace('${__tags}', `${tracesToLogsV2.tags[0]?.value ?? ''}="backend"`)
      .replace('${__trace.traceId}', 'a'.repeat(32));
    expect(filled).toBe(`{service="backend"} | trace_id="${'a'.repeat(32)}"`);
    expect(logErrors(filled)).toEqual([]);
  });

  test.each(tracesToMetrics.queries)('to numbers of its service: $name', ({ query }) => {
    const macros = query.split('$__tags').length - 1;
    expect(macros).toBe(query.split('traces_span_metrics_').length - 1);
    expect(macros).toBeGreaterThan(0);
    expect(syntaxErrors(query.replaceAll('$__tags', 'service_name="backend"'))).toEqual([]);
  });
});

test('a line leads to its trace, by its label and by its text', () => {
  const { derivedFields } = of('loki').jsonData as unknown as {
    readonly derivedFields: readonly { readonly matcherType: string; readonly matcherRegex: string }[];
  };
  const [byLabel, byText] = derivedFields;
  expect(byLabel).toMatchObject({ matcherType: 'label', matcherRegex: 'trace_id' });
  expect(logFields).toHaveProperty('trace_id');
  const id = '0af7651916cd43dd8448eb211c80319c';
  const [, found] = new RegExp(byText?.matcherRegex ?? '').exec(`{"level":"INFO","trace_id": "${id}"}`) ?? [];
  expect(found).toBe(id);
});

test('a $ that is meant is two in the file, and one again once Grafana has read it', () => {
  const text = toProvisioningYaml(file);
  expect(text).not.toMatch(/(?<!\$)\$(?!\$)/);
  expect(parse(text.replaceAll('$$', () => '$'))).toEqual(JSON.parse(JSON.stringify(file)));
});

import { Duration, Size } from 'cdk8s';
import { components } from '../../../lib/catalog/components';
import { spanMetrics } from '../../../lib/catalog/span-metrics';
import { tracedServices } from '../../../lib/catalog/spans';
import { jaegerConfig, type JaegerSettings, type TailSampling } from '../../../lib/config/jaeger';
import type { JaegerStorage } from '../../../lib/config/jaeger-storage';

const tail: TailSampling = { decisionWait: Duration.seconds(90), keepRatio: 0.05, maxWaiting: 1000 };

const file = (overrides: Partial<JaegerSettings> = {}) =>
  jaegerConfig({
    storage: { kind: 'memory', maxTraces: 100 },
    directories: { data: '/data', credentials: '/credentials' },
    tailSampling: tail,
    tracedServices: {
      shop: { criticality: 'critical', slowAfterSeconds: 0.5, operations: {} },
      depot: { criticality: 'standard', slowAfterSeconds: 60, operations: {} },
    },
    memoryLimit: Size.gibibytes(1),
    prometheusUrl: 'http://prometheus.watch.svc:9090',
    samplingFile: '/sampling.json',
    uiFile: '/ui.json',
    listen: '0.0.0.0',
    ...overrides,
  });

describe('the store', () => {
  const backend = (storage: JaegerStorage): unknown =>
    (file({ storage }).extensions['jaeger_storage'] as { backends: { traces: unknown } }).backends.traces;

  const secured = { credentials: {}, tls: 'system-roots' } as const;
  const open = { credentials: 'none', tls: 'off' } as const;
  const username = '${file:/credentials/username}';
  const password = '${file:/credentials/password}';
  const search = { urls: ['https://search:9200'], indexPrefix: 'shop' } as const;
  const cassandra = { kind: 'cassandra', servers: ['cassandra'], datacenter: 'dc1', keyspace: 'traces' } as const;
  const clickhouse = { kind: 'clickhouse', addresses: ['clickhouse:9000'], database: 'traces' } as const;

  test('in memory forgets the oldest traces', () => {
    expect(backend({ kind: 'memory', maxTraces: 7 })).toEqual({ memory: { max_traces: 7 } });
  });

  test('Badger keeps what it acknowledged, and lets it go in its time', () => {
    expect(backend({ kind: 'badger', retention: Duration.days(7) })).toMatchObject({
      badger: {
        directories: { keys: '/data/keys', values: '/data/values' },
        ephemeral: false,
        consistency: false,
        ttl: { spans: '168h' },
      },
    });
  });

  test.each<readonly [string, JaegerStorage, object]>([
    [
      'Elasticsearch',
      { kind: 'elasticsearch', ...search, ...secured },
      {
        elasticsearch: {
          server_urls: search.urls,
          indices: { index_prefix: 'shop' },
          auth: { basic: { username, password_file: '/credentials/password' } },
          tls: {},
        },
      },
    ],
    [
      'OpenSearch',
      { kind: 'opensearch', ...search, ...secured },
      { opensearch: { auth: { basic: { username, password_file: '/credentials/password' } } } },
    ],
    [
      'Cassandra',
      { ...cassandra, ...secured },
      {
        cassandra: {
          schema: { keyspace: 'traces', datacenter: 'dc1' },
          connection: { servers: ['cassandra'], local_dc: 'dc1', auth: { basic: { username, password } }, tls: {} },
        },
      },
    ],
    [
      'ClickHouse',
      { ...clickhouse, ...secured },
      {
        clickhouse: {
          addresses: ['clickhouse:9000'],
          database: 'traces',
          create_schema: true,
          auth: { basic: { username, password } },
          tls: {},
        },
      },
    ],
    [
      'a store of its own over gRPC',
      { kind: 'grpc', address: 'store:17271', credentials: 'none', tls: 'system-roots' },
      { grpc: { endpoint: 'store:17271', tls: {} } },
    ],
  ])('%s is named with what its clients need, and credentials are only files', (_, storage, expected) => {
    expect(backend(storage)).toMatchObject(expected);
  });

  test.each<JaegerStorage>([
    { kind: 'elasticsearch', ...search, ...open },
    { kind: 'opensearch', ...search, ...open },
    { ...cassandra, ...open },
    { ...clickhouse, ...open },
    { kind: 'grpc', address: 'store:17271', ...open },
  ])('$kind without credentials and encryption asks for no file', (storage) => {
    expect(JSON.stringify(backend(storage))).not.toContain('/credentials');
  });

  test.each<JaegerStorage>([
    { kind: 'elasticsearch', ...search, credentials: 'none', tls: {} },
    { kind: 'opensearch', ...search, credentials: 'none', tls: {} },
    { ...cassandra, credentials: 'none', tls: {} },
    { ...clickhouse, credentials: 'none', tls: {} },
    { kind: 'grpc', address: 'store:17271', credentials: 'none', tls: {} },
  ])('$kind is trusted for the CA that was given, and that one alone', (storage) => {
    expect(JSON.stringify(backend(storage))).toContain('"tls":{"ca_file":"/credentials/ca.crt"}');
  });
});

describe('tail sampling', () => {
  const policies = (overrides: Partial<JaegerSettings> = {}) =>
    (file(overrides).processors['tail_sampling'] as { policies: readonly { name: string }[] }).policies;
  const policy = (name: string, overrides: Partial<JaegerSettings> = {}) =>
    policies(overrides).find((each) => each.name === name);

  test('keeps every error', () => {
    expect(policy('errors')).toMatchObject({ type: 'status_code', status_code: { status_codes: ['ERROR'] } });
  });

  test('keeps every span that takes longer than its service promises', () => {
    expect(policy('slow')).toMatchObject({
      ottl_condition: {
        span: [
          'resource.attributes["service.name"] == "shop" and end_time - start_time > Duration("0.5s")',
          'resource.attributes["service.name"] == "depot" and end_time - start_time > Duration("60s")',
        ],
      },
    });
  });

  test('knows the promise of every service that is traced', () => {
    const conditions = JSON.stringify(policy('slow', { tracedServices }));
    for (const [service, { slowAfterSeconds }] of Object.entries(tracedServices))
      expect(conditions).toMatch(new RegExp(`\\\\"${service}\\\\" [^"]* > Duration\\(\\\\"${slowAfterSeconds}s`));
  });

  test('keeps the named share of the rest, and nothing keeps more', () => {
    expect(policy('rest')).toMatchObject({ type: 'probabilistic', probabilistic: { sampling_percentage: 5 } });
    expect(policies().map(({ name }) => name)).toEqual(['errors', 'slow', 'rest']);
  });

  test('waits as long as it was told to, and remembers what it decided for longer', () => {
    expect(file().processors['tail_sampling']).toMatchObject({
      decision_wait: '1m30s',
      num_traces: 1000,
      decision_cache: { sampled_cache_size: 10_000, non_sampled_cache_size: 10_000 },
    });
  });

  test('is nowhere when every trace is kept', () => {
    expect(JSON.stringify(file({ tailSampling: 'keep-all' }))).not.toContain('tail_sampling');
  });
});

describe.each<readonly [string, TailSampling]>([
  ['with tail sampling', tail],
  ['with every trace kept', 'keep-all'],
])('%s', (_, tailSampling) => {
  const config = file({ tailSampling });
  const pipelines = Object.values(config.service.pipelines);

  test('spans are counted before any is dropped', () => {
    const receiving = pipelines.filter(({ receivers }) => receivers.includes('otlp'));
    expect(receiving).toEqual([
      { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['spanmetrics', 'forward'] },
    ]);
  });

  test('spans are acknowledged once they are stored, so none is batched on the way', () => {
    expect(Object.keys(config.processors)).not.toContain('batch');
  });

  test('pipelines name parts that are declared, and every part is used', () => {
    const declared = [config.receivers, config.processors, config.exporters, config.connectors].flatMap(Object.keys);
    const named = pipelines.flatMap(({ receivers, processors = [], exporters }) => [
      ...receivers,
      ...processors,
      ...exporters,
    ]);
    expect([...new Set(named)].sort()).toEqual(declared.sort());
    expect([...config.service.extensions].sort()).toEqual(Object.keys(config.extensions).sort());
  });
});

test('it listens on the ports of the catalog and on no others, where it is told to', () => {
  const text = JSON.stringify(file({ listen: '127.0.0.3' }));
  const endpoints = [...text.matchAll(/"127\.0\.0\.3:(\d+)"/g)].map(([, port]) => Number(port));
  const own = [...text.matchAll(/"host":"127\.0\.0\.3","port":(\d+)/g)].map(([, port]) => Number(port));
  expect([...endpoints, ...own].sort()).toEqual(Object.values(components.jaeger.ports).sort());
  expect(text).not.toContain('0.0.0.0');
});

test('span metrics have the buckets of the catalog, in which every promise is a bound', () => {
  const { buckets } = spanMetrics.traces_span_metrics_duration_milliseconds;
  expect(file().connectors['spanmetrics']).toMatchObject({
    histogram: { unit: 'ms', explicit: { buckets: buckets.map((bound) => `${bound}ms`) } },
  });
  const promises = Object.values(tracedServices).map(({ slowAfterSeconds }) => slowAfterSeconds * 1000);
  expect(promises.filter((promise) => !buckets.some((bound) => bound === promise))).toEqual([]);
});

test('a service with an id in its span names costs a limited number of series', () => {
  const { aggregation_cardinality_limit: limit } = file().connectors['spanmetrics'] as Record<string, unknown>;
  expect(limit).toBeGreaterThan(0);
});

test('spans are refused before the memory limit is reached', () => {
  const { limit_mib: limit } = file({ memoryLimit: Size.mebibytes(512) }).processors['memory_limiter'] as {
    readonly limit_mib: number;
  };
  expect(limit).toBeGreaterThan(256);
  expect(limit).toBeLessThan(512);
});

test('the Monitor tab asks Prometheus for the names and units that spans are counted under', () => {
  expect(file().extensions['jaeger_storage']).toMatchObject({
    metric_backends: {
      'span-metrics': {
        prometheus: {
          endpoint: 'http://prometheus.watch.svc:9090',
          normalize_calls: true,
          normalize_duration: true,
          latency_unit: 'ms',
        },
      },
    },
  });
});

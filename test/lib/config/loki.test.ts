import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { streamLabels, structuredMetadata } from '../../../lib/catalog/log-streams';
import { lokiConfig, type LokiObjects, type LokiSettings } from '../../../lib/config/loki';

const file = (overrides: Partial<LokiSettings> = {}) =>
  lokiConfig({
    objects: 'volume',
    replicas: 1,
    gossipHost: 'loki-replicas:7946',
    retention: Duration.hours(168),
    acceptance: Duration.hours(2),
    ingestionRate: 3 * 1024 ** 2,
    memoryLimit: Size.gibibytes(4),
    dataDirectory: '/data',
    listen: '0.0.0.0',
    ...overrides,
  });

/** One section of the file. */
const section = (name: string, overrides: Partial<LokiSettings> = {}) =>
  new Map(Object.entries(file(overrides)[name] as Readonly<Record<string, unknown>>));

const bucket = { bucket: 'lines', region: 'eu-central-1' } as const;

describe.each<readonly [string, LokiObjects, store: string, storage: object]>([
  ['a volume', 'volume', 'filesystem', { directory: '/data/chunks' }],
  ["Amazon's S3", { kind: 's3', ...bucket, endpoint: 'aws' }, 'aws', { bucketnames: 'lines', region: 'eu-central-1' }],
  [
    "another maker's S3, whose buckets are paths",
    { kind: 's3', ...bucket, endpoint: { host: 'minio.example.org:9000' } },
    'aws',
    {
      bucketnames: 'lines',
      region: 'eu-central-1',
      endpoint: 'minio.example.org:9000',
      s3forcepathstyle: true,
    },
  ],
  ['Google Cloud', { kind: 'gcs', bucket: 'lines' }, 'gcs', { bucket_name: 'lines' }],
])('over %s', (_, objects, store, storage) => {
  test('chunks, index and the requests to delete lie in the one store', () => {
    expect(section('storage_config', { objects }).get(store)).toEqual(storage);
    expect(section('schema_config', { objects }).get('configs')).toMatchObject([{ object_store: store }]);
    expect(section('compactor', { objects }).get('delete_request_store')).toBe(store);
  });

  test('what is not stored yet lies on the volume', () => {
    const paths = JSON.stringify(file({ objects })).match(/"\/[^"]*"/g) ?? [];
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !path.startsWith('"/data'))).toEqual([]);
  });
});

describe('retention', () => {
  test('is enforced: without the compactor and its store the period is accepted and nothing is deleted', () => {
    expect(section('limits_config').get('retention_period')).toBe('168h');
    expect(section('compactor').get('retention_enabled')).toBe(true);
    expect(section('compactor').get('delete_request_store')).toBeDefined();
    expect(section('schema_config').get('configs')).toMatchObject([{ index: { period: '24h' } }]);
  });

  test('holds for questions too, so that nobody sees what awaits its deletion', () => {
    expect(section('limits_config', { retention: Duration.days(30) }).get('max_query_lookback')).toBe('720h');
  });
});

const seconds = (text: unknown): number => {
  const [whole, hours = 0, minutes = 0, rest = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(String(text)) ?? [];
  return whole === undefined ? NaN : Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
};

test('lines are taken up to half the age at which a chunk is closed, so that age is twice the acceptance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3600, max: 48 * 3600 }), (acceptance) => {
      const overrides = { acceptance: Duration.seconds(acceptance) };
      const maxChunkAge = seconds(section('ingester', overrides).get('max_chunk_age'));
      expect(maxChunkAge / 2).toBe(acceptance);
      // Chunks that are still open are asked for where they are.
      expect(seconds(section('querier', overrides).get('query_ingesters_within'))).toBeGreaterThan(maxChunkAge);
    }),
  );
});

describe('the limits', () => {
  test('let pass what the agent sends and no label more', () => {
    const limits = section('limits_config');
    expect(limits.get('max_label_names_per_series')).toBe(Object.keys(streamLabels).length);
    expect(limits.get('max_structured_metadata_entries_count')).toBe(Object.keys(structuredMetadata).length);
    expect(limits.get('discover_service_name')).toEqual([]);
    expect(limits.get('discover_log_levels')).toBe(true);
  });

  test('have room for a stream of every container in every namespace', () => {
    const streams = streamLabels.namespace.limit * streamLabels.container.limit;
    expect(section('limits_config').get('max_global_streams_per_user')).toBe(streams);
  });

  test('never refuse a push of the agent for its size, whatever the rate, or it would come back for ever', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (ingestionRate) => {
        const limits = section('limits_config', { ingestionRate });
        const rate = Number(limits.get('ingestion_rate_mb'));
        const burst = Number(limits.get('ingestion_burst_size_mb'));
        expect(rate * 1024 ** 2).toBeGreaterThanOrEqual(ingestionRate);
        expect(burst).toBeGreaterThanOrEqual(Math.max(rate, 4));
        // A service of many pods is one stream.
        expect(limits.get('per_stream_rate_limit')).toBe(`${rate}MB`);
        expect(limits.get('per_stream_rate_limit_burst')).toBe(`${burst}MB`);
      }),
    );
  });

  test('cut a line that is too long and keep its head', () => {
    expect(section('limits_config').get('max_line_size_truncate')).toBe(true);
  });
});

describe('replicas', () => {
  test('find each other under one name, and every line is held by three', () => {
    const replicated = file({ replicas: 3, objects: { kind: 'gcs', bucket: 'lines' } });
    expect(replicated).toMatchObject({
      common: { replication_factor: 3, ring: { kvstore: { store: 'memberlist' } } },
      memberlist: { join_members: ['loki-replicas:7946'], bind_port: 7946 },
    });
  });

  test('beyond three hold no further copies', () => {
    expect(file({ replicas: 5 })).toMatchObject({ common: { replication_factor: 3 } });
  });

  test('are not looked for by one alone', () => {
    expect(file()).toMatchObject({ common: { replication_factor: 1, ring: { kvstore: { store: 'inmemory' } } } });
    expect(file()).not.toHaveProperty('memberlist');
  });
});

test('the log ahead outlasts a crash, refuses lines before the disk is full, and is replayed within the memory limit', () => {
  expect(section('ingester').get('wal')).toMatchObject({
    enabled: true,
    dir: '/data/wal',
    disk_full_threshold: 0.9,
    replay_memory_ceiling: '2048MB',
  });
});

test('it listens where it is told to and calls nobody outside', () => {
  expect(file({ listen: '127.0.0.3' })).toMatchObject({
    server: {
      http_listen_address: '127.0.0.3',
      grpc_listen_address: '127.0.0.3',
      http_listen_port: 3100,
      grpc_listen_port: 9095,
    },
    analytics: { reporting_enabled: false },
  });
});

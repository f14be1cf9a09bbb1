import { Duration, type Size } from 'cdk8s';
import { portOf } from '../catalog/components';
import { streamLabels, structuredMetadata } from '../catalog/log-streams';
import { goDuration } from '../units/duration';
import { mebibytes } from '../units/size';

/** Where Loki keeps chunks and index. Credentials come from the pod: a mounted file, or its own identity. */
export type LokiObjects =
  | 'volume'
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly region: string;
      readonly endpoint: 'aws' | { readonly host: string };
    }
  | { readonly kind: 'gcs'; readonly bucket: string };

export interface LokiSettings {
  readonly objects: LokiObjects;
  /** Above 1 they find each other under `gossipHost`. */
  readonly replicas: number;
  readonly gossipHost: string;
  readonly retention: Duration;
  /** Lines may arrive this long after newer ones of their stream. */
  readonly acceptance: Duration;
  /** What all nodes together may send, in bytes per second. */
  readonly ingestionRate: number;
  readonly memoryLimit: Size;
  readonly dataDirectory: string;
  /** Address to listen on. */
  readonly listen: string;
}

/** @see https://grafana.com/docs/loki/v3.7.x/configure/ */
export type LokiConfig = Readonly<Record<string, unknown>>;

const storageName = (objects: LokiObjects): string =>
  objects === 'volume' ? 'filesystem' : objects.kind === 's3' ? 'aws' : 'gcs';

const storageConfig = (objects: LokiObjects, dataDirectory: string): object => {
  if (objects === 'volume') return { filesystem: { directory: `${dataDirectory}/chunks` } };
  if (objects.kind === 'gcs') return { gcs: { bucket_name: objects.bucket } };
  const { bucket, region, endpoint } = objects;
  // Only Amazon's own store knows a bucket by its host name everywhere.
  return {
    aws: {
      bucketnames: bucket,
      region,
      ...(endpoint !== 'aws' && { endpoint: endpoint.host, s3forcepathstyle: true }),
    },
  };
};

/** How often a line is kept, where there are replicas enough. */
const copies = 3;

/** A push of the agent is a chunk of at most 2 MB before its JSON; a smaller burst would refuse it for ever. */
const smallestBurst = 16;

/** Pure: the same settings give the same file. */
export const lokiConfig = (settings: LokiSettings): LokiConfig => {
  const { objects, replicas, retention, acceptance, dataDirectory } = settings;
  const isReplicated = replicas > 1;
  const rate = Math.ceil(settings.ingestionRate / 1024 ** 2);
  const burst = Math.max(smallestBurst, 2 * rate);
  // A line is taken up to half the age at which Loki closes a chunk.
  const maxChunkAge = acceptance.toMilliseconds() * 2;
  const ring = isReplicated ? { kvstore: { store: 'memberlist' } } : { kvstore: { store: 'inmemory' } };
  return {
    auth_enabled: false,
    // Else it calls its makers.
    analytics: { reporting_enabled: false },
    server: {
      http_listen_address: settings.listen,
      grpc_listen_address: settings.listen,
      http_listen_port: portOf('loki', 'http'),
      grpc_listen_port: portOf('loki', 'grpc'),
      log_format: 'json',
      log_level: 'info',
      grpc_server_max_recv_msg_size: 100 * 1024 ** 2,
      grpc_server_max_send_msg_size: 100 * 1024 ** 2,
    },
    common: {
      path_prefix: dataDirectory,
      instance_addr: '${POD_IP}',
      replication_factor: Math.min(replicas, copies),
      ring,
    },
    ...(isReplicated && {
      memberlist: {
        bind_addr: [settings.listen],
        advertise_addr: '${POD_IP}',
        bind_port: portOf('loki', 'gossip'),
        join_members: [settings.gossipHost],
      },
    }),
    schema_config: {
      configs: [
        {
          from: '2025-01-01',
          store: 'tsdb',
          object_store: storageName(objects),
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    storage_config: {
      ...storageConfig(objects, dataDirectory),
      tsdb_shipper: {
        active_index_directory: `${dataDirectory}/index`,
        cache_location: `${dataDirectory}/index-cache`,
      },
    },
    ingester: {
      chunk_encoding: 'snappy',
      max_chunk_age: goDuration(Duration.millis(maxChunkAge)),
      wal: {
        enabled: true,
        dir: `${dataDirectory}/wal`,
        // Beyond it lines are refused, and the agents keep them.
        disk_full_threshold: 0.9,
        replay_memory_ceiling: `${Math.floor(mebibytes(settings.memoryLimit) / 2)}MB`,
      },
    },
    // Chunks that are not closed yet are only in the ingesters.
    querier: { query_ingesters_within: goDuration(Duration.millis(maxChunkAge + 3_600_000)) },
    limits_config: {
      retention_period: goDuration(retention),
      max_query_lookback: goDuration(retention),
      reject_old_samples: true,
      reject_old_samples_max_age: goDuration(retention),
      allow_structured_metadata: true,
      max_structured_metadata_entries_count: Object.keys(structuredMetadata).length,
      discover_log_levels: true,
      // It would add a stream label of its own.
      discover_service_name: [],
      max_label_names_per_series: Object.keys(streamLabels).length,
      // The agent names a service by its container.
      max_global_streams_per_user: streamLabels.namespace.limit * streamLabels.container.limit,
      // Else whoever may push could delete.
      deletion_mode: 'disabled',
      max_line_size: '256KB',
      max_line_size_truncate: true,
      // Of each replica: agents keep their connections, and do not spread evenly.
      ingestion_rate_strategy: 'local',
      ingestion_rate_mb: rate,
      ingestion_burst_size_mb: burst,
      // All pods of a service share a stream.
      per_stream_rate_limit: `${rate}MB`,
      per_stream_rate_limit_burst: `${burst}MB`,
      // Shards would be streams with one more label.
      shard_streams: { enabled: false },
    },
    // Without it, retention_period is accepted and nothing is deleted.
    compactor: {
      working_directory: `${dataDirectory}/compactor`,
      compaction_interval: '10m',
      retention_enabled: true,
      retention_delete_delay: '2h',
      delete_request_store: storageName(objects),
    },
  };
};

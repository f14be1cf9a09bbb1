import type { Duration } from 'cdk8s';
import { goDuration } from '../units/duration';

/** Whether a connection is encrypted, and whose certificate is trusted; a CA of one's own is the file `ca.crt`. */
type Tls = 'off' | 'system-roots' | object;

interface External {
  /** Files `username` and `password`. */
  readonly credentials: object | 'none';
  readonly tls: Tls;
}

/** Where traces are kept. What an external store asks of its clients lies in files of one directory. */
export type JaegerStorage =
  | { readonly kind: 'memory'; readonly maxTraces: number }
  | { readonly kind: 'badger'; readonly retention: Duration }
  | ({
      readonly kind: 'elasticsearch' | 'opensearch';
      readonly urls: readonly string[];
      readonly indexPrefix: string;
    } & External)
  | ({
      readonly kind: 'cassandra';
      readonly servers: readonly string[];
      readonly datacenter: string;
      readonly keyspace: string;
    } & External)
  | ({ readonly kind: 'clickhouse'; readonly addresses: readonly string[]; readonly database: string } & External)
  | ({ readonly kind: 'grpc'; readonly address: string } & External);

export interface StorageDirectories {
  /** Badger's. */
  readonly data: string;
  /** `username`, `password` and `ca.crt` of an external store. */
  readonly credentials: string;
}

/** Jaeger reads the file when it starts, as YAML: what is more than a plain word is quoted there, and `$` doubled. */
const fileContent = (path: string): string => `\${file:${path}}`;

const tls = (setting: Tls, { credentials }: StorageDirectories): object => {
  if (setting === 'off') return { insecure: true };
  return setting === 'system-roots' ? {} : { ca_file: `${credentials}/ca.crt` };
};

const basicAuth = (
  { kind, credentials }: External & Pick<JaegerStorage, 'kind'>,
  directories: StorageDirectories,
): object =>
  credentials === 'none'
    ? {}
    : {
        auth: {
          basic: {
            username: fileContent(`${directories.credentials}/username`),
            ...(kind === 'elasticsearch' || kind === 'opensearch'
              ? { password_file: `${directories.credentials}/password` }
              : { password: fileContent(`${directories.credentials}/password`) }),
          },
        },
      };

/**
 * One backend of Jaeger's extension `jaeger_storage`.
 *
 * @see https://www.jaegertracing.io/docs/2.20/storage/
 */
export const storageBackend = (storage: JaegerStorage, directories: StorageDirectories): object => {
  switch (storage.kind) {
    case 'memory':
      return { memory: { max_traces: storage.maxTraces } };
    case 'badger':
      return {
        badger: {
          directories: { keys: `${directories.data}/keys`, values: `${directories.data}/values` },
          // The default forgets everything when the pod goes.
          ephemeral: false,
          // What was acknowledged outlives the program, however it ends. To outlive the node as well, each span would wait
          // for the disk: measured, a twentieth of the spans a second.
          consistency: false,
          ttl: { spans: goDuration(storage.retention) },
        },
      };
    case 'elasticsearch':
    case 'opensearch':
      return {
        [storage.kind]: {
          server_urls: storage.urls,
          indices: { index_prefix: storage.indexPrefix },
          ...basicAuth(storage, directories),
          tls: tls(storage.tls, directories),
        },
      };
    case 'cassandra':
      return {
        cassandra: {
          schema: { keyspace: storage.keyspace, datacenter: storage.datacenter },
          connection: {
            servers: storage.servers,
            local_dc: storage.datacenter,
            ...basicAuth(storage, directories),
            tls: tls(storage.tls, directories),
          },
        },
      };
    case 'clickhouse':
      return {
        clickhouse: {
          addresses: storage.addresses,
          database: storage.database,
          create_schema: true,
          ...basicAuth(storage, directories),
          ...(storage.tls !== 'off' && { tls: tls(storage.tls, directories) }),
        },
      };
    case 'grpc':
      return { grpc: { endpoint: storage.address, tls: tls(storage.tls, directories) } };
  }
};

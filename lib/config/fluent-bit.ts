import type { Size } from 'cdk8s';
import { portOf } from '../catalog/components';
import type { StreamLabel, StructuredMetadata } from '../catalog/log-streams';
import type { LogReduction } from '../catalog/logs';
import { bytes } from '../units/size';
import { levelFilters } from './log-reduction';

/** A group of pods whose lines are read, buffered and sent apart from the rest. */
export interface LogSource {
  readonly name: string;
  /** Folders below the directory of pod logs, as globs. */
  readonly include: string;
  readonly exclude: readonly string[];
  /** Lines are dropped, the oldest first, when more than this waits for Loki. */
  readonly bufferLimit: Size;
  readonly reduction: LogReduction;
}

export interface FluentBitSettings {
  readonly sources: readonly LogSource[];
  /** Which format the node's container runtime writes. */
  readonly runtime: 'cri' | 'docker';
  /** On the node's disk what waits outlives the pod; in memory it is lost with it. */
  readonly buffer: 'memory' | 'disk';
  readonly lokiHost: string;
  /** Where the node keeps the logs of its pods. */
  readonly logDirectory: string;
  /** Positions, and what waits for Loki. */
  readonly stateDirectory: string;
  /** Address to listen on. */
  readonly listen: string;
}

interface TailInput {
  readonly name: 'tail';
  readonly alias: string;
  readonly tag: string;
  readonly tag_regex: string;
  readonly path: string;
  readonly exclude_path: string;
  readonly 'multiline.parser': 'cri' | 'docker';
  readonly db: string;
  readonly 'db.locking': true;
  readonly read_from_head: true;
  readonly skip_long_lines: true;
  readonly truncate_long_lines: true;
  readonly buffer_max_size: '1M';
  readonly refresh_interval: number;
  readonly rotate_wait: number;
  readonly 'storage.type': 'filesystem' | 'memory';
  readonly 'storage.pause_on_chunks_overlimit'?: false;
  /** In bytes: a unit would be one of 1000. */
  readonly mem_buf_limit?: number;
}

/** Loki adds the level itself. */
type ShippedMetadata = Exclude<StructuredMetadata, 'detected_level'>;

interface LokiOutput {
  readonly name: 'loki';
  readonly alias: string;
  readonly match: string;
  readonly host: string;
  readonly port: number;
  readonly labels: string;
  readonly structured_metadata: string;
  readonly remove_keys: string;
  readonly line_format: 'json';
  readonly drop_single_key: 'raw';
  readonly retry_limit: 'no_limits';
  /** In bytes, as above. */
  readonly 'storage.total_limit_size'?: number;
}

/**
 * The keys that we set, with exactly the values that Fluent Bit knows: its own check takes most others in silence.
 *
 * @see https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/yaml
 */
export interface FluentBitConfig {
  readonly service: Readonly<Record<string, string | number | boolean>>;
  readonly parsers: readonly { readonly name: string; readonly format: 'regex'; readonly regex: string }[];
  readonly pipeline: {
    readonly inputs: readonly TailInput[];
    readonly filters: readonly object[];
    readonly outputs: readonly LokiOutput[];
  };
}

// A file is `<namespace>_<pod>_<uid>/<container>/<count>.log`. None of these names can hold `_` or `/`, and a container's
// no dot, so the path alone says whose line it is: nothing that a program writes can, and no API server is asked.
const fileName = String.raw`/(?<namespace>[^_/]+)_(?<pod>[^_/]+)_(?<uid>[^_/]+)/(?<container>[^_/]+)/[^/]+$`;
const tagOf = (name: string): string => `${name}.<namespace>_<pod>_<uid>.<container>`;
const podParser = {
  name: 'pod',
  format: 'regex',
  regex: String.raw`^(?<namespace_name>[^_]+)_(?<pod_name>[^_]+)_(?<pod_id>[^.]+)\.(?<container_name>[^.]+)$`,
} as const;

const aDay = 86_400;

const input = (source: LogSource, settings: FluentBitSettings): TailInput => {
  const { logDirectory, stateDirectory, runtime, buffer } = settings;
  const files = `${logDirectory}/${source.include}/*/*.log`;
  return {
    name: 'tail',
    alias: source.name,
    tag: tagOf(source.name),
    tag_regex: fileName,
    // A file that was rotated while the agent was down bears a date; what is left in it would be lost.
    path: `${files},${files}.20*`,
    exclude_path: ['*.gz', '*.tmp', ...source.exclude.map((folder) => `${logDirectory}/${folder}/*`)].join(','),
    'multiline.parser': runtime,
    db: `${stateDirectory}/${source.name}.db`,
    'db.locking': true,
    read_from_head: true,
    // Of an overlong line the head is kept; without both, the whole file would be given up.
    skip_long_lines: true,
    truncate_long_lines: true,
    buffer_max_size: '1M',
    refresh_interval: 5,
    // Followed until the kubelet compresses it: given up earlier, it would be found again and read a second time.
    rotate_wait: aDay,
    ...(buffer === 'disk'
      ? // Paused, it would not follow the files, and the kubelet removes them.
        { 'storage.type': 'filesystem', 'storage.pause_on_chunks_overlimit': false }
      : { 'storage.type': 'memory', mem_buf_limit: bytes(source.bufferLimit) }),
  };
};

const metadata = ({ name }: LogSource): object => ({
  name: 'kubernetes',
  match: `${name}.*`,
  kube_tag_prefix: `${name}.`,
  use_tag_for_meta: true,
  regex_parser: podParser.name,
  // Under a key of its own: merged at the top, a line could pose as `kubernetes` and choose its labels.
  merge_log: true,
  merge_log_key: 'app',
  keep_log: true,
  labels: false,
  annotations: false,
  // A pod could hide its logs, or choose how they are parsed.
  'k8s-logging.parser': false,
  'k8s-logging.exclude': false,
});

const assignments = (pairs: Readonly<Record<string, string>>): string =>
  Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

const output = ({ name, bufferLimit }: LogSource, { lokiHost, buffer }: FluentBitSettings): LokiOutput => ({
  name: 'loki',
  alias: name,
  match: `${name}.*`,
  host: lokiHost,
  port: portOf('loki', 'http'),
  labels: assignments({
    job: 'fluent-bit',
    service: "$kubernetes['container_name']",
    namespace: "$kubernetes['namespace_name']",
    container: "$kubernetes['container_name']",
  } satisfies Record<StreamLabel, string>),
  structured_metadata: assignments({
    pod: "$kubernetes['pod_name']",
    trace_id: "$app['trace_id']",
    span_id: "$app['span_id']",
  } satisfies Record<ShippedMetadata, string>),
  // What is left is the one key `log`, so that the stored line is the application's own, byte for byte.
  remove_keys: 'kubernetes, app, stream, time, _p, attrs',
  line_format: 'json',
  drop_single_key: 'raw',
  // The default gives a chunk up after its second try.
  retry_limit: 'no_limits',
  ...(buffer === 'disk' && { 'storage.total_limit_size': bytes(bufferLimit) }),
});

/** Pure: the same settings give the same file. */
export const fluentBitConfig = (settings: FluentBitSettings): FluentBitConfig => ({
  service: {
    flush: 1,
    // What is on disk waits there; only what is being sent now is worth waiting for.
    grace: 10,
    log_level: 'info',
    http_server: true,
    http_listen: settings.listen,
    http_port: portOf('fluent-bit', 'http'),
    health_check: true,
    ...(settings.buffer === 'disk' && {
      'storage.path': `${settings.stateDirectory}/buffer`,
      'storage.sync': 'normal',
      'storage.max_chunks_up': 64,
      'storage.backlog.mem_limit': '16M',
      // What Loki refuses for good, for a person to look at.
      'storage.keep.rejected': true,
      'storage.rejected.path': 'rejected',
      'storage.rejected.limit': '100M',
    }),
    'storage.metrics': true,
    // Seconds between tries: the first, and the longest.
    'scheduler.base': 1,
    'scheduler.cap': 30,
  },
  parsers: [podParser],
  pipeline: {
    inputs: settings.sources.map((source) => input(source, settings)),
    filters: settings.sources.flatMap((source) => [
      metadata(source),
      ...levelFilters(`${source.name}.*`, source.reduction),
    ]),
    outputs: settings.sources.map((source) => output(source, settings)),
  },
});

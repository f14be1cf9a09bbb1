import type { Duration, Size } from 'cdk8s';
import { components, portOf } from '../catalog/components';
import { spanMetrics } from '../catalog/span-metrics';
import { maxSeries } from '../catalog/metric';
import type { TracedService } from '../catalog/spans';
import { goDuration } from '../units/duration';
import { mebibytes } from '../units/size';
import { storageBackend, type JaegerStorage, type StorageDirectories } from './jaeger-storage';

/** Which of the traces that arrived are stored: all, or those worth it, seen when the trace is complete. */
export type TailSampling =
  | 'keep-all'
  | {
      /** From a trace's first span to the decision; what comes later shares the decision. */
      readonly decisionWait: Duration;
      /** Share of the traces with neither an error nor a slow span, 0 to 1. */
      readonly keepRatio: number;
      /** Traces that wait for their decision at one time. */
      readonly maxWaiting: number;
    };

export interface JaegerSettings {
  readonly storage: JaegerStorage;
  readonly directories: StorageDirectories;
  readonly tailSampling: TailSampling;
  readonly tracedServices: Readonly<Record<string, TracedService>>;
  /** Spans are refused beyond a share of it, rather than the program killed. */
  readonly memoryLimit: Size;
  /** Where the Monitor tab asks for span metrics. */
  readonly prometheusUrl: string;
  readonly samplingFile: string;
  readonly uiFile: string;
  /** Address to listen on. */
  readonly listen: string;
}

type Named<T = unknown> = Readonly<Record<string, T>>;

/** An OpenTelemetry Collector with Jaeger's own extensions. */
export interface JaegerConfig {
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Named<{
      readonly receivers: readonly string[];
      readonly processors?: readonly string[];
      readonly exporters: readonly string[];
    }>;
    readonly telemetry: Named;
  };
  readonly extensions: Named;
  readonly connectors: Named;
  readonly receivers: Named;
  readonly processors: Named;
  readonly exporters: Named;
}

const duration = spanMetrics.traces_span_metrics_duration_milliseconds;

/** Every error and every span beyond what its service promises; of the rest, a share. */
const policies = (keepRatio: number, services: Readonly<Record<string, TracedService>>): readonly object[] => [
  { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
  {
    name: 'slow',
    type: 'ottl_condition',
    ottl_condition: {
      error_mode: 'ignore',
      span: Object.entries(services).map(
        ([service, { slowAfterSeconds }]) =>
          `resource.attributes["service.name"] == "${service}" and end_time - start_time > Duration("${slowAfterSeconds}s")`,
      ),
    },
  },
  { name: 'rest', type: 'probabilistic', probabilistic: { sampling_percentage: keepRatio * 100 } },
];

const ports = components.jaeger.ports;

/** For each trace that waits, decisions on earlier ones, so that late spans share them. */
const decisionsRemembered = 10;

/** Names with units and `_total`, as Prometheus' are; left out, 2.20 writes them without. */
const metricNames = { without_type_suffix: false, without_units: false, without_scope_info: true };

/**
 * Pure: the same settings give the same file. Spans are counted before any is dropped, so that rates hold whatever is
 * sampled.
 *
 * @see https://www.jaegertracing.io/docs/2.20/deployment/configuration/
 */
export const jaegerConfig = (settings: JaegerSettings): JaegerConfig => {
  const { tailSampling, listen } = settings;
  const at = (port: keyof typeof ports): { readonly endpoint: string } => ({
    endpoint: `${listen}:${portOf('jaeger', port)}`,
  });
  const memoryLimit = mebibytes(settings.memoryLimit);
  return {
    service: {
      extensions: ['healthcheckv2', 'jaeger_storage', 'jaeger_query', 'remote_sampling'],
      pipelines: {
        'traces/received': {
          receivers: ['otlp'],
          processors: ['memory_limiter'],
          exporters: ['spanmetrics', 'forward'],
        },
        'traces/kept': {
          receivers: ['forward'],
          // No batches: where all is kept, spans are acknowledged once the store took them.
          processors: tailSampling === 'keep-all' ? [] : ['tail_sampling'],
          exporters: ['jaeger_storage_exporter'],
        },
        'metrics/spans': { receivers: ['spanmetrics'], exporters: ['prometheus'] },
      },
      telemetry: {
        resource: { 'service.name': 'jaeger' },
        logs: { level: 'info', encoding: 'json' },
        metrics: {
          level: 'detailed',
          readers: [{ pull: { exporter: { prometheus: { host: listen, port: ports.metrics, ...metricNames } } } }],
        },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: at('health') },
      jaeger_storage: {
        backends: { traces: storageBackend(settings.storage, settings.directories) },
        metric_backends: {
          'span-metrics': {
            prometheus: {
              endpoint: settings.prometheusUrl,
              normalize_calls: true,
              normalize_duration: true,
              latency_unit: 'ms',
            },
          },
        },
      },
      jaeger_query: {
        storage: { traces: 'traces', metrics: 'span-metrics' },
        ui: { config_file: settings.uiFile },
        // It would send spans of its own to a collector on this pod's loopback address.
        enable_tracing: false,
        http: at('http'),
        grpc: at('grpc'),
      },
      remote_sampling: {
        file: { path: settings.samplingFile, default_sampling_probability: 1, reload_interval: '30s' },
        http: at('sampling'),
        grpc: at('sampling-grpc'),
      },
    },
    connectors: {
      forward: {},
      spanmetrics: {
        histogram: { unit: 'ms', explicit: { buckets: duration.buckets.map((bound) => `${bound}ms`) } },
        // One series for a service, not one for each of its pods, whose counts would overwrite each other's.
        resource_metrics_key_attributes: ['service.name'],
        // What a service with an id in its span names can cost: beyond it, spans are counted under one name.
        aggregation_cardinality_limit: maxSeries(spanMetrics.traces_span_metrics_calls_total),
        metrics_flush_interval: '5s',
        metrics_expiration: '5m',
        // They would lead to traces that are dropped later. Those of the services' own metrics do not.
        exemplars: { enabled: false },
      },
    },
    receivers: { otlp: { protocols: { grpc: at('otlp-grpc'), http: at('otlp-http') } } },
    processors: {
      memory_limiter: {
        check_interval: '1s',
        limit_mib: Math.floor(memoryLimit * 0.8),
        spike_limit_mib: Math.floor(memoryLimit * 0.2),
      },
      ...(tailSampling !== 'keep-all' && {
        tail_sampling: {
          decision_wait: goDuration(tailSampling.decisionWait),
          num_traces: tailSampling.maxWaiting,
          decision_cache: {
            sampled_cache_size: decisionsRemembered * tailSampling.maxWaiting,
            non_sampled_cache_size: decisionsRemembered * tailSampling.maxWaiting,
          },
          policies: policies(tailSampling.keepRatio, settings.tracedServices),
        },
      }),
    },
    exporters: {
      jaeger_storage_exporter: {
        trace_storage: 'traces',
        // Whoever sent the spans of a trace that waited has long been told that they arrived: nobody else tries again.
        ...(tailSampling !== 'keep-all' && {
          retry_on_failure: { enabled: true, max_elapsed_time: '5m' },
          queue: { num_consumers: 4, queue_size: 1000 },
        }),
      },
      prometheus: { ...at('span-metrics'), metric_expiration: '5m' },
    },
  };
};

/** What the UI offers beside searching. */
export const jaegerUi = { monitor: { menuEnabled: true }, dependencies: { menuEnabled: true } };

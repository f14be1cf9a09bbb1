import { EnvironmentReader } from '../runtime/environment';

/** What Jaeger's remote sampler is told; without an answer of Jaeger, the initial rate holds. */
export interface RemoteSampling {
  readonly endpoint: string;
  readonly pollingIntervalMs: number;
  readonly initialSamplingRate: number;
  /** Follows the caller's decision, and decides only where a trace begins. */
  readonly parentBased: boolean;
}

/** What the SDK does not read from the environment by itself. */
export interface TracingSettings {
  /** Left out, spans are exported where an endpoint is set. */
  readonly exporter: 'otlp' | 'none';
  /** Without it, the SDK's own samplers decide. */
  readonly remoteSampling?: RemoteSampling;
}

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'jaeger_remote',
  'parentbased_jaeger_remote',
] as const;
const argument = 'OTEL_TRACES_SAMPLER_ARG';
const remoteExample = 'endpoint=http://jaeger:5778,pollingIntervalMs=5000,initialSamplingRate=0.25';

const readRemoteSampling = (read: EnvironmentReader, parentBased: boolean): RemoteSampling | undefined => {
  const pairs = new URLSearchParams((read.given(argument) ?? '').replaceAll(',', '&'));
  const inner = new EnvironmentReader(Object.fromEntries(pairs));
  const sampling = {
    endpoint: inner.url('endpoint', ''),
    pollingIntervalMs: inner.integer('pollingIntervalMs', NaN, 1, 86_400_000),
    initialSamplingRate: inner.number('initialSamplingRate', NaN, 0, 1),
    parentBased,
  };
  const whole = inner.problems.length === 0 && !Object.values(sampling).some(Number.isNaN);
  if (whole) return sampling;
  read.refuse(argument, `set it as in ${remoteExample}`);
  return undefined;
};

/** The settings that the SDK would take wrong values of in silence are refused; it reads most of them by itself. */
export const readTracingSettings = (read: EnvironmentReader): TracingSettings => {
  const endpoints = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  for (const name of endpoints) read.url(name, 'http://localhost:4318');
  const exporter = endpoints.some((name) => read.given(name) !== undefined) ? 'otlp' : 'none';
  for (const name of ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'])
    read.oneOf(name, ['http/protobuf'], 'http/protobuf');
  const sampler = read.oneOf('OTEL_TRACES_SAMPLER', samplers, 'parentbased_always_on');
  if (sampler?.endsWith('traceidratio')) read.number(argument, 1, 0, 1);
  const remoteSampling = sampler?.endsWith('jaeger_remote')
    ? readRemoteSampling(read, sampler.startsWith('parentbased'))
    : undefined;
  return {
    exporter: read.oneOf('OTEL_TRACES_EXPORTER', ['otlp', 'none'], exporter) ?? 'none',
    ...(remoteSampling && { remoteSampling }),
  };
};

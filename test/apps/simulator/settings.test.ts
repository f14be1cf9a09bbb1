import { readSettings } from '../../../apps/simulator/settings';

test('the service alone is enough', () => {
  expect(readSettings({ SERVICE_NAME: 'worker' })).toMatchObject({
    service: 'worker',
    address: '0.0.0.0',
    port: 8001,
    backendUrl: 'http://backend:8000',
    workerUrl: 'http://worker:8001',
  });
  expect(readSettings({ SERVICE_NAME: 'ml-controller' }).port).toBe(8002);
});

test('an empty variable counts as left out', () => {
  expect(readSettings({ SERVICE_NAME: 'backend', PORT: '' }).port).toBe(8000);
});

test('bad settings are refused all together, each with its name, value and fix', () => {
  const read = (): unknown =>
    readSettings({
      SERVICE_NAME: 'frontend',
      PORT: '80000',
      WORKER_URL: 'worker:8001',
      PSEUDO_RANDOM_SEED: '1.5',
      LOAD_REQUESTS_PER_SECOND: 'many',
      LOAD_WAVE_AMPLITUDE: '-1',
      LOG_LEVEL: 'loud',
    });
  expect(read).toThrow(
    new Error(
      [
        'SERVICE_NAME is "frontend": set it to one of backend, worker, ml-controller',
        'PORT is "80000": set it to a number from 0 to 65535, or leave it out',
        'WORKER_URL is "worker:8001": set it to a URL such as http://worker:8001',
        'PSEUDO_RANDOM_SEED is "1.5": set it to a whole number from 0 to 4294967295, or leave it out',
        'LOG_LEVEL is "loud": set it to one of DEBUG, INFO, WARN, ERROR, FATAL',
        'LOAD_REQUESTS_PER_SECOND is "many": set it to a number from 0 to 200, or leave it out',
        'LOAD_WAVE_AMPLITUDE is "-1": set it to a number from 0 to 1, or leave it out',
      ].join('\n'),
    ),
  );
});

test('a service that is not set is asked for', () => {
  expect(() => readSettings({})).toThrow('SERVICE_NAME is not set: set it to one of backend, worker, ml-controller');
});

describe('traces', () => {
  const tracing = (environment: Readonly<Record<string, string>>) =>
    readSettings({ SERVICE_NAME: 'worker', ...environment }).tracing;
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4318' };

  test.each<[Readonly<Record<string, string>>, string]>([
    [{}, 'none'],
    [endpoint, 'otlp'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://jaeger:4318/v1/traces' }, 'otlp'],
    [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, 'none'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'otlp'],
  ])('with %j are exported to: %s', (environment, exporter) => {
    expect(tracing(environment)).toEqual({ exporter });
  });

  const remote = 'endpoint=http://jaeger:5778,pollingIntervalMs=5000,initialSamplingRate=0.25';

  test.each([
    ['jaeger_remote', false],
    ['parentbased_jaeger_remote', true],
  ])('are sampled by %s as Jaeger says', (OTEL_TRACES_SAMPLER, parentBased) => {
    expect(tracing({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG: remote }).remoteSampling).toEqual({
      endpoint: 'http://jaeger:5778',
      pollingIntervalMs: 5000,
      initialSamplingRate: 0.25,
      parentBased,
    });
  });

  const ratio = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' };
  const jaeger = { OTEL_TRACES_SAMPLER: 'jaeger_remote' };
  const wrongRemote = (value: string): string => `OTEL_TRACES_SAMPLER_ARG is ${value}: set it as in ${remote}`;

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER is "zipkin": set it to one of otlp, none'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc": set it to one of http/protobuf'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'jaeger:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT is "jaeger:4318": set it to a URL such as http://localhost:4318',
    ],
    [
      { OTEL_TRACES_SAMPLER: 'sometimes' },
      'OTEL_TRACES_SAMPLER is "sometimes": set it to one of always_on, always_off',
    ],
    [{ ...ratio, OTEL_TRACES_SAMPLER_ARG: '25%' }, 'OTEL_TRACES_SAMPLER_ARG is "25%": set it to a number from 0 to 1'],
    [jaeger, wrongRemote('not set')],
    [{ ...jaeger, OTEL_TRACES_SAMPLER_ARG: '0.5' }, wrongRemote('"0.5"')],
    [
      { ...jaeger, OTEL_TRACES_SAMPLER_ARG: remote.replace('0.25', '2') },
      wrongRemote(`"${remote.replace('0.25', '2')}"`),
    ],
  ])('are refused with %j', (environment, message) => {
    expect(() => tracing(environment)).toThrow(message);
  });
});

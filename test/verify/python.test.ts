import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { backend } from '../../lib/catalog/backend';
import { logFields, logLevels } from '../../lib/catalog/logs';
import { logLineSchema } from '../../lib/config/log-schema';
import { onPath } from '../../tools/on-path';
import { run } from '../../tools/run';
import { versionText } from '../../tools/version';
import { pythonSamples } from '../docs/python-samples';
import { profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';
import { workloadsOf } from '../manifests/output';

const release = { major: 3, minor: 10 };
const python = onPath({
  name: 'python3',
  versionArgs: ['-c', 'import platform; print("python3, version", platform.python_version())'],
  release,
});

/** What the samples import, and the package that brings it. */
const packages = {
  prometheus_client: 'prometheus_client',
  'opentelemetry-sdk': 'opentelemetry.sdk.trace',
  'opentelemetry-exporter-otlp-proto-http': 'opentelemetry.exporter.otlp.proto.http.trace_exporter',
  celery: 'celery',
  jsonschema: 'jsonschema',
};
type Package = keyof typeof packages;

const isInstalled = (name: Package): boolean =>
  python !== undefined && spawnSync(python, ['-c', `import ${packages[name]}`]).status === 0;
const installed = new Set((Object.keys(packages) as Package[]).filter(isInstalled));

/** A test that is skipped, with what it misses in its name, where Python or a package is not installed. */
const testWith = (needed: readonly Package[], name: string, check: (interpreter: string) => Promise<void>): void => {
  const missing = needed.filter((each) => !installed.has(each));
  if (python !== undefined && missing.length === 0) {
    test(name, () => check(python));
    return;
  }
  const lack =
    python === undefined ? `python3 ${versionText(release)} is not on PATH` : `python3 has no ${missing.join(', ')}`;
  test.skip(`not checked, for ${lack}: ${name}`, () => undefined);
};

const samples = join(__dirname, '../docs/python');

/** The samples of the page, and beside them the programs that use them. */
const directory = temporaryDirectory('python');
for (const { file, code } of pythonSamples) writeFileSync(join(directory, file), code);
for (const file of readdirSync(samples).filter((name) => name.endsWith('.py')))
  cpSync(join(samples, file), join(directory, file));

const settings = { SERVICE_NAME: 'backend', LOG_LEVEL: 'DEBUG' };

/** Runs a program; without a word about what the packages plan to change one day. */
const execute = (
  interpreter: string,
  args: readonly string[],
  { path, env, input = '' }: { path?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
) => {
  const { PYTHONPATH } = process.env;
  return run(interpreter, ['-W', 'ignore', ...args], {
    cwd: directory,
    input,
    env: {
      ...process.env,
      ...settings,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: [path, PYTHONPATH].filter((each) => each !== undefined).join(':'),
      ...env,
    },
  });
};

type Line = Readonly<Record<string, unknown>>;

const linesOf = (output: string): readonly Line[] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(logLineSchema);

const expectLogLines = (lines: readonly Line[]): void => {
  const problems = lines.flatMap((line) => (validate(line) ? [] : [{ line, errors: validate.errors }]));
  expect(problems).toEqual([]);
  const unknown = lines.flatMap(Object.keys).filter((field) => !Object.hasOwn(logFields, field));
  expect(unknown).toEqual([]);
};

interface Span {
  readonly name: string;
  readonly kind: string;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | null;
  readonly state: string;
  readonly status: string;
  readonly attributes: Line;
  readonly exceptions: number;
}

/** Each is run once, and looked at from several sides. */
const ran = new Map<string, ReturnType<typeof execute>>();

/** What a program that ends with `report` saw, and what it logged. */
const reportOf = async <R>(
  interpreter: string,
  program: string,
): Promise<R & { readonly spans: readonly Span[]; readonly lines: readonly Line[] }> => {
  const running = ran.get(program) ?? execute(interpreter, [program]);
  ran.set(program, running);
  const { code, stdout, stderr } = await running;
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as R & { readonly spans: readonly Span[] };
  return { ...report, lines: linesOf(stdout) };
};

/** The exemplars of a series, by its name. */
const exemplarsOf = (exposition: string, series: string): readonly string[] =>
  exposition
    .split('\n')
    .filter((line) => line.startsWith(`${series}{`))
    .flatMap((line) => / # \{trace_id="([0-9a-f]{32})"\}/.exec(line)?.[1] ?? []);

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('the samples of docs/instrumenting.md', () => {
  for (const { file } of pythonSamples)
    testWith([], `${file} compiles`, async (interpreter) => {
      const { stderr } = await execute(interpreter, ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
        input: pythonSamples.find((sample) => sample.file === file)?.code ?? '',
      });
      expect(stderr).toBe('');
    });
});

describe('log_lines.py', () => {
  /** With as much of OpenTelemetry as it uses, so that it runs where the package is not installed. */
  const written = async (interpreter: string): Promise<ReadonlyMap<unknown, Line>> => {
    const { stdout, stderr } = await execute(interpreter, ['log_lines_run.py'], { path: join(samples, 'fake') });
    expect(stderr).toBe('');
    return new Map(linesOf(stdout).map((line) => [line['message'], line]));
  };

  testWith([], 'every line has the fields of the schema and no others', async (interpreter) => {
    expectLogLines([...(await written(interpreter)).values()]);
  });

  testWith([], "Python's levels become those of the catalog", async (interpreter) => {
    const lines = await written(interpreter);
    for (const level of Object.keys(logLevels)) expect(lines.get(`of ${level}`)).toMatchObject({ level });
    expect(lines.get('of a level between two')).toMatchObject({ level: 'INFO' });
  });

  testWith([], 'ids are there in a trace, and only there', async (interpreter) => {
    const lines = [...(await written(interpreter)).values()];
    const traced = lines.filter((line) => 'trace_id' in line || 'span_id' in line);
    expect(traced).toMatchObject([{ message: 'in a trace', trace_id: traceId, span_id: '00f067aa0ba902b7' }]);
  });

  testWith([], 'what a call gives is taken over, with its type', async (interpreter) => {
    const lines = await written(interpreter);
    expect(lines.get('with every field')).toMatchObject({
      user_id: 'user123',
      request_id: 'req456',
      duration_ms: 45,
      metadata: { ip_address: '192.168.1.100' },
      task_status: 'SUCCESS',
      action: 'scale_up',
    });
    expect(lines.get('with a correlation id')).toMatchObject({ correlation_id: 'abc123' });
  });

  testWith([], 'a stack trace stays within its line', async (interpreter) => {
    const { metadata } = (await written(interpreter)).get('with an exception') ?? {};
    expect(metadata).toMatchObject({ ip_address: '192.168.1.100' });
    expect(metadata).toMatchObject({
      exception: expect.stringMatching(/^Traceback[^]*ValueError: no such user$/) as string,
    });
  });

  testWith([], 'a module is a library, or a part of the service', async (interpreter) => {
    const lines = await written(interpreter);
    expect(lines.get('of a library')).toMatchObject({ module: 'celery' });
    expect(lines.get('of INFO')).toMatchObject({ module: 'auth' });
  });

  testWith(
    ['opentelemetry-sdk'],
    "with OpenTelemetry's own API, a line without a trace has no ids",
    async (interpreter) => {
      const { stdout } = await execute(interpreter, [
        '-c',
        'import logging, log_lines; log_lines.set_up_logs(); logging.getLogger("auth").info("alone")',
      ]);
      const lines = linesOf(stdout);
      expectLogLines(lines);
      expect(Object.keys(lines[0] ?? {}).sort()).toEqual(['level', 'message', 'module', 'service', 'timestamp']);
    },
  );
});

describe('tracing.py', () => {
  const [container] =
    workloadsOf(rendered(profiles.production)).find(({ name }) => name === 'backend')?.containers ?? [];
  const charts = Object.fromEntries(
    (container?.env ?? [])
      .filter(({ name }) => name.startsWith('OTEL_'))
      .map(({ name, value = '' }) => [name, value.replace(/\$\((\w+)\)/g, '$1')]),
  );

  /** What the exporter sent, with the charts' settings and these. */
  const sent = async (interpreter: string, more: NodeJS.ProcessEnv = {}) => {
    const requests: { path: string | undefined; body: string }[] = [];
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        requests.push({ path: request.url, body: Buffer.concat(chunks).toString('latin1') });
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    try {
      const { code, stderr } = await execute(interpreter, ['tracing_run.py'], {
        env: { ...charts, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...more },
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    } finally {
      receiver.close();
    }
    return { paths: requests.map(({ path }) => path), text: requests.map(({ body }) => body).join('') };
  };

  const needed = ['opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-http'] as const;
  const [begun, recorded, unrecorded] = ['begun here', 'recorded by the caller', 'not recorded by the caller'];

  testWith(needed, "the charts' variables suffice: spans arrive over OTLP, named and placed", async (interpreter) => {
    const { paths, text } = await sent(interpreter);
    expect(paths).toEqual(['/v1/traces']);
    for (const part of ['backend', 'deployment.environment.name', 'production', 'k8s.pod.name', 'POD_NAME'])
      expect(text).toContain(part);
    for (const name of [begun, recorded]) expect(text).toContain(name);
  });

  testWith(needed, "what the caller did not record is not sent, whatever this service's share", async (interpreter) => {
    expect((await sent(interpreter)).text).not.toContain(unrecorded);
    const { text } = await sent(interpreter, { OTEL_TRACES_SAMPLER_ARG: '0' });
    expect(text).toContain(recorded);
    expect(text).not.toContain(begun);
  });

  testWith(needed, 'without an exporter nothing is sent', async (interpreter) => {
    expect((await sent(interpreter, { OTEL_TRACES_EXPORTER: 'none' })).paths).toEqual([]);
  });
});

describe('backend.py', () => {
  interface Answer {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }
  const needed = ['prometheus_client', 'opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-http'] as const;
  const seen = (interpreter: string) =>
    reportOf<{ readonly metrics: Answer; readonly text: Answer }>(interpreter, 'backend_run.py');

  testWith(
    needed,
    'a request is a span of the trace that it came with, and a probe or a strange method is none',
    async (interpreter) => {
      const { spans } = await seen(interpreter);
      expect(spans).toMatchObject([
        {
          name: 'GET /api/tasks',
          kind: 'SERVER',
          trace: traceId,
          parent: '00f067aa0ba902b7',
          state: 'congo=t61rcWkgMzE',
          status: 'UNSET',
          attributes: { 'http.request.method': 'GET', 'http.route': '/api/tasks', 'http.response.status_code': 200 },
        },
        { name: 'GET /api/sessions', parent: null, status: 'ERROR', exceptions: 0 },
        { name: 'GET /api/users', parent: null, status: 'ERROR', exceptions: 1 },
      ]);
    },
  );

  testWith(needed, 'each request is one log line, with the ids of its span', async (interpreter) => {
    const { spans, lines } = await seen(interpreter);
    expectLogLines(lines);
    expect(lines).toMatchObject([
      { level: 'INFO', module: 'http', trace_id: traceId, span_id: spans[0]?.id, correlation_id: 'abc123' },
      { level: 'INFO', trace_id: traceId },
      { level: 'ERROR', trace_id: spans[1]?.trace, span_id: spans[1]?.id },
      { level: 'ERROR', trace_id: spans[2]?.trace, span_id: spans[2]?.id },
    ]);
    expect(
      lines.every(({ duration_ms, correlation_id }) => duration_ms !== undefined && correlation_id !== undefined),
    ).toBe(true);
  });

  testWith(needed, 'exemplars name recorded traces, in OpenMetrics alone', async (interpreter) => {
    const { spans, metrics, text } = await seen(interpreter);
    expect(metrics.headers['Content-Type']).toMatch(/^application\/openmetrics-text/);
    const recorded = spans.map(({ trace }) => trace);
    for (const series of ['http_requests_total', 'http_request_duration_seconds_bucket'])
      expect([...exemplarsOf(metrics.body, series)].sort()).toEqual([...recorded].sort());
    expect(text.headers['Content-Type']).toMatch(/^text\/plain/);
    expect(text.body).not.toContain(traceId);
  });

  testWith(needed, "the histogram has the catalog's buckets and the counter no creation time", async (interpreter) => {
    const { metrics } = await seen(interpreter);
    const bounds = [
      ...metrics.body.matchAll(/^http_request_duration_seconds_bucket\{.*endpoint="\/api\/tasks".*le="(.+?)"/gm),
    ];
    expect(bounds.map(([, bound]) => Number(bound === '+Inf' ? Infinity : bound))).toEqual([
      ...backend.http_request_duration_seconds.buckets,
      Infinity,
    ]);
    expect(metrics.body).not.toContain('_created');
  });
});

describe('worker.py', () => {
  const needed = [
    'prometheus_client',
    'opentelemetry-sdk',
    'opentelemetry-exporter-otlp-proto-http',
    'celery',
  ] as const;
  const seen = (interpreter: string) => reportOf<{ readonly metrics: string }>(interpreter, 'worker_run.py');

  testWith(needed, "a task goes on with its sender's trace, with the guide's attributes", async (interpreter) => {
    const { spans } = await seen(interpreter);
    const sender = spans.find(({ name }) => name === 'sends both');
    const tasks = spans.filter(({ name }) => name === 'process_task');
    const isOf = (id: string) => (span: Span) => span.attributes['task.id'] === id;
    const task = { kind: 'CONSUMER', trace: sender?.trace, parent: sender?.id };
    expect(tasks).toHaveLength(2);
    expect(tasks.find(isOf('works'))).toMatchObject({
      ...task,
      status: 'UNSET',
      attributes: { 'task.type': 'data_processing', 'task.status': 'success', 'task.result_size': 1 },
    });
    expect(tasks.find(isOf('fails'))).toMatchObject({
      ...task,
      status: 'ERROR',
      attributes: { 'task.status': 'error', 'error.message': 'no such task' },
      exceptions: 1,
    });
  });

  testWith(
    needed,
    'tasks are counted and timed with exemplars, and what has not happened is 0',
    async (interpreter) => {
      const { metrics, spans } = await seen(interpreter);
      expect(metrics).toMatch(/^celery_tasks_total\{state="SUCCESS",task="data_processing"\} 1\.0 # /m);
      expect(metrics).toMatch(/^celery_tasks_total\{state="FAILURE",task="data_processing"\} 1\.0 # /m);
      expect(metrics).toMatch(/^celery_tasks_total\{state="RETRY",task="notification"\} 0\.0$/m);
      const series = [
        'celery_tasks_total',
        'celery_task_duration_seconds_bucket',
        'celery_task_queue_delay_seconds_bucket',
      ];
      const found = series.flatMap((each) => exemplarsOf(metrics, each));
      expect(new Set(found)).toEqual(new Set([spans[0]?.trace]));
      expect(metrics).toMatch(/^celery_task_queue_delay_seconds_count\{queue="default"\} 2\.0$/m);
    },
  );

  testWith(needed, "the guide's query for failed tasks finds the line of the failed one", async (interpreter) => {
    const { lines, spans } = await seen(interpreter);
    expectLogLines(lines);
    const found = lines.filter(
      ({ message, task_status }) => task_status === 'FAILURE' && /task.*failed/.test(String(message)),
    );
    const failed = spans.find(({ status }) => status === 'ERROR');
    expect(found).toMatchObject([{ level: 'ERROR', trace_id: failed?.trace, span_id: failed?.id }]);
  });
});

describe('ml_controller.py', () => {
  const needed = ['prometheus_client', 'opentelemetry-sdk'] as const;

  testWith(
    needed,
    'a decision is one trace with the call that it rests on, a log line and a count',
    async (interpreter) => {
      const { spans, lines, received, metrics } = await reportOf<{
        readonly received: readonly Line[];
        readonly metrics: string;
      }>(interpreter, 'ml_controller_run.py');
      const [call, decision] = spans;
      expect(call).toMatchObject({ name: 'GET /load', kind: 'CLIENT', parent: decision?.id, trace: decision?.trace });
      expect(decision).toMatchObject({ name: 'scaling_decision', parent: null });
      expect(received).toMatchObject([
        { path: '/load', traceparent: expect.stringContaining(`${call?.trace}-${call?.id}`) as string },
      ]);
      expectLogLines(lines);
      expect(lines).toMatchObject([{ module: 'scaling', action: 'scale_up', trace_id: decision?.trace }]);
      expect(exemplarsOf(metrics, 'scaling_decisions_total')).toEqual([decision?.trace]);
    },
  );
});

describe('check_log_lines.py', () => {
  const good = {
    timestamp: '2024-01-01T12:00:00.123Z',
    level: 'INFO',
    service: 'backend',
    module: 'auth',
    message: 'User login successful',
  };

  /** What it says of lines. */
  const verdict = async (interpreter: string, lines: readonly string[]) => {
    writeFileSync(join(directory, 'log-line.schema.json'), JSON.stringify(logLineSchema));
    const input = lines.map((line) => `${line}\n`).join('');
    const { code, stderr } = await execute(interpreter, ['check_log_lines.py', 'log-line.schema.json'], { input });
    return { code, said: stderr.trimEnd() };
  };

  testWith(['jsonschema'], 'it is silent when every line fits', async (interpreter) => {
    expect(await verdict(interpreter, [JSON.stringify(good)])).toEqual({ code: 0, said: '' });
  });

  testWith(['jsonschema'], 'it names the line, the field and what is wrong', async (interpreter) => {
    const zeros = { ...good, trace_id: '0'.repeat(32), span_id: '0'.repeat(16) };
    const lines = [JSON.stringify(good), JSON.stringify({ ...good, level: 'WARNING' }), 'plain', JSON.stringify(zeros)];
    const { code, said } = await verdict(interpreter, lines);
    expect(code).toBe(1);
    expect(said.split('\n')).toEqual([
      expect.stringMatching(/^line 2: \$\.level: 'WARNING' is not one of /),
      expect.stringMatching(/^line 3 is no JSON: /),
      expect.stringMatching(/^line 4: \$\.trace_id: /),
      expect.stringMatching(/^line 4: \$\.span_id: /),
    ]);
  });
});

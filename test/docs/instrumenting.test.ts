import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { telemetry } from '../../docs/telemetry';
import { backend } from '../../lib/catalog/backend';
import { metricsOf } from '../../lib/catalog/catalog';
import { portOf, services, type Service } from '../../lib/catalog/components';
import { logFields, logLevels } from '../../lib/catalog/logs';
import type { Metric } from '../../lib/catalog/metric';
import { spanAttributes, tracedServices } from '../../lib/catalog/spans';
import { worker } from '../../lib/catalog/worker';
import { production } from '../../lib/profile/production';
import { logQueries } from '../../lib/signals/logs';
import { rendered } from '../harness/rendered';
import { workloadsOf } from '../manifests/output';
import { instrumenting, pythonSample, pythonSamples } from './python-samples';

const list = (text = ''): readonly string[] => [...text.matchAll(/"([^"]*)"/g)].map(([, item = '']) => item);
const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

/** A metric as the sample declares it. */
type Declared = Pick<Metric, 'name' | 'type' | 'help' | 'buckets'> & { readonly labels: readonly string[] };

const declaration =
  /(Counter|Gauge|Histogram)\(\s*"(\w+)",\s*"([^"]*)",?\s*(?:\[([^\]]*)\],?)?\s*(?:buckets=\(([^)]*)\),?)?\s*\)/g;

const declaredIn = (code: string): readonly Declared[] =>
  [...code.matchAll(declaration)].map(([, type = '', name = '', help = '', labels, buckets]) => ({
    name,
    type: type.toLowerCase() as Metric['type'],
    help,
    labels: list(labels),
    buckets: (buckets ?? '')
      .split(',')
      .filter((bound) => bound.trim() !== '')
      .map(Number),
  }));

describe.each<readonly [file: string, service: Service]>([
  ['backend_metrics.py', 'backend'],
  ['worker.py', 'worker'],
  ['ml_controller.py', 'ml-controller'],
])('%s', (file, service) => {
  const code = pythonSample(file);
  const declared = declaredIn(code);

  test('declares metrics, and each is read here', () => {
    expect(declared.length).toBeGreaterThan(0);
    expect(declared).toHaveLength([...code.matchAll(/\b(Counter|Gauge|Histogram)\(/g)].length);
  });

  test.each(declared)(`$name is as the catalog has it of ${service}`, ({ name, labels, ...rest }) => {
    const metric = metricsOf(service).find((each) => each.name === name);
    expect(metric).toMatchObject(rest);
    expect(sorted(labels)).toEqual(sorted(Object.keys(metric?.labels ?? {})));
  });
});

test.each([
  ['backend_metrics.py', 'METHODS', backend.http_requests_total.labels.method.values],
  ['worker.py', 'TASKS', worker.celery_tasks_total.labels.task.values],
  ['worker.py', 'STATES', worker.celery_tasks_total.labels.state.values],
])('in %s, %s are the values of the catalog', (file, constant, values) => {
  const [, text] = new RegExp(`^${constant} = \\((.*)\\)$`, 'm').exec(pythonSample(file)) ?? [];
  expect(list(text)).toEqual(values);
});

test('every attribute of a span in the samples is in the catalog', () => {
  const used = pythonSamples.flatMap(({ code }) => list(code).filter((text) => /^[a-z]+(\.[a-z_]+)+$/.test(text)));
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((name) => !Object.hasOwn(spanAttributes, name))).toEqual([]);
});

test("worker.py sets every attribute that the guide's process_task sets", () => {
  const guide = Object.entries(spanAttributes).flatMap(([name, { origin }]) => (origin === 'guide' ? [name] : []));
  expect(guide.filter((name) => !list(pythonSample('worker.py')).includes(name))).toEqual([]);
});

test('every span in the samples at which a trace begins has a name that the catalog knows', () => {
  expect(pythonSample('ml_controller.py')).toContain(
    `start_as_current_span("${Object.keys(tracedServices['ml-controller'].operations).join()}")`,
  );
});

test('log_lines.py writes every field of the schema, and knows every level', () => {
  const code = pythonSample('log_lines.py');
  const [, extra] = /^EXTRA = \((.*)\)$/m.exec(code) ?? [];
  const written = [...code.matchAll(/^\s+"(\w+)": |line\["(\w+)"\] = /gm)].map(
    ([, first, second]) => first ?? second ?? '',
  );
  expect(sorted([...new Set([...list(extra), ...written])])).toEqual(sorted(Object.keys(logFields)));
  const levels = [...code.matchAll(/^ {4}\(\S+, "(\w+)"\),$/gm)].map(([, level = '']) => level);
  expect(levels.reverse()).toEqual(Object.keys(logLevels));
});

describe('the variables of OpenTelemetry', () => {
  const [container] = workloadsOf(rendered(production)).find(({ name }) => name === 'backend')?.containers ?? [];
  const set = (container?.env ?? []).filter(({ name }) => name.startsWith('OTEL_'));
  const rows = [...instrumenting.matchAll(/^\| `(OTEL_\w+)` +\| (.+?) +\| /gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));

  test('are all there that the charts set, and no others', () => {
    expect(sorted(rows.map(({ name }) => name))).toEqual(sorted(set.map(({ name }) => name)));
  });

  test.each(rows.filter(({ value }) => value.startsWith('`')))('$name is $value', ({ name, value }) => {
    expect(value).toBe(`\`${set.find((variable) => variable.name === name)?.value}\``);
  });
});

describe('the examples of sampling', () => {
  const { headSampling, tailSampling } = production.traces;
  const keep = tailSampling === 'keep-all' ? 1 : tailSampling.keepRatio;
  const page = instrumenting.replace(/\s+/g, ' ');

  test('hold for a request to the backend', () => {
    const ratio = headSampling[tracedServices.backend.criticality];
    expect(Object.keys(tracedServices.backend.operations)).not.toContain('POST /api/tasks');
    expect(page).toContain(
      `${tracedServices.backend.criticality}, so recorded with a share of ${ratio}, and stored with ${ratio} × ${keep} = ${ratio * keep}`,
    );
  });

  test('hold for a decision of the ml-controller', () => {
    const { criticality } = tracedServices['ml-controller'];
    const ratio = headSampling[criticality];
    expect(page).toContain(
      `its service is ${criticality}, so recorded with ${ratio}, and stored with ${ratio} × ${keep} = ${ratio * keep} when ordinary, with ${ratio} when failed or slow`,
    );
  });
});

test('the needs of each log query are told, and of no others', () => {
  const [, table = ''] = /^\| query +\| needs in the line +\|\n\|[-| ]+\|\n([^]*?)\n\n/m.exec(instrumenting) ?? [];
  const titles = [...table.matchAll(/^\| (.+?) +\|/gm)].map(([, title]) => title);
  expect(titles).toEqual(Object.values(logQueries).map(({ title }) => title));
});

test('shares of operations are asked for at the port that Jaeger serves them on', () => {
  const urls = [...instrumenting.matchAll(/http:\/\/jaeger\.\S+?:(\d+)/g)].map(([, port]) => Number(port));
  const served = ['otlp-http', 'sampling', 'sampling-grpc'].map((port) => portOf('jaeger', port));
  expect(new Set(urls)).toEqual(new Set(served));
});

test('a worker listens where its Service sends requests', () => {
  const served = [...pythonSample('worker.py').matchAll(/start_http_server\((\d+)\)/g)].map(([, port]) => Number(port));
  expect(served).toEqual([portOf('worker', 'http')]);
});

/** Headings as links name them. */
const anchorsOf = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe.each(['README.md', 'docs/instrumenting.md', 'docs/service-contract.md', 'docs/guide-differences.md'])(
  'in %s',
  (file) => {
    const root = join(__dirname, '../..');
    const text = readFileSync(join(root, file), 'utf8');
    const links = [...text.matchAll(/\]\(([\w./-]*\.md)?#([\w-]+)\)/g)].map(([, path, anchor = '']) => ({
      path,
      anchor,
    }));

    test('every link into a page leads to a heading', () => {
      const broken = links.filter(({ path, anchor }) => {
        const target =
          path === undefined
            ? text
            : path.endsWith('telemetry.md')
              ? telemetry
              : readFileSync(join(root, file, '..', path), 'utf8');
        return !anchorsOf(target).includes(anchor);
      });
      expect(broken).toEqual([]);
    });
  },
);

test('every service has a sample', () => {
  const headings = [...instrumenting.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
  expect(services.filter((service) => !headings.includes(service))).toEqual([]);
});

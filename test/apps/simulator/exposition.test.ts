import { services, type Service } from '../../../lib/catalog/components';
import { metricsOf } from '../../../lib/catalog/catalog';
import type { Metric } from '../../../lib/catalog/metric';
import { prefersOpenMetrics } from '../../../apps/runtime/exposition';
import { parseExposition, type Family, type Sample } from '../runtime/parse-exposition';
import { eventually, openMetrics, play, playAll, stopAll, type Playing } from './play';

afterEach(stopAll);

const busy = { LOAD_REQUESTS_PER_SECOND: '120' };

const scrape = async ({ call }: Playing, accept: string): Promise<readonly Family[]> =>
  parseExposition((await call('GET', '/metrics', { headers: { accept } })).text);

/** All three services, when they have done enough to show it. */
const busyServices = async (): Promise<Readonly<Record<Service, Playing>>> => {
  const { backend, worker, mlController } = await playAll(busy);
  await eventually(async () => (await backend.value('tasks_completed_total')) > 5);
  await eventually(async () => (await mlController.value('scaling_decisions_total')) > 5);
  return { backend, worker, 'ml-controller': mlController };
};

/** What a family says of itself, in the catalog's words; OpenMetrics names a counter's family without `_total`. */
const facts = ({ name, type, help, samples }: Family, format: string) => ({
  name: format === openMetrics && type === 'counter' ? `${name}_total` : name,
  type,
  help,
  labels: [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))].filter((label) => label !== 'le').sort(),
  buckets: [...new Set(samples.flatMap(({ labels }) => (labels['le'] === undefined ? [] : [labels['le']])))],
});

const declared = ({ name, type, help, labels, buckets }: Metric) => ({
  name,
  type,
  help,
  labels: Object.keys(labels).sort(),
  buckets: type === 'histogram' ? [...buckets.map(String), '+Inf'] : [],
});

const identity = ({ name, labels }: Sample): string => JSON.stringify([name, Object.entries(labels).sort()]);

test.each(['text/plain', openMetrics])(
  'each service exposes exactly its metrics of the catalog, as %s',
  async (format) => {
    const playing = await busyServices();
    for (const service of services) {
      // The other format first: writing one must not spoil the other.
      await scrape(playing[service], format === openMetrics ? 'text/plain' : openMetrics);
      const families = await scrape(playing[service], format);
      expect(families.map((family) => facts(family, format))).toEqual(metricsOf(service).map(declared));

      for (const metric of metricsOf(service)) {
        const family = families.find((each) => facts(each, format).name === metric.name);
        for (const [label, { values }] of Object.entries(metric.labels))
          for (const { labels } of family?.samples ?? []) expect(values).toContain(labels[label]);
      }
    }
  },
);

test('every series that occurs exists from the start', async () => {
  const playing = await busyServices();
  for (const service of services) {
    const idle = await play(service);
    const atStart = new Set((await idle.samples()).map(identity));
    const later = (await playing[service].samples()).map(identity);
    expect(later.filter((series) => !atStart.has(series))).toEqual([]);
  }
});

test('a counter of something that never happened stands at 0', async () => {
  const backend = await play('backend');
  const failed = (await backend.samples()).filter(
    ({ name, labels }) => name === 'http_requests_total' && labels['status'] === '500',
  );
  expect(failed.length).toBeGreaterThan(10);
  expect(new Set(failed.map(({ value }) => value))).toEqual(new Set([0]));
});

test('exemplars with trace ids are in OpenMetrics alone', async () => {
  const playing = await busyServices();
  for (const service of services) {
    const exemplars = (await playing[service].samples(openMetrics)).flatMap(({ exemplar }) =>
      exemplar ? [exemplar] : [],
    );
    expect(exemplars.length).toBeGreaterThan(0);
    for (const exemplar of exemplars) {
      expect(Object.keys(exemplar)).toEqual(['trace_id']);
      expect(exemplar['trace_id']).toMatch(/^[0-9a-f]{32}$/);
    }
    expect((await playing[service].samples()).filter(({ exemplar }) => exemplar)).toEqual([]);
  }
});

test.each<[string, string]>([
  [openMetrics, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
  ['text/plain', 'text/plain; version=0.0.4; charset=utf-8'],
  ['*/*', 'text/plain; version=0.0.4; charset=utf-8'],
])('who accepts %s gets %s', async (accept, contentType) => {
  const worker = await play('worker');
  const answer = await worker.call('GET', '/metrics', { headers: { accept } });
  expect(answer.contentType).toBe(contentType);
  expect(answer.text.endsWith('# EOF\n')).toBe(accept === openMetrics);
});

test.each([
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1',
    true,
  ],
  ['text/plain, application/openmetrics-text;q=0.5', false],
  ['application/openmetrics-text;q=0', false],
  ['', false],
])('the Accept header "%s" prefers OpenMetrics: %s', (accept, expected) => {
  expect(prefersOpenMetrics(accept)).toBe(expected);
});

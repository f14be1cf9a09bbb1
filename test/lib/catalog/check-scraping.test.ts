import { checkConnections, checkScrapeJobs } from '../../../lib/catalog/check-scraping';
import { components, type Component } from '../../../lib/catalog/components';
import { connections } from '../../../lib/catalog/connections';
import { scrapeJobs, type ScrapeJob } from '../../../lib/catalog/scrape-jobs';

const job: ScrapeJob = {
  discovery: { pods: 'worker', port: 'http' },
  path: '/metrics',
  targetLabels: ['job', 'instance'],
};
const without: Readonly<Record<string, Component>> = { worker: { namespace: 'application', ports: { grpc: 1 } } };

const check = (jobs: Readonly<Record<string, ScrapeJob>>, known: Readonly<Record<string, Component>> = components) => [
  ...checkScrapeJobs(jobs, known),
];

test('the shipped jobs and connections have no problems', () => {
  expect(check(scrapeJobs)).toEqual([]);
  expect([...checkConnections(connections, components)]).toEqual([]);
});

test.each<readonly [string, Readonly<Record<string, ScrapeJob>>, path: string, value: string, fix: string]>([
  ['a target of two jobs', { a: job, b: job }, 'b', 'worker:http/metrics', 'the job a scrapes it already'],
  [
    'a path of the kubelet in two jobs',
    { a: { ...job, discovery: 'kubelet' }, b: { ...job, discovery: 'kubelet' } },
    'b',
    'kubelet/metrics',
    'the job a scrapes it already',
  ],
  ['a job without instance', { a: { ...job, targetLabels: ['job'] } }, 'a.targetLabels', 'job', 'attaches instance'],
])('%s is refused by path, value and fix', (_, jobs, path, value, fix) => {
  expect(check(jobs)).toEqual([{ path: `scrapeJobs.${path}`, value, fix: expect.stringContaining(fix) as string }]);
});

test('two paths of one target are two jobs', () => {
  expect(check({ a: job, b: { ...job, path: '/more' } })).toEqual([]);
});

test('two ports of one component are two jobs', () => {
  const jaeger = (port: string): ScrapeJob => ({ ...job, discovery: { pods: 'jaeger', port } });
  expect(check({ a: jaeger('metrics'), b: jaeger('span-metrics') })).toEqual([]);
});

test('a port that the component does not have is not scraped', () => {
  expect(check({ a: job }, without)).toEqual([
    {
      path: 'scrapeJobs.a',
      value: 'worker:http',
      fix: 'the component has no port of that name: declare it in components.ts',
    },
  ]);
});

test('a connection to a port that nobody declares is refused', () => {
  expect([...checkConnections([{ from: 'backend', to: 'worker', port: 'http' }], without)]).toEqual([
    {
      path: 'connections.backend.worker',
      value: 'http',
      fix: 'worker has no port of that name: declare it in components.ts',
    },
  ]);
});

import { components } from '../../../lib/catalog/components';
import { connections, externalConnections, portOf } from '../../../lib/catalog/connections';
import { scrapeJobs, type ScrapeJob } from '../../../lib/catalog/scrape-jobs';

test.each(Object.entries(scrapeJobs) as [string, ScrapeJob][])('Prometheus may call what job %s scrapes', (_, job) => {
  if (job.discovery === 'kubelet') expect(externalConnections.kubelets).toContain('prometheus');
  else expect(connections).toContainEqual({ from: 'prometheus', to: job.discovery.pods, port: 'http' });
});

test.each(connections)('$from calls $to on a port that it has', (connection) => {
  expect(Object.values(components[connection.to].ports)).toContain(portOf(connection));
});

test('a connection to a port that nobody declares is refused by name', () => {
  expect(() => portOf({ from: 'backend', to: 'worker', port: 'grpc' })).toThrow('worker has no port grpc');
});

import { components, portOf } from '../../../lib/catalog/components';
import { connections, externalConnections } from '../../../lib/catalog/connections';
import { scrapeJobs, type ScrapeJob } from '../../../lib/catalog/scrape-jobs';

test.each(Object.entries(scrapeJobs) as [string, ScrapeJob][])('Prometheus may call what job %s scrapes', (_, job) => {
  if (job.discovery === 'kubelet') expect(externalConnections.kubelets).toContain('prometheus');
  else expect(connections).toContainEqual({ from: 'prometheus', to: job.discovery.pods, port: job.discovery.port });
});

test.each(connections)('$from calls $to on its port $port, which it has', (connection) => {
  expect(Object.values(components[connection.to].ports)).toContain(portOf(connection.to, connection.port));
});

test('a port that nobody declares is refused by name', () => {
  expect(() => portOf('worker', 'grpc')).toThrow('worker has no port grpc');
});

import { components, services } from '../../lib/catalog/components';
import { application, output, podsOf } from './cluster';
import { forwardPrometheus } from './prometheus';
import { skip } from './skip';

/** The commands of the monitoring guide's troubleshooting section. */
export const guide = (): void => {
  test('`kubectl get pods -o yaml | grep prometheus.io` shows the annotations of every service', async () => {
    const lines = (await output(['get', 'pods', '-n', application, '-o', 'yaml']))
      .split('\n')
      .flatMap((line) => (line.includes('prometheus.io') ? line.trim() : []));
    for (const service of services) {
      const pods = await podsOf(service);
      expect(pods.length).toBeGreaterThan(0);
      const port = lines.filter((line) => line === `prometheus.io/port: "${components[service].ports.http}"`);
      expect(port).toHaveLength(pods.length);
    }
    expect(lines).toEqual(expect.arrayContaining(['prometheus.io/scrape: "true"', 'prometheus.io/path: /metrics']));
  });

  test('`kubectl port-forward svc/prometheus 9090:9090` shows the page of its targets', async () => {
    const { url, stop } = await forwardPrometheus();
    const response = await fetch(`${url}/targets`);
    const page = await response.text();
    await stop();
    if (page.startsWith('Error opening React index.html')) skip('this Prometheus was built without its web pages');
    expect({ status: response.status, page }).toEqual({
      status: 200,
      page: expect.stringContaining('<html') as string,
    });
  });
};

import { components, portOf, services, type ComponentName } from '../../lib/catalog/components';
import { application, monitoring, namespaceOf, output, podsOf } from './cluster';
import { needs } from './deployment';
import { forward } from './forward';
import { forwardPrometheus } from './prometheus';
import { skip } from './skip';

const html = expect.stringMatching(/<html/i) as string;

const pageOf = async (url: string): Promise<{ readonly status: number; readonly page: string }> => {
  const response = await fetch(url);
  return { status: response.status, page: await response.text() };
};

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
    const { status, page } = await pageOf(`${url}/targets`);
    await stop();
    if (page.startsWith('Error opening React index.html')) skip('this Prometheus was built without its web pages');
    expect({ status, page }).toEqual({ status: 200, page: html });
  });

  test('`kubectl port-forward svc/jaeger 16686` shows the page of its searches', async () => {
    needs('jaeger');
    const { url, stop } = await forward(monitoring, 'svc/jaeger', portOf('jaeger', 'http'), '/');
    expect(await pageOf(`${url}/search`)).toEqual({ status: 200, page: html });
    await stop();
  });

  test.each<[ComponentName, string]>([
    ['jaeger', 'deployment/jaeger'],
    ['fluent-bit', 'daemonset/fluent-bit'],
  ])('`kubectl logs` shows what %s says', async (name, workload) => {
    needs(name);
    expect(await output(['logs', workload, '-n', namespaceOf(name)])).not.toBe('');
  });
};

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { AutoServeChart } from '../charts/autoserve';
import { checkObjects } from '../charts/check-objects';
import { services } from '../lib/catalog/components';
import { prometheusConfig } from '../lib/config/prometheus';
import { toYaml } from '../lib/config/to-yaml';
import { inCluster } from '../lib/platform/platform';
import { production } from '../lib/profile/production';
import { refuse } from '../lib/units/problem';
import { manifestFile, manifestsOf } from '../charts/manifest';
import { inTemporaryFolder } from './measure';

export interface ServicesCost {
  readonly cpuMilliseconds: number;
  readonly peakMebibytes: number;
  readonly objects: number;
  /** Size of the Prometheus configuration with a scrape job for each service. */
  readonly configKibibytes: number;
}

type Rendered = Pick<ServicesCost, 'objects' | 'configKibibytes'>;

/**
 * Renders `count` services as `main.ts` renders the three: their charts in one App, checked, then written. They are the
 * three of the catalog in turn, each in a namespace of its own, so that no two objects are the same.
 */
const render = (count: number, outdir: string): Rendered => {
  const { autoserve, prometheus, network, cluster, namespaces } = production;
  const names = Array.from({ length: count }, (_, index) => services[index % services.length] ?? 'backend');
  const app = new App();
  const charts = names.map(
    (service, index) =>
      new AutoServeChart(app, `${service}-${index}`, {
        namespace: `autoserve-${index}`,
        instance: `bench-${index}`,
        service,
        program: { image: `docker.io/autoserve/${service}:1.0.0`, version: '1.0.0', user: 10001 },
        ...autoserve.services[service],
        logLevel: autoserve.logLevel,
        environment: 'bench',
        traces: { endpoint: 'http://jaeger:4318', ratio: 1 },
        peers: { WORKER_URL: 'http://worker:8001' },
        secret: autoserve.secret,
      }),
  );
  const files = charts.map(manifestsOf);
  const objects = files.flat();
  refuse([...checkObjects(objects)]);
  for (const [index, manifests] of files.entries())
    writeFileSync(join(outdir, `${index}.yaml`), manifestFile(manifests));

  // Not in a ConfigMap: with a hundred jobs or a few more it is larger than `kubectl apply` takes, and is refused.
  const config = prometheusConfig(
    {
      ...prometheus,
      cluster,
      pathPrefixes: {},
      kubeletCertificates: network.kubeletCertificates,
      jobs: names,
      annotatedPodNamespaces: [],
      ruleDirectory: '/etc/prometheus/rules',
      alertmanagers: 1,
    },
    inCluster(namespaces),
  );
  return { objects: objects.length, configKibibytes: Buffer.byteLength(toYaml(config)) / 1024 };
};

const main = async (count: number): Promise<void> => {
  const before = process.cpuUsage();
  const rendered = await inTemporaryFolder((folder) => render(count, folder));
  const { user, system } = process.cpuUsage(before);
  const cost: ServicesCost = {
    cpuMilliseconds: (user + system) / 1000,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
    ...rendered,
  };
  console.log(JSON.stringify(cost));
};

if (require.main === module) void main(Number(process.argv[2]));

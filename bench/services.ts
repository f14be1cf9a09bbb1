import { App, YamlOutputType } from 'cdk8s';
import { performance } from 'node:perf_hooks';
import { AutoServeChart } from '../charts/autoserve';
import { checkObjects, type Manifest } from '../charts/check-objects';
import { NetworkPoliciesChart } from '../charts/network-policies';
import { services } from '../lib/catalog/components';
import { prometheusConfig } from '../lib/config/prometheus';
import { toYaml } from '../lib/config/to-yaml';
import { inCluster } from '../lib/platform/platform';
import { production } from '../lib/profile/production';
import { refuse } from '../lib/units/problem';
import { inTemporaryFolder } from './measure';

export interface ServicesCost {
  readonly cpuMilliseconds: number;
  readonly wallMilliseconds: number;
  readonly peakMebibytes: number;
  readonly objects: number;
}

/** `count` services, the three of the catalog in turn, each in a namespace of its own. */
const render = (count: number, outdir: string): number => {
  const app = new App({ outdir, yamlOutputType: YamlOutputType.FILE_PER_CHART });
  const names = Array.from({ length: count }, (_, index) => services[index % services.length] ?? 'backend');
  const { autoserve, prometheus, network, cluster, namespaces } = production;
  const charts = names.map((service, index) => {
    const namespace = `autoserve-${index}`;
    const instance = `bench-${index}`;
    if (process.env['NP'])
      new NetworkPoliciesChart(app, `network-policies-${index}`, {
        instance,
        namespaces: { application: namespace, monitoring: `monitoring-${index}`, agents: `agents-${index}` },
        deployed: [service],
        nodeCidrs: network.nodeCidrs,
        external: {},
        clientNamespaces: [],
        annotatedPodNamespaces: [],
      });
    return new AutoServeChart(app, `${service}-${index}`, {
      namespace,
      instance,
      service,
      program: { image: `docker.io/autoserve/${service}:1.0.0`, version: '1.0.0', user: 10001 },
      ...autoserve.services[service],
      logLevel: autoserve.logLevel,
      environment: 'bench',
      peers: { WORKER_URL: 'http://worker' },
      secret: autoserve.secret,
    });
  });
  const objects = charts.flatMap((chart) => chart.toJson() as Manifest[]);
  refuse([...checkObjects(objects)]);
  app.synth();
  toYaml(
    prometheusConfig(
      {
        ...prometheus,
        cluster,
        kubeletCertificates: network.kubeletCertificates,
        jobs: names,
        annotatedPodNamespaces: [],
        ruleDirectory: '/etc/prometheus/rules',
      },
      inCluster(namespaces),
    ),
  );
  return objects.length;
};

const main = async (count: number): Promise<void> => {
  const wallBefore = performance.now();
  const cpuBefore = process.cpuUsage();
  const objects = await inTemporaryFolder((folder) => render(count, folder));
  const { user, system } = process.cpuUsage(cpuBefore);
  const cost: ServicesCost = {
    cpuMilliseconds: (user + system) / 1000,
    wallMilliseconds: performance.now() - wallBefore,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
    objects,
  };
  console.log(JSON.stringify(cost));
};

void main(Number(process.argv[2]));

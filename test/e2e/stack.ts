import { Duration } from 'cdk8s';
import { buildSync } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prometheusConfigOf } from '../../charts/stack';
import { components, type ComponentName, type Service } from '../../lib/catalog/components';
import { toYaml } from '../../lib/config/to-yaml';
import type { Platform } from '../../lib/platform/platform';
import { production } from '../../lib/profile/production';
import type { Profile } from '../../lib/profile/profile';
import { programs } from '../../tools/programs';
import type { RunningProcess } from '../harness/process';
import { configFile, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';
import { startCluster, type Cluster, type ComponentPod } from './cluster';
import { postgresPrograms, startDatabase } from './database';
import { startKubeletStandIn } from './kubelet-stand-in';
import { pathsOf, startPod } from './pod-process';
import { PrometheusApi } from './prometheus-api';

/** Production as it is, at the pace of a test; without the exporter of a database that this machine cannot run. */
const profile: Profile = {
  ...production,
  cluster: 'e2e',
  prometheus: {
    ...production.prometheus,
    scrapeInterval: Duration.seconds(1),
    scrapeTimeout: Duration.seconds(1),
    evaluationInterval: Duration.seconds(1),
    jobIntervals: {},
  },
  ...(postgresPrograms === undefined && { database: 'none' }),
};

/** How many pods of each service are enough to tell one from another. */
const replicas: Readonly<Record<Service, number>> = { backend: 2, worker: 1, 'ml-controller': 1 };

export interface Simulator {
  readonly pod: ComponentPod;
  readonly url: string;
}

export interface Stack {
  readonly profile: Profile;
  readonly cluster: Cluster;
  readonly pods: readonly ComponentPod[];
  readonly simulators: readonly Simulator[];
  readonly prometheus: PrometheusApi;
  readonly ruleDirectory: string;
  readonly stopPrometheus: () => Promise<void>;
  /** Starts it again, on the data that it left. */
  readonly startPrometheus: () => Promise<void>;
}

const at = ({ address, component }: ComponentPod): string => `${address}:${components[component].ports.http}`;

const directoryWith = (name: string, files: Readonly<Record<string, string>>): string => {
  const directory = temporaryDirectory(name);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { mode: 0o600 });
  return directory;
};

const startSimulators = async (pods: readonly ComponentPod[]): Promise<readonly Simulator[]> => {
  const bundle = join(temporaryDirectory('simulator'), 'simulator.js');
  buildSync({
    entryPoints: [join(__dirname, '../../apps/simulator/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
  });
  const urlOf = (service: Service): string =>
    pods
      .filter(({ component }) => component === service)
      .map((pod) => `http://${at(pod)}`)
      .slice(0, 1)
      .join('');
  const peers = { BACKEND_URL: urlOf('backend'), WORKER_URL: urlOf('worker') };
  return Promise.all(
    pods.map(async (pod) => {
      const url = `http://${at(pod)}`;
      await startPod(pod, {
        command: [process.execPath, bundle],
        env: { ...peers, LISTEN_ADDRESS: pod.address, LOAD_REQUESTS_PER_SECOND: '20', LOAD_WAVE_AMPLITUDE: '0' },
        ready: `${url}/readyz`,
      });
      return { pod, url };
    }),
  );
};

const startKubeStateMetrics = async (path: string, { server }: Cluster, pod: ComponentPod): Promise<void> => {
  const config = server.configFor(await server.serviceAccountToken(pod.namespace, 'kube-state-metrics'));
  const directory = directoryWith('kube-state-metrics', { kubeconfig: config.exportConfig() });
  await startPod(pod, {
    command: [path],
    args: [`--kubeconfig=${directory}/kubeconfig`, `--host=${pod.address}`, `--telemetry-host=${pod.address}`],
    ready: `http://${at(pod)}/livez`,
  });
};

const startNodeExporter = async (path: string, pod: ComponentPod): Promise<void> => {
  await startPod(pod, {
    command: [path],
    volumes: { root: '/', sys: '/sys' },
    args: [`--web.listen-address=${at(pod)}`],
    ready: `http://${at(pod)}/`,
  });
};

const startPostgresExporter = async (path: string, pod: ComponentPod): Promise<void> => {
  const { uri, user, password } = await startDatabase(pod.address);
  await startPod(pod, {
    command: [path],
    volumes: { dsn: directoryWith('postgres-exporter', { uri, user, password }) },
    args: [`--web.listen-address=${at(pod)}`],
    ready: `http://${at(pod)}/`,
  });
};

/** The rendered configuration and rules, told where this API server is and which token is Prometheus' own. */
const layOutPrometheus = async ({ server }: Cluster, pod: ComponentPod, rules: string) => {
  const token = await server.serviceAccountToken(pod.namespace, 'prometheus');
  const credentials = directoryWith('service-account', { token });
  const platform: Platform = {
    namespaces: profile.namespaces,
    apiServer: { url: server.url, caFile: server.caFile, tokenFile: join(credentials, 'token') },
  };
  const config = prometheusConfigOf(profile, platform);
  const volumes = {
    config: temporaryDirectory('prometheus-config'),
    rules: directoryWith('prometheus-rules', { 'recording.yaml': rules }),
    data: temporaryDirectory('prometheus-data'),
  };
  const here = pathsOf(pod, volumes);
  writeFileSync(join(volumes.config, 'prometheus.yml'), toYaml({ ...config, rule_files: config.rule_files.map(here) }));
  return volumes;
};

/** The production stack on loopback: real programs, but for the kubelets. */
export const startStack = async (): Promise<Stack> => {
  const paths = await programs(['prometheus', 'kube-state-metrics', 'node_exporter', 'postgres_exporter']);
  const manifests = rendered(profile);
  const cluster = await startCluster(manifests);

  const pods: ComponentPod[] = [];
  const add = async (component: ComponentName, count?: number): Promise<readonly ComponentPod[]> => {
    const added = await cluster.addComponent(component, count);
    pods.push(...added);
    return added;
  };
  const addOne = async (component: ComponentName): Promise<ComponentPod> => {
    const [pod] = await add(component);
    if (pod === undefined) throw new Error(`no pod of ${component}`);
    return pod;
  };

  const services = [
    ...(await add('backend', replicas.backend)),
    ...(await add('worker', replicas.worker)),
    ...(await add('ml-controller', replicas['ml-controller'])),
  ];
  const [kubeStateMetrics, prometheusPod] = [await addOne('kube-state-metrics'), await addOne('prometheus')];
  const nodeExporters = await add('node-exporter');
  const [simulators] = await Promise.all([
    startSimulators(services),
    startKubeStateMetrics(paths['kube-state-metrics'], cluster, kubeStateMetrics),
    ...nodeExporters.map((pod) => startNodeExporter(paths.node_exporter, pod)),
    ...cluster.nodes.map((node) =>
      startKubeletStandIn(cluster, node, () => pods.filter((pod) => pod.node === node.name)),
    ),
    ...(profile.database === 'none'
      ? []
      : [startPostgresExporter(paths.postgres_exporter, await addOne('postgres-exporter'))]),
  ]);

  const volumes = await layOutPrometheus(cluster, prometheusPod, configFile(manifests, 'recording.yaml'));
  const url = `http://${at(prometheusPod)}`;
  let process: RunningProcess | undefined;
  const startPrometheus = async (): Promise<void> => {
    process = await startPod(prometheusPod, {
      command: [paths.prometheus],
      volumes,
      args: [`--web.listen-address=${at(prometheusPod)}`, '--config.auto-reload-interval=1s'],
      ready: `${url}/-/ready`,
    });
  };
  await startPrometheus();

  return {
    profile,
    cluster,
    pods,
    simulators,
    prometheus: new PrometheusApi(url),
    ruleDirectory: volumes.rules,
    startPrometheus,
    stopPrometheus: async () => {
      await process?.stop();
    },
  };
};

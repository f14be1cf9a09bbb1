import { Duration } from 'cdk8s';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jaegerConfigOf, prometheusConfigOf } from '../../charts/program-configs';
import { components, portOf, type ComponentName } from '../../lib/catalog/components';
import { toYaml } from '../../lib/config/to-yaml';
import { production } from '../../lib/profile/production';
import type { Platform } from '../../lib/platform/platform';
import type { Profile } from '../../lib/profile/profile';
import { staging } from '../../lib/profile/staging';
import { program } from '../../tools/programs';
import type { Manifest } from '../../charts/manifest';
import type { RunningProcess } from '../harness/process';
import { configFile, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';
import { startCluster, type Cluster, type ClusterPod, type ComponentPod } from './cluster';
import { postgresPrograms, startDatabase } from './database';
import { JaegerApi } from './jaeger-api';
import { startKubeletStandIn } from './kubelet-stand-in';
import { containerLog } from './container-logs';
import { startLogAgentStandIn } from './log-agent-stand-in';
import { fluentBit, fluentBitVolumes, lokiVolumes, startFluentBit, startLoki } from './log-programs';
import { LokiApi } from './loki-api';
import { pathsOf, startPod, withConfig, type Volumes } from './pod-process';
import { plainPod } from './plain-pod';
import { PrometheusApi } from './prometheus-api';
import { simulatorBundle } from './simulator-bundle';

/**
 * Production as it is, at the pace of a test; logs and traces on volumes, as in staging, and without the exporter of a
 * database that this machine cannot run.
 */
const profile: Profile = {
  ...production,
  logs: { ...production.logs, loki: staging.logs.loki },
  traces: staging.traces,
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

/** Two pods of one service are enough to tell one from another. */
const replicas: Partial<Readonly<Record<ComponentName, number>>> = { backend: 2 };

/** What this machine cannot run. */
const missing: readonly ComponentName[] = [
  ...(profile.database === 'none' ? (['postgres-exporter'] as const) : []),
  ...(fluentBit === undefined ? (['fluent-bit'] as const) : []),
];
const deployed = (Object.keys(components) as ComponentName[]).filter((component) => !missing.includes(component));

export interface Stack {
  readonly profile: Profile;
  readonly cluster: Cluster;
  readonly pods: readonly ComponentPod[];
  /** The first pod of a component. */
  readonly podOf: (component: ComponentName) => ComponentPod;
  readonly prometheus: PrometheusApi;
  readonly loki: LokiApi;
  readonly jaeger: JaegerApi;
  readonly ruleDirectory: string;
  readonly platform: Platform;
  /** Asks the program of a pod to end, and waits until it has. */
  readonly stop: (pod: ComponentPod) => Promise<void>;
  /** Ends it at once, as a crash would. */
  readonly kill: (pod: ComponentPod) => Promise<void>;
  /** Starts the program of a pod again once it has ended, on the volumes that it left. */
  readonly start: (pod: ComponentPod) => Promise<void>;
}

const directoryWith = (name: string, files: Readonly<Record<string, string>>): string => {
  const directory = temporaryDirectory(name);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { mode: 0o600 });
  return directory;
};

type StartPod = (pod: ComponentPod) => Promise<RunningProcess>;

/** What plays AutoServe in its pods. */
const simulators = (pods: readonly ComponentPod[]): StartPod => {
  const bundle = simulatorBundle();
  const urlOf = (component: ComponentName, port: string = 'http'): string => {
    const pod = pods.find((each) => each.component === component);
    return pod === undefined ? '' : `http://${pod.address}:${portOf(component, port)}`;
  };
  const peers = {
    BACKEND_URL: urlOf('backend'),
    WORKER_URL: urlOf('worker'),
    OTEL_EXPORTER_OTLP_ENDPOINT: urlOf('jaeger', 'otlp-http'),
  };
  // Much to see within seconds, and tasks so short that the queue grows for no other reason than a fault.
  const load = {
    LOAD_REQUESTS_PER_SECOND: '20',
    LOAD_WAVE_AMPLITUDE: '0',
    TASK_DURATION_FACTOR: '0.01',
    OTEL_BSP_SCHEDULE_DELAY: '500',
  };
  return (pod) => {
    const log = containerLog(pod);
    return startPod(pod, {
      command: [process.execPath, bundle],
      env: { ...peers, ...load, LISTEN_ADDRESS: pod.address },
      ready: `http://${pod.host}/readyz`,
      onLine: (line) => {
        log.write([line]);
      },
    });
  };
};

const kubeStateMetrics =
  ({ server }: Cluster): StartPod =>
  async (pod) => {
    const config = server.configFor(await server.serviceAccountToken(pod.namespace, 'kube-state-metrics'));
    const directory = directoryWith('kube-state-metrics', { kubeconfig: config.exportConfig() });
    return startPod(pod, {
      command: [await program('kube-state-metrics')],
      args: [`--kubeconfig=${directory}/kubeconfig`, `--host=${pod.address}`, `--telemetry-host=${pod.address}`],
      ready: `http://${pod.host}/livez`,
    });
  };

const nodeExporter: StartPod = async (pod) =>
  startPod(pod, {
    command: [await program('node_exporter')],
    volumes: { root: '/', sys: '/sys' },
    args: [`--web.listen-address=${pod.host}`],
    ready: `http://${pod.host}/`,
  });

const postgresExporter: StartPod = async (pod) => {
  const { uri, user, password } = await startDatabase(pod.address);
  return startPod(pod, {
    command: [await program('postgres_exporter')],
    volumes: { dsn: directoryWith('postgres-exporter', { uri, user, password }) },
    args: [`--web.listen-address=${pod.host}`],
    ready: `http://${pod.host}/`,
  });
};

/** The rendered configuration and rules, told where this API server is and which token is Prometheus' own. */
const prometheusVolumes = (platform: Platform, pod: ClusterPod, rules: string) => {
  const config = prometheusConfigOf(profile, platform);
  const volumes = {
    config: temporaryDirectory('prometheus-config'),
    rules: directoryWith('prometheus-rules', { 'recording.yaml': rules }),
    data: temporaryDirectory('prometheus-data'),
  };
  const rule_files = config.rule_files.map(pathsOf(pod, volumes));
  writeFileSync(join(volumes.config, 'prometheus.yml'), toYaml({ ...config, rule_files }));
  return volumes;
};

/** Programs of the logs, on directories that stay when they end. */
const onVolumes =
  (start: typeof startLoki, platform: Platform, volumesOf: (pod: ComponentPod) => Volumes): StartPod =>
  (pod) =>
    start(pod, { profile, platform, volumes: volumesOf(pod) });

const jaeger =
  (platform: Platform, volumesOf: (pod: ComponentPod) => Volumes, manifests: readonly Manifest[]): StartPod =>
  async (pod) => {
    const sampling = directoryWith('jaeger-sampling', { 'sampling.json': configFile(manifests, 'sampling.json') });
    const volumes = withConfig(pod, 'jaeger.yaml', jaegerConfigOf(profile, platform), { ...volumesOf(pod), sampling });
    writeFileSync(join(volumes['config'] ?? '', 'ui.json'), configFile(manifests, 'ui.json'));
    return startPod(pod, {
      command: [await program('jaeger')],
      volumes,
      ready: `http://${pod.address}:${portOf('jaeger', 'health')}/status`,
    });
  };

/** Someone's pod that ran out of memory and does not come up again: some metrics exist only then. */
const addCrashingPod = async ({ addPod }: Cluster): Promise<void> => {
  await addPod({
    pod: plainPod({ name: 'crashing', namespace: profile.namespaces.application }),
    containerStatus: {
      ready: false,
      restartCount: 4,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
    },
  });
};

/** The production stack on loopback: real programs, but for the kubelets. */
export const startStack = async (): Promise<Stack> => {
  const manifests = rendered(profile);
  const cluster = await startCluster(manifests);
  const pods: ComponentPod[] = [];
  for (const component of deployed) pods.push(...(await cluster.addComponent(component, replicas[component])));
  await addCrashingPod(cluster);

  const [prometheusPod] = pods.filter(({ component }) => component === 'prometheus');
  if (prometheusPod === undefined) throw new Error('Prometheus has no pod');
  const { server } = cluster;
  const token = await server.serviceAccountToken(prometheusPod.namespace, 'prometheus');
  const credentials = directoryWith('service-account', { token });
  /** The addresses of the pods themselves: no Services stand before them. */
  const addressOf = (component: ComponentName): string =>
    pods.find((pod) => pod.component === component)?.address ?? `no pod of ${component}`;
  const platform: Platform = {
    namespaces: profile.namespaces,
    apiServer: { url: server.url, caFile: server.caFile, tokenFile: join(credentials, 'token') },
    hostOf: addressOf,
    listenAddressOf: addressOf,
  };
  const volumes = prometheusVolumes(platform, prometheusPod, configFile(manifests, 'recording.yaml'));
  const kept = new Map<ComponentPod, Volumes>();
  /** Directories that stay when the program ends. */
  const keptVolumes =
    (...names: readonly string[]) =>
    (pod: ComponentPod): Volumes => {
      const found =
        kept.get(pod) ?? Object.fromEntries(names.map((name) => [name, temporaryDirectory(`${pod.name}-${name}`)]));
      kept.set(pod, found);
      return found;
    };
  const prometheus: StartPod = async (pod) =>
    startPod(pod, {
      command: [await program('prometheus')],
      volumes,
      args: [`--web.listen-address=${pod.host}`, '--config.auto-reload-interval=1s'],
      ready: `http://${pod.host}/-/ready`,
    });

  const simulator = simulators(pods);
  const start: Readonly<Record<ComponentName, StartPod>> = {
    backend: simulator,
    worker: simulator,
    'ml-controller': simulator,
    prometheus,
    'kube-state-metrics': kubeStateMetrics(cluster),
    'postgres-exporter': postgresExporter,
    'node-exporter': nodeExporter,
    loki: onVolumes(startLoki, platform, keptVolumes(...lokiVolumes)),
    jaeger: jaeger(platform, keptVolumes('data', 'tmp'), manifests),
    'fluent-bit': onVolumes(startFluentBit, platform, keptVolumes(...fluentBitVolumes)),
  };
  const running = new Map<ComponentPod, RunningProcess>();
  const startOne = async (pod: ComponentPod): Promise<void> => {
    running.set(pod, await start[pod.component](pod));
  };
  const loki = new LokiApi(`http://${addressOf('loki')}:${portOf('loki', 'http')}`);
  if (fluentBit === undefined) for (const { name } of cluster.nodes) startLogAgentStandIn(name, loki, profile);
  await Promise.all([...pods.map(startOne), ...cluster.nodes.map((node) => startKubeletStandIn(cluster, node, pods))]);

  return {
    profile,
    cluster,
    pods,
    prometheus: new PrometheusApi(`http://${prometheusPod.host}`),
    loki,
    jaeger: new JaegerApi(`http://${addressOf('jaeger')}:${portOf('jaeger', 'http')}`),
    ruleDirectory: volumes.rules,
    start: startOne,
    platform,
    stop: async (pod) => {
      await running.get(pod)?.stop();
    },
    kill: async (pod) => {
      await running.get(pod)?.kill();
    },
    podOf: (component) => {
      const pod = pods.find((each) => each.component === component);
      if (pod === undefined) throw new Error(`no pod of ${component} is deployed`);
      return pod;
    },
  };
};

import { Duration } from 'cdk8s';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alertmanagerConfigOf,
  alertmanagerPeersOf,
  dataSourcesOf,
  jaegerConfigOf,
  prometheusConfigOf,
} from '../../charts/program-configs';
import type { AlertTable } from '../../lib/catalog/alerts';
import { components, portOf, type ComponentName } from '../../lib/catalog/components';
import { toProvisioningYaml } from '../../lib/config/grafana-provisioning';
import { secretFiles } from '../../lib/config/receivers';
import { toYaml } from '../../lib/config/to-yaml';
import { production } from '../../lib/profile/production';
import { inCluster, urlOf, type Platform } from '../../lib/platform/platform';
import type { Profile } from '../../lib/profile/profile';
import { staging } from '../../lib/profile/staging';
import { program } from '../../tools/programs';
import type { Manifest } from '../../charts/manifest';
import { dataSourcesPath, grafanaFiles, startGrafana } from '../harness/grafana';
import type { RunningProcess } from '../harness/process';
import { configFile, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';
import { anomalyDetectorBundle, simulatorBundle } from './bundles';
import { startCluster, type Cluster, type ClusterPod, type ComponentPod } from './cluster';
import { postgresPrograms, startDatabase } from './database';
import { JaegerApi } from './jaeger-api';
import { startKubeletStandIn } from './kubelet-stand-in';
import { containerLog } from './container-logs';
import { startLogAgentStandIn } from './log-agent-stand-in';
import { fluentBit, fluentBitVolumes, lokiVolumes, startFluentBit, startLoki } from './log-programs';
import { LokiApi } from './loki-api';
import { missing } from './missing-programs';
import { startNotificationSink, type NotificationSink } from './notification-sink';
import { pathsOf, startPod, withConfig, type Volumes } from './pod-process';
import { plainPod } from './plain-pod';
import { PrometheusApi } from './prometheus-api';

/** The sink that receives what Alertmanager sends, in the place of those who are told. */
const receiver = (name: string) => ({ kind: 'webhook', url: { secretName: 'receivers', key: name } }) as const;

/** As soon as it holds: the expressions, their windows and thresholds are production's. */
const atOnce = (table: AlertTable): AlertTable =>
  Object.fromEntries(
    Object.entries(table).map(([name, settings]) => [
      name,
      settings === 'off' ? settings : { ...settings, for: Duration.seconds(0) },
    ]),
  ) as AlertTable; // fromEntries forgets the names

const soon = {
  groupWait: Duration.seconds(1),
  groupInterval: Duration.seconds(5),
  // What did not change is not sent again during the tests.
  repeatInterval: Duration.hours(1),
};

/**
 * Production as it is, at the pace of a test; logs, traces and Grafana's users on volumes, as in staging, and without the
 * exporter of a database that this machine cannot run.
 */
export const profile: Profile = {
  ...production,
  logs: { ...production.logs, loki: staging.logs.loki },
  traces: staging.traces,
  grafana: staging.grafana,
  cluster: 'e2e',
  prometheus: {
    ...production.prometheus,
    scrapeInterval: Duration.seconds(1),
    scrapeTimeout: Duration.seconds(1),
    evaluationInterval: Duration.seconds(1),
    jobIntervals: {},
  },
  alerts: { ...production.alerts, table: atOnce(production.alerts.table) },
  alertmanager: {
    ...production.alertmanager,
    receivers: { page: receiver('page'), team: receiver('team'), 'dead-man': receiver('dead-man') },
    timings: {
      page: soon,
      team: soon,
      deadManInterval: Duration.seconds(6),
      peerTimeout: Duration.seconds(1),
      // One that was killed has to hear from the others what they sent, before it sends anything.
      startDelay: Duration.seconds(10),
    },
  },
  anomalies: {
    ...production.anomalies,
    history: Duration.minutes(10),
    step: Duration.seconds(1),
    warmUp: Duration.seconds(20),
  },
  ...(postgresPrograms === undefined && { database: 'none' }),
};

/** Two pods of one service are enough to tell one from another; the Alertmanagers are all there. */
const replicas: Partial<Readonly<Record<ComponentName, number>>> = {
  backend: 2,
  alertmanager: profile.alertmanager.replicas,
};

const deployed = (Object.keys(components) as ComponentName[]).filter((component) => !(component in missing));

export interface Stack {
  readonly profile: Profile;
  readonly cluster: Cluster;
  readonly pods: readonly ComponentPod[];
  /** The first pod of a component. */
  readonly podOf: (component: ComponentName) => ComponentPod;
  readonly prometheus: PrometheusApi;
  readonly loki: LokiApi;
  readonly jaeger: JaegerApi;
  readonly notifications: NotificationSink;
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

/** Memory that a process holds, if there is one. */
const residentBytes = (pid: number): number | undefined => {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined; // it ended
  }
};

type StartPod = (pod: ComponentPod) => Promise<RunningProcess>;

/** What plays AutoServe in its pods. */
const simulators = (pods: readonly ComponentPod[]): StartPod => {
  const bundle = simulatorBundle();
  const peer = (component: ComponentName, port: string = 'http'): string => {
    const pod = pods.find((each) => each.component === component);
    return pod === undefined ? '' : `http://${pod.address}:${portOf(component, port)}`;
  };
  const peers = {
    BACKEND_URL: peer('backend'),
    WORKER_URL: peer('worker'),
    OTEL_EXPORTER_OTLP_ENDPOINT: peer('jaeger', 'otlp-http'),
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
const prometheusVolumes = (platform: Platform, pod: ClusterPod, manifests: readonly Manifest[]) => {
  const config = prometheusConfigOf(profile, platform);
  const volumes = {
    config: temporaryDirectory('prometheus-config'),
    rules: directoryWith(
      'prometheus-rules',
      Object.fromEntries(['recording.yaml', 'alerting.yaml'].map((file) => [file, configFile(manifests, file)])),
    ),
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

/** All of its kind know each other by the names that a cluster's DNS would have. */
const alertmanager =
  (
    platform: Platform,
    volumesOf: (pod: ComponentPod) => Volumes,
    manifests: readonly Manifest[],
    sink: NotificationSink,
  ): StartPod =>
  async (pod) => {
    const secrets = directoryWith(
      `${pod.name}-secrets`,
      Object.fromEntries(
        Object.entries(secretFiles(profile.alertmanager.receivers)).map(([file, { key }]) => [file, sink.urlOf(key)]),
      ),
    );
    const volumes = withConfig(pod, 'alertmanager.yml', alertmanagerConfigOf(profile), { ...volumesOf(pod), secrets });
    writeFileSync(join(volumes['config'] ?? '', 'notifications.tmpl'), configFile(manifests, 'notifications.tmpl'));
    const here = alertmanagerPeersOf(profile, platform);
    const inPods = alertmanagerPeersOf(profile, inCluster(profile.namespaces));
    return startPod(pod, {
      command: [await program('alertmanager')],
      volumes,
      args: [`--web.listen-address=${pod.host}`],
      hosts: Object.fromEntries(inPods.map((name, index) => [name, here[index] ?? name])),
      ready: `http://${pod.host}/-/ready`,
    });
  };

/** Its data sources are the programs of this stack. */
const dashboards =
  (platform: Platform, volumesOf: (pod: ComponentPod) => Volumes, manifests: readonly Manifest[]): StartPod =>
  (pod) =>
    startGrafana(
      { ...grafanaFiles(manifests), [dataSourcesPath]: toProvisioningYaml(dataSourcesOf(profile, platform)) },
      { root: volumesOf(pod)['root'] ?? '', address: pod.address, port: portOf('grafana', 'http') },
    );

const anomalyDetector = (platform: Platform): StartPod => {
  const bundle = anomalyDetectorBundle();
  return (pod) =>
    startPod(pod, {
      command: [process.execPath, bundle],
      env: {
        PROMETHEUS_URL: urlOf(platform, 'anomaly-detector', 'prometheus'),
        LISTEN_ADDRESS: pod.address,
        EVALUATION_INTERVAL: '1s',
      },
      ready: `http://${pod.host}/readyz`,
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
    replicaHostsOf: (component, replicas) =>
      pods.flatMap((pod) => (pod.component === component ? [pod.address] : [])).slice(0, replicas),
    listenAddressOf: addressOf,
  };
  const volumes = prometheusVolumes(platform, prometheusPod, manifests);
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

  const notifications = await startNotificationSink();
  const simulator = simulators(pods);
  const start: Readonly<Record<ComponentName, StartPod>> = {
    backend: simulator,
    worker: simulator,
    'ml-controller': simulator,
    prometheus,
    alertmanager: alertmanager(platform, keptVolumes('data'), manifests, notifications),
    'anomaly-detector': anomalyDetector(platform),
    grafana: dashboards(platform, keptVolumes('root'), manifests),
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
  const memoryOf = (name: string): number | undefined => {
    const [, process] = [...running].find(([pod]) => pod.name === name) ?? [];
    return process && residentBytes(process.pid);
  };
  const loki = new LokiApi(`http://${addressOf('loki')}:${portOf('loki', 'http')}`);
  if (fluentBit === undefined) for (const { name } of cluster.nodes) startLogAgentStandIn(name, loki, profile);
  await Promise.all([
    ...pods.map(startOne),
    ...cluster.nodes.map((node) => startKubeletStandIn(cluster, node, pods, memoryOf)),
  ]);

  return {
    profile,
    cluster,
    pods,
    prometheus: new PrometheusApi(`http://${prometheusPod.host}`),
    loki,
    notifications,
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

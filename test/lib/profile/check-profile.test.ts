import { Duration, Size } from 'cdk8s';
import type { Image } from '../../../lib/catalog/image';
import { checkProfile } from '../../../lib/profile/check-profile';
import { local } from '../../../lib/profile/local';
import { production } from '../../../lib/profile/production';
import type {
  AutoServeImages,
  AutoServeProfile,
  DatabaseProfile,
  LogsProfile,
  NetworkProfile,
  ObjectStore,
  Profile,
  PrometheusProfile,
  Resources,
  SecretRef,
  TraceStore,
  TracesProfile,
} from '../../../lib/profile/profile';
import { staging } from '../../../lib/profile/staging';

const check = (override: Partial<Profile> = {}) => [...checkProfile({ ...production, ...override })];

test.each([local, staging, production])('the shipped profile $name has no problems', (profile) => {
  expect([...checkProfile(profile)]).toEqual([]);
});

const namespaces = (override: Partial<Profile['namespaces']>) => ({
  namespaces: { ...production.namespaces, ...override },
});
const image = (override: Partial<Image>) => ({
  images: { ...production.images, prometheus: { ...production.images.prometheus, ...override } },
});
const network = (override: Partial<NetworkProfile>) => ({ network: { ...production.network, ...override } });
const autoserve = (override: Partial<AutoServeProfile>) => ({ autoserve: { ...production.autoserve, ...override } });
const program = (override: Partial<AutoServeImages>) =>
  autoserve({
    program: {
      registry: 'docker.io/autoserve',
      version: '1.0.0',
      digests: 'by-version',
      user: 10001,
      pullSecret: 'none',
      ...override,
    },
  });
const backend = (replicas: number) =>
  autoserve({
    services: { ...production.autoserve.services, backend: { ...production.autoserve.services.backend, replicas } },
  });
const controllers = (replicas: number | 'scaled') => {
  const { services } = production.autoserve;
  return autoserve({ services: { ...services, 'ml-controller': { ...services['ml-controller'], replicas } } });
};
const digest = `sha256:${'0'.repeat(64)}`;
const prometheus = (override: Partial<PrometheusProfile>) => ({
  prometheus: { ...production.prometheus, ...override },
});
/** With anomalies that need no more than is kept. */
const retained = (retention: Duration): Partial<Profile> => ({
  ...prometheus({ retention }),
  anomalies: { ...production.anomalies, history: Duration.hours(5), warmUp: Duration.hours(1) },
});
const resources = (override: Partial<Resources>) => ({ nodeExporter: { ...production.nodeExporter, ...override } });
const database = (override: Partial<DatabaseProfile>): Partial<Profile> =>
  production.database === 'none' ? {} : { database: { ...production.database, ...override } };
const dsn = (secretName: string, key: string) => {
  const ref = { secretName: 'postgres', key: 'k' };
  return database({ dsn: { uri: ref, user: ref, password: { secretName, key } } });
};

const logs = (override: Partial<LogsProfile>) => ({ logs: { ...production.logs, ...override } });
const loki = (override: Partial<LogsProfile['loki']>) => logs({ loki: { ...production.logs.loki, ...override } });
/** A promise that fits the disk however long it is, unless the rate is overridden. */
const outage = (duration: Duration, application = 10): Partial<LogsProfile> => ({
  outage: { duration, linesPerSecond: { application, platform: 10 } },
});
const sampled = (keepRatio: number, modules: readonly string[] = ['auth']): Partial<LogsProfile> => ({
  reduction: { debug: 'drop', info: { modules, keepRatio } },
});
const bucket = (override: Partial<Pick<ObjectStore, 'bucket' | 'credentials' | 'network'>>) =>
  loki({
    objects: {
      kind: 'gcs',
      bucket: 'lines',
      credentials: 'workload-identity',
      network: { cidrs: ['10.0.0.0/8'], ports: [443] },
      ...override,
    },
  });

const traces = (override: Partial<TracesProfile>) => ({ traces: { ...production.traces, ...override } });
const decided = (override: Partial<Exclude<TracesProfile['tailSampling'], 'keep-all'>>) =>
  traces({
    tailSampling: { decisionWait: Duration.seconds(90), keepRatio: 0.05, maxWaiting: 1000, ...override },
  });
const stored = (store: TraceStore, replicas = 1) => traces({ store, replicas, tailSampling: 'keep-all' });
const volume = { size: Size.gibibytes(20), storageClass: 'cluster-default' } as const;
const badger: TraceStore = { kind: 'badger', retention: Duration.days(7), volume };
const outside = { credentials: 'none', tls: 'off', network: { cidrs: ['10.0.0.0/8'], ports: [9200] } } as const;
const search = {
  kind: 'elasticsearch',
  urls: ['http://search:9200'],
  indexPrefix: 'shop',
  ...outside,
} as const satisfies TraceStore;
const user: SecretRef = { secretName: 'search', key: 'user' };

const long = 'a'.repeat(64);
const none = Duration.seconds(0);

test.each<readonly [string, Partial<Profile>, path: string, value: string, fix: string]>([
  ['a name with a space', { name: 'my profile' }, 'my profile.name', '"my profile"', 'small letters'],
  ['a cluster of 64 characters', { cluster: long }, 'production.cluster', long, 'at most 63'],
  ['a cluster with _', { cluster: 'a_b' }, 'production.cluster', '"a_b"', 'small letters, digits and -'],
  ['a cluster without a name', { cluster: '' }, 'production.cluster', '""', 'letter or digit at both ends'],
  ['a namespace that ends in -', namespaces({ agents: 'a-' }), 'production.namespaces.agents', '"a-"', 'both ends'],
  [
    'two roles in one namespace',
    namespaces({ agents: 'monitoring' }),
    'production.namespaces.agents',
    'monitoring',
    'monitoring has that namespace',
  ],
  ['an image tagged latest', image({ tag: 'latest' }), 'production.images.prometheus.tag', 'latest', 'exact version'],
  ['an image tag with a space', image({ tag: 'v 1' }), 'production.images.prometheus.tag', '"v 1"', 'image tag'],
  ['an image by tag alone', image({ digest: '' }), 'production.images.prometheus.digest', '""', 'sha256:'],
  ['a short digest', image({ digest: 'sha256:12' }), 'production.images.prometheus.digest', '"sha256:12"', '64 hex'],
  ['an image that runs as root', image({ user: 0 }), 'production.images.prometheus.user', '0', 'root'],
  [
    'an address in place of a range',
    network({ nodeCidrs: ['10.0.0.1'] }),
    'production.network.nodeCidrs[0]',
    '"10.0.0.1"',
    '10.0.0.0/8',
  ],
  [
    'a range of 33 bits',
    network({ apiServer: { cidrs: ['10.0.0.0/8', '10.0.0.0/33'], ports: [443] } }),
    'production.network.apiServer.cidrs[1]',
    '"10.0.0.0/33"',
    'CIDR',
  ],
  [
    'port 0',
    network({ apiServer: { cidrs: ['fd00::/8'], ports: [443, 0] } }),
    'production.network.apiServer.ports[1]',
    '0',
    '1 to 65535',
  ],
  ['no replicas', backend(0), 'production.autoserve.services.backend.replicas', '0', '1 or more'],
  ['half a replica', backend(1.5), 'production.autoserve.services.backend.replicas', '1.5', 'whole number'],
  ['no processor', resources({ cpu: 0 }), 'production.nodeExporter.cpu', '0 cores', 'a thousandth'],
  [
    'a processor that is no number',
    resources({ cpu: NaN }),
    'production.nodeExporter.cpu',
    'NaN cores',
    'a thousandth',
  ],
  [
    'a request above its limit',
    resources({ memory: { request: Size.mebibytes(65), limit: Size.mebibytes(64) } }),
    'production.nodeExporter.memory',
    'request 65Mi',
    'limit of 64Mi',
  ],
  [
    'no memory',
    resources({ memory: { request: Size.mebibytes(0), limit: Size.mebibytes(64) } }),
    'production.nodeExporter.memory.request',
    '0 KiB',
    'above 0',
  ],
  [
    'no disk',
    resources({ ephemeralStorage: Size.mebibytes(0) }),
    'production.nodeExporter.ephemeralStorage',
    '0 KiB',
    'above 0',
  ],
  [
    'a database that is nowhere',
    database({ endpoint: { cidrs: [], ports: [5432] } }),
    'production.database.endpoint.cidrs',
    'none',
    'at least one',
  ],
  ['nodes that are nowhere', network({ nodeCidrs: [] }), 'production.network.nodeCidrs', 'none', 'at least one'],
  [
    'a broker without ports',
    autoserve({ broker: { cidrs: ['10.0.0.0/8'], ports: [] } }),
    'production.autoserve.broker.ports',
    'none',
    'at least one',
  ],
  [
    'a size that is no whole number of kibibytes',
    prometheus({ retentionSize: Size.gibibytes(0.0001) }),
    'production.prometheus.retentionSize',
    '104.8576 KiB',
    'whole kibibytes',
  ],
  [
    'a retention size of nothing, which Prometheus reads as no limit',
    prometheus({ retentionSize: Size.gibibytes(0) }),
    'production.prometheus.retentionSize',
    '0 KiB',
    'above 0',
  ],
  [
    'a StorageClass with capitals',
    prometheus({ volume: { size: Size.gibibytes(100), storageClass: { name: 'Fast' } } }),
    'production.prometheus.volume.storageClass.name',
    '"Fast"',
    'small letters',
  ],
  [
    'pods that are discovered twice',
    prometheus({ annotatedPodNamespaces: ['other', 'other'] }),
    'production.prometheus.annotatedPodNamespaces[1]',
    'other',
    'discovered already',
  ],
  [
    "AutoServe's own namespace again",
    prometheus({ annotatedPodNamespaces: ['autoserve-prod'] }),
    'production.prometheus.annotatedPodNamespaces[0]',
    'autoserve-prod',
    'discovered already',
  ],
  [
    'an image from nowhere',
    image({ repository: 'https://Quay.io/x ' }),
    'production.images.prometheus.repository',
    '"https://Quay.io/x "',
    'without scheme',
  ],
  [
    'a service whose image has no whole digest',
    program({ digests: { backend: 'sha256:0', worker: digest, 'ml-controller': digest } }),
    'production.autoserve.program.digests.backend',
    '"sha256:0"',
    '64 hexadecimal digits',
  ],
  [
    'a pull Secret with capitals',
    program({ pullSecret: { secretName: 'Registry' } }),
    'production.autoserve.program.pullSecret.secretName',
    '"Registry"',
    'small letters',
  ],
  [
    'two controllers',
    controllers(2),
    'production.autoserve.services.ml-controller.replicas',
    '2',
    'against each other',
  ],
  [
    'a controller that is left to itself',
    controllers('scaled'),
    'production.autoserve.services.ml-controller.replicas',
    'scaled',
    'exactly 1',
  ],
  [
    'a range with two lengths',
    network({ nodeCidrs: ['10.0.0.0/8/9'] }),
    'production.network.nodeCidrs[0]',
    '"10.0.0.0/8/9"',
    'as CIDR',
  ],
  [
    'a range with a zone',
    network({ nodeCidrs: ['fe80::1%eth0/64'] }),
    'production.network.nodeCidrs[0]',
    '"fe80::1%eth0/64"',
    'as CIDR',
  ],
  [
    'all processors there are',
    resources({ cpu: Infinity }),
    'production.nodeExporter.cpu',
    'Infinity cores',
    'a thousandth',
  ],
  [
    "the cluster's own namespace",
    namespaces({ monitoring: 'kube-system' }),
    'production.namespaces.monitoring',
    'kube-system',
    'of its own',
  ],
  [
    'a registry with a scheme',
    program({ registry: 'https://example.org/a' }),
    'production.autoserve.program.registry',
    '"https://example.org/a"',
    'AUTOSERVE_REGISTRY',
  ],
  [
    'a registry that ends in a slash',
    program({ registry: 'example.org/' }),
    'production.autoserve.program.registry',
    '"example.org/"',
    'slash at the end',
  ],
  [
    'the latest version',
    program({ version: 'latest' }),
    'production.autoserve.program.version',
    'latest',
    'AUTOSERVE_VERSION',
  ],
  ['a version that moves', program({ version: '1.2' }), 'production.autoserve.program.version', '1.2', 'exact version'],
  ['no version', program({ version: '' }), 'production.autoserve.program.version', '""', 'AUTOSERVE_VERSION'],
  ['services that run as root', program({ user: 0 }), 'production.autoserve.program.user', '0', 'root'],
  [
    'a Secret with capitals',
    autoserve({ secret: { secretName: 'Settings' } }),
    'production.autoserve.secret.secretName',
    '"Settings"',
    'small letters',
  ],
  [
    'a client namespace with a dot',
    autoserve({ clientNamespaces: ['a.b'] }),
    'production.autoserve.clientNamespaces[0]',
    '"a.b"',
    'small letters',
  ],
  ['no Prometheus', prometheus({ replicas: 0 }), 'production.prometheus.replicas', '0', '1 or more'],
  [
    'a Prometheus without processor',
    prometheus({ resources: { ...production.prometheus.resources, cpu: -1 } }),
    'production.prometheus.resources.cpu',
    '-1 cores',
    'a thousandth',
  ],
  [
    'no evaluation',
    prometheus({ evaluationInterval: none }),
    'production.prometheus.evaluationInterval',
    '0',
    'above 0',
  ],
  ['no timeout', prometheus({ scrapeTimeout: none }), 'production.prometheus.scrapeTimeout', '0', 'above 0'],
  [
    'a timeout above the interval',
    prometheus({ scrapeTimeout: Duration.millis(15_001), jobIntervals: {} }),
    'production.prometheus.scrapeInterval',
    '15s',
    'scrapeTimeout of 15s1ms',
  ],
  [
    "a timeout above a job's interval",
    prometheus({ jobIntervals: { backend: Duration.seconds(9) } }),
    'production.prometheus.jobIntervals.backend',
    '9s',
    'scrapeTimeout of 10s',
  ],
  [
    'a retention below that of the head block',
    retained(Duration.minutes(359)),
    'production.prometheus.retention',
    '5h59m',
    'at least 6 h',
  ],
  [
    'a retention that the volume cannot hold',
    prometheus({ retentionSize: Size.gibibytes(81) }),
    'production.prometheus.retentionSize',
    '81Gi',
    '80 % of the volume of 100Gi',
  ],
  [
    'a scraped namespace with capitals',
    prometheus({ annotatedPodNamespaces: ['shop', 'Shop'] }),
    'production.prometheus.annotatedPodNamespaces[1]',
    '"Shop"',
    'small letters',
  ],
  [
    "a port of the database's that is none",
    database({ endpoint: { cidrs: ['10.0.0.0/8'], ports: [70_000] } }),
    'production.database.endpoint.ports[0]',
    '70000',
    '65535',
  ],
  [
    'a database at no range',
    database({ endpoint: { cidrs: ['db.example.org'], ports: [5432] } }),
    'production.database.endpoint.cidrs[0]',
    '"db.example.org"',
    'CIDR',
  ],
  ['a Secret with _', dsn('a_b', 'k'), 'production.database.dsn.password.secretName', '"a_b"', 'small letters'],
  ['a key with a slash', dsn('a', 'a/b'), 'production.database.dsn.password.key', '"a/b"', 'key of the Secret'],
  [
    'an exporter without processor',
    database({ resources: { ...production.nodeExporter, cpu: 0 } }),
    'production.database.resources.cpu',
    '0 cores',
    'a thousandth',
  ],
  [
    'a kube-state-metrics without processor',
    { kubeStateMetrics: { ...production.kubeStateMetrics, cpu: 0 } },
    'production.kubeStateMetrics.cpu',
    '0 cores',
    'a thousandth',
  ],
  [
    'an agent that is not root, and would read nothing',
    { images: { ...production.images, fluentBit: { ...production.images.fluentBit, user: 10001 } } },
    'production.images.fluentBit.user',
    '10001',
    'belong to root',
  ],
  [
    'a promise that nothing is lost, with a buffer in memory',
    logs({ buffer: 'memory' }),
    'production.logs.buffer',
    'memory',
    "promises 4h without loss: buffer on disk, or let outage be 'may-lose-lines'",
  ],
  [
    'an outage for which the buffer is too small',
    logs({ buffer: { disk: Size.gibibytes(9) } }),
    'production.logs.buffer.disk',
    '9Gi',
    '4h at these rates take 10152Mi: enlarge it, or promise less in outage',
  ],
  [
    'a buffer of nothing',
    logs({ buffer: { disk: Size.gibibytes(0) } }),
    'production.logs.buffer.disk',
    '0 KiB',
    'above 0',
  ],
  ['an outage of no time', logs(outage(none)), 'production.logs.outage.duration', '0', 'above 0'],
  [
    'an outage in which nothing is written',
    logs(outage(Duration.hours(1), 0)),
    'production.logs.outage.linesPerSecond.application',
    '0',
    'lines a second of the busiest node',
  ],
  [
    'an outage in which less than nothing is written',
    logs(outage(Duration.hours(1), -1)),
    'production.logs.outage.linesPerSecond.application',
    '-1',
    'above 0',
  ],
  [
    'an outage in which everything is written',
    logs(outage(Duration.hours(1), Infinity)),
    'production.logs.outage.linesPerSecond.application',
    'Infinity',
    'above 0',
  ],
  [
    'an outage so long that Loki could not close its chunks',
    logs(outage(Duration.hours(37))),
    'production.logs.outage.duration',
    '2d1h20m',
    'at most 48 h',
  ],
  [
    'an outage after which lines come that are kept no longer',
    logs({ ...outage(Duration.hours(19)), retention: Duration.hours(24) }),
    'production.logs.outage.duration',
    '1d1h20m',
    'less than the retention of 1d',
  ],
  [
    'lines that are kept for less than a day',
    logs({ retention: Duration.hours(23) }),
    'production.logs.retention',
    '23h',
    'at least 24 h',
  ],
  ['no INFO line at all', logs(sampled(0)), 'production.logs.reduction.info.keepRatio', '0', 'above 0 and at most 1'],
  ['a share in percent', logs(sampled(5)), 'production.logs.reduction.info.keepRatio', '5', 'as in 0.05'],
  [
    'a share that is no number',
    logs(sampled(NaN)),
    'production.logs.reduction.info.keepRatio',
    'NaN',
    'above 0 and at most 1',
  ],
  [
    'a share of no modules',
    logs(sampled(0.5, [])),
    'production.logs.reduction.info.modules',
    'none',
    'name the busy modules',
  ],
  ['half a node', logs({ maxNodes: 0.5 }), 'production.logs.maxNodes', '0.5', 'whole number of nodes'],
  ['no nodes', logs({ maxNodes: 0 }), 'production.logs.maxNodes', '0', '1 or more'],
  [
    'an agent without processor',
    logs({ agent: { ...production.logs.agent, cpu: 0 } }),
    'production.logs.agent.cpu',
    '0 cores',
    'a thousandth',
  ],
  ['no Loki', loki({ replicas: 0 }), 'production.logs.loki.replicas', '0', '1 or more'],
  [
    'a Loki without processor',
    loki({ resources: { ...production.logs.loki.resources, cpu: 0 } }),
    'production.logs.loki.resources.cpu',
    '0 cores',
    'a thousandth',
  ],
  [
    'a Loki without disk',
    loki({ volume: { ...volume, size: Size.gibibytes(0) } }),
    'production.logs.loki.volume.size',
    '0 KiB',
    'above 0',
  ],
  [
    "a StorageClass of Loki's with capitals",
    loki({ volume: { ...volume, storageClass: { name: 'Fast' } } }),
    'production.logs.loki.volume.storageClass.name',
    '"Fast"',
    'small letters',
  ],
  [
    'replicas of Loki that would each have lines of their own',
    loki({ objects: 'volume' }),
    'production.logs.loki.replicas',
    '3',
    'replicas share an object store, not a volume',
  ],
  [
    'two replicas of Loki, neither of which can go',
    loki({ replicas: 2 }),
    'production.logs.loki.replicas',
    '2',
    'run 1, or 3 and more',
  ],
  [
    'a bucket with capitals',
    bucket({ bucket: 'Lines' }),
    'production.logs.loki.objects.bucket',
    '"Lines"',
    'name a bucket',
  ],
  [
    'a bucket that is nowhere',
    bucket({ network: { cidrs: [], ports: [443] } }),
    'production.logs.loki.objects.network.cidrs',
    'none',
    'at least one',
  ],
  [
    "a bucket's key with a slash",
    bucket({ credentials: { secretName: 'bucket', key: 'a/b' } }),
    'production.logs.loki.objects.credentials.key',
    '"a/b"',
    'key of the Secret',
  ],
  ['no Jaeger', traces({ replicas: 0 }), 'production.traces.replicas', '0', '1 or more'],
  [
    'a Jaeger without processor',
    traces({ resources: { ...production.traces.resources, cpu: 0 } }),
    'production.traces.resources.cpu',
    '0 cores',
    'a thousandth',
  ],
  [
    'no trace at all of what is critical',
    traces({ headSampling: { critical: 0, standard: 1, routine: 1 } }),
    'production.traces.headSampling.critical',
    '0',
    'above 0 and at most 1',
  ],
  [
    'more routine than there is',
    traces({ headSampling: { critical: 1, standard: 1, routine: 1.1 } }),
    'production.traces.headSampling.routine',
    '1.1',
    'at most 1',
  ],
  [
    'Badger with two replicas',
    stored(badger, 2),
    'production.traces.replicas',
    '2',
    'a store of kind badger belongs to one process: run 1, or name an external store',
  ],
  [
    'two replicas that each remember a part',
    stored({ kind: 'memory', maxTraces: 1 }, 2),
    'production.traces.replicas',
    '2',
    'kind memory belongs to one process',
  ],
  [
    'two replicas that each decide by what they see',
    traces({ replicas: 2 }),
    'production.traces.replicas',
    '2',
    "let tailSampling be 'keep-all'",
  ],
  ['a share of no traces', decided({ keepRatio: 0 }), 'production.traces.tailSampling.keepRatio', '0', 'above 0'],
  [
    'a decision before a slow trace is over',
    decided({ decisionWait: Duration.seconds(60) }),
    'production.traces.tailSampling.decisionWait',
    '1m',
    'services promise up to 60 s',
  ],
  ['no trace that waits', decided({ maxWaiting: 0 }), 'production.traces.tailSampling.maxWaiting', '0', '1 or more'],
  [
    'a memory of half a trace',
    stored({ kind: 'memory', maxTraces: 0.5 }),
    'production.traces.store.maxTraces',
    '0.5',
    'whole number of traces',
  ],
  [
    'traces that are kept for no time',
    stored({ ...badger, retention: none }),
    'production.traces.store.retention',
    '0',
    'above 0',
  ],
  [
    'traces on a disk of nothing',
    stored({ ...badger, volume: { ...volume, size: Size.gibibytes(0) } }),
    'production.traces.store.volume.size',
    '0 KiB',
    'above 0',
  ],
  [
    'a store that is nowhere',
    stored({ ...search, network: { cidrs: [], ports: [9200] } }),
    'production.traces.store.network.cidrs',
    'none',
    'at least one',
  ],
  [
    "a password's Secret with _",
    stored({ ...search, credentials: { username: user, password: { secretName: 'a_b', key: 'k' } } }),
    'production.traces.store.credentials.password.secretName',
    '"a_b"',
    'small letters',
  ],
  [
    "a CA's key with a slash",
    stored({ ...search, urls: ['https://search'], tls: { ca: { secretName: 'ca', key: 'a/b' } } }),
    'production.traces.store.tls.ca.key',
    '"a/b"',
    'key of the Secret',
  ],
  [
    'a prefix of indices with _',
    stored({ ...search, indexPrefix: 'a_b' }),
    'production.traces.store.indexPrefix',
    '"a_b"',
    'small letters',
  ],
  ['a store without a URL', stored({ ...search, urls: [] }), 'production.traces.store.urls', 'none', 'at least one'],
  [
    'a URL that is not encrypted, to a store that is',
    stored({ ...search, kind: 'opensearch', tls: 'system-roots' }),
    'production.traces.store.urls[0]',
    'http://search:9200',
    "with tls 'system-roots' write a URL that starts with https://",
  ],
  [
    'an encrypted URL, to a store that is not',
    stored({ ...search, urls: ['http://a', 'https://b'] }),
    'production.traces.store.urls[1]',
    'https://b',
    "with tls 'off' write a URL that starts with http://",
  ],
  [
    'a host in place of a URL',
    stored({ ...search, urls: ['search:9200'] }),
    'production.traces.store.urls[0]',
    'search:9200',
    'http://',
  ],
  [
    'Cassandra without a server',
    stored({ ...outside, kind: 'cassandra', servers: [], datacenter: 'a', keyspace: 'b' }),
    'production.traces.store.servers',
    'none',
    'at least one',
  ],
  [
    'ClickHouse without an address',
    stored({ ...outside, kind: 'clickhouse', addresses: [], database: 'a' }),
    'production.traces.store.addresses',
    'none',
    'at least one',
  ],
])('%s is refused by path, value and fix', (_, override, path, value, fix) => {
  expect(check(override)).toEqual([{ path, value, fix: expect.stringContaining(fix) as string }]);
});

test('several problems are told together', () => {
  const wrong = { ...prometheus({ replicas: 0, retention: none }), cluster: '', ...image({ tag: 'latest', user: 0 }) };
  expect(check(wrong).map(({ path }) => path)).toEqual([
    'production.cluster',
    'production.images.prometheus.tag',
    'production.images.prometheus.user',
    'production.prometheus.replicas',
    'production.prometheus.retention',
    'production.anomalies.history',
  ]);
});

test('Grafana is looked at, too', () => {
  expect(check({ secrets: 'public' }).map(({ path }) => path)).toEqual(['production.secrets']);
});

test.each<readonly [string, Partial<Profile>]>([
  ['a name of 63 characters', { cluster: 'a'.repeat(63) }],
  ['a request that equals its limit', resources({ memory: { request: Size.gibibytes(1), limit: Size.gibibytes(1) } })],
  ['a timeout that equals the interval', prometheus({ scrapeTimeout: Duration.seconds(15), jobIntervals: {} })],
  ['exactly 80 % of the volume', prometheus({ retentionSize: Size.gibibytes(80) })],
  ['six hours of retention', retained(Duration.hours(6))],
  ['IPv6 ranges', network({ nodeCidrs: ['fd00::/8', '::/0'] })],
  ['a registry with a port', program({ registry: 'localhost:5000/autoserve' })],
  ['digests of every image', program({ digests: { backend: digest, worker: digest, 'ml-controller': digest } })],
  ['a Secret with dots in its name', autoserve({ secret: { secretName: 'autoserve.settings' } })],
  ['no database', { database: 'none' }],
  ['the simulator', autoserve({ program: 'simulator', secret: 'none' })],
  ['a buffer in memory without a promise', logs({ buffer: 'memory', outage: 'may-lose-lines' })],
  ['a disk without a promise', logs({ buffer: { disk: Size.mebibytes(1) }, outage: 'may-lose-lines' })],
  ['exactly the buffer that an outage needs', logs({ buffer: { disk: Size.mebibytes(10_152) } })],
  ['the longest outage after which lines are still taken', logs(outage(Duration.hours(36)))],
  ['an outage as long as lines are kept', logs({ ...outage(Duration.hours(18)), retention: Duration.hours(24) })],
  ['a day of lines', logs({ retention: Duration.hours(24) })],
  ['all INFO lines as a share', logs(sampled(1))],
  ['a small share of INFO lines', logs(sampled(0.001))],
  ['one Loki on a volume', loki({ replicas: 1, objects: 'volume' })],
  ['one Loki over a bucket', loki({ replicas: 1 })],
  ['a bucket with dots, to which the pod has a right', bucket({ bucket: 'lines.example.org' })],
  ['a bucket with a file of credentials', bucket({ credentials: { secretName: 'bucket', key: 'key.json' } })],
  ['Badger with one replica', stored(badger)],
  ['a memory of one trace', stored({ kind: 'memory', maxTraces: 1 })],
  ['replicas over an external store that keep every trace', stored(search, 3)],
  ['a decision once a slow trace is over', decided({ decisionWait: Duration.seconds(61) })],
  ['all traces, decided one by one', decided({ keepRatio: 1, maxWaiting: 1 })],
  [
    'a store with a CA of its own',
    stored({ ...search, urls: ['https://search'], tls: { ca: { secretName: 'ca', key: 'ca.crt' } } }),
  ],
  ['a store over gRPC', stored({ ...outside, kind: 'grpc', address: 'store:17271' })],
])('%s is accepted', (_, override) => {
  expect(check(override)).toEqual([]);
});

test('no profile can give a store over gRPC credentials, which Jaeger would not show it', () => {
  const credentials = { username: user, password: user };
  // @ts-expect-error -- its credentials are 'none'
  const store: TraceStore = { kind: 'grpc', address: 'a:1', tls: 'off', network: outside.network, credentials };
  expect(store.kind).toBe('grpc');
});

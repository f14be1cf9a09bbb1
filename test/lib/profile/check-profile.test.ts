import { Duration, Size } from 'cdk8s';
import type { Image } from '../../../lib/catalog/image';
import { checkProfile } from '../../../lib/profile/check-profile';
import { local } from '../../../lib/profile/local';
import { production } from '../../../lib/profile/production';
import type {
  AutoServeImages,
  AutoServeProfile,
  DatabaseProfile,
  NetworkProfile,
  Profile,
  PrometheusProfile,
  Resources,
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
const resources = (override: Partial<Resources>) => ({ nodeExporter: { ...production.nodeExporter, ...override } });
const database = (override: Partial<DatabaseProfile>): Partial<Profile> =>
  production.database === 'none' ? {} : { database: { ...production.database, ...override } };
const dsn = (secretName: string, key: string) => {
  const ref = { secretName: 'postgres', key: 'k' };
  return database({ dsn: { uri: ref, user: ref, password: { secretName, key } } });
};

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
    '15 seconds',
    'scrapeTimeout of 15 seconds 1 milli',
  ],
  [
    "a timeout above a job's interval",
    prometheus({ jobIntervals: { backend: Duration.seconds(9) } }),
    'production.prometheus.jobIntervals.backend',
    '9 seconds',
    'scrapeTimeout of 10 seconds',
  ],
  [
    'a retention below that of the head block',
    prometheus({ retention: Duration.minutes(359) }),
    'production.prometheus.retention',
    '5 hours 59 minutes',
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
  ]);
});

test.each<readonly [string, Partial<Profile>]>([
  ['a name of 63 characters', { cluster: 'a'.repeat(63) }],
  ['a request that equals its limit', resources({ memory: { request: Size.gibibytes(1), limit: Size.gibibytes(1) } })],
  ['a timeout that equals the interval', prometheus({ scrapeTimeout: Duration.seconds(15), jobIntervals: {} })],
  ['exactly 80 % of the volume', prometheus({ retentionSize: Size.gibibytes(80) })],
  ['six hours of retention', prometheus({ retention: Duration.hours(6) })],
  ['IPv6 ranges', network({ nodeCidrs: ['fd00::/8', '::/0'] })],
  ['a registry with a port', program({ registry: 'localhost:5000/autoserve' })],
  ['digests of every image', program({ digests: { backend: digest, worker: digest, 'ml-controller': digest } })],
  ['a Secret with dots in its name', autoserve({ secret: { secretName: 'autoserve.settings' } })],
  ['no database', { database: 'none' }],
  ['the simulator', autoserve({ program: 'simulator', secret: 'none' })],
])('%s is accepted', (_, override) => {
  expect(check(override)).toEqual([]);
});

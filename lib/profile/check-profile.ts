import type { Duration } from 'cdk8s';
import { isIP } from 'node:net';
import type { Image } from '../catalog/image';
import { isLonger } from '../units/duration';
import type { Problem } from '../units/problem';
import { bytes, quantity } from '../units/size';
import type { AutoServeImages, Endpoint, PrometheusProfile, Profile, Resources, SecretRef } from './profile';

type Problems = Iterable<Problem>;

/** A DNS label of RFC 1123: the name of a namespace, a Service, a container. */
function* checkName(path: string, value: string): Problems {
  if (value.length > 63) yield { path, value, fix: `a name has at most 63 characters, this one ${value.length}` };
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value))
    yield {
      path,
      value: JSON.stringify(value),
      fix: 'use small letters, digits and -, with a letter or digit at both ends',
    };
}

function* checkSecret(path: string, { secretName, key }: SecretRef): Problems {
  yield* checkName(`${path}.secretName`, secretName);
  if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key))
    yield {
      path: `${path}.key`,
      value: JSON.stringify(key),
      fix: 'name a key of the Secret: letters, digits, -, _ and .',
    };
}

function* checkCidr(path: string, cidr: string): Problems {
  const [address = '', prefix = ''] = cidr.split('/');
  const family = isIP(address);
  const bits = Number(prefix);
  if (family === 0 || !/^\d+$/.test(prefix) || bits > (family === 4 ? 32 : 128))
    yield { path, value: JSON.stringify(cidr), fix: 'write an address range as CIDR, as in 10.0.0.0/8' };
}

function* checkPort(path: string, port: number): Problems {
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    yield { path, value: `${port}`, fix: 'a port is a whole number from 1 to 65535' };
}

function* checkCidrs(path: string, cidrs: readonly string[]): Problems {
  // In a NetworkPolicy, an empty list of peers is everybody.
  if (cidrs.length === 0) yield { path, value: 'none', fix: 'name at least one address range' };
  for (const [index, cidr] of cidrs.entries()) yield* checkCidr(`${path}[${index}]`, cidr);
}

function* checkEndpoint(path: string, { cidrs, ports }: Endpoint): Problems {
  yield* checkCidrs(`${path}.cidrs`, cidrs);
  if (ports.length === 0) yield { path: `${path}.ports`, value: 'none', fix: 'name at least one port' };
  for (const [index, port] of ports.entries()) yield* checkPort(`${path}.ports[${index}]`, port);
}

function* checkResources(path: string, { cpu, memory, ephemeralStorage }: Resources): Problems {
  if (!(cpu >= 0.001))
    yield { path: `${path}.cpu`, value: `${cpu} cores`, fix: 'request a thousandth of a core or more, as in 0.1' };
  if (bytes(memory.request) > bytes(memory.limit))
    yield {
      path: `${path}.memory`,
      value: `request ${quantity(memory.request)}`,
      fix: `it is above the limit of ${quantity(memory.limit)}: lower the request or raise the limit`,
    };
  for (const [name, size] of [
    ['memory.request', memory.request],
    ['ephemeralStorage', ephemeralStorage],
  ] as const)
    if (bytes(size) === 0) yield { path: `${path}.${name}`, value: '0', fix: 'give a size above 0' };
}

function* checkReplicas(path: string, replicas: number): Problems {
  if (!Number.isInteger(replicas) || replicas < 1)
    yield { path, value: `${replicas}`, fix: 'run a whole number of replicas, 1 or more' };
}

function* checkImage(path: string, { tag, digest, user }: Image): Problems {
  yield* checkTag(`${path}.tag`, tag);
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    yield {
      path: `${path}.digest`,
      value: JSON.stringify(digest),
      fix: 'pin the image by its digest, sha256: and 64 hexadecimal digits',
    };
  yield* checkUser(`${path}.user`, user);
}

const movesTo = 'it means another image tomorrow: name an exact version';

function* checkTag(path: string, tag: string): Problems {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag))
    yield { path, value: JSON.stringify(tag), fix: 'write an image tag: letters, digits, _, . and -, at most 128' };
  else if (tag === 'latest') yield { path, value: tag, fix: movesTo };
}

/** Tags that registries move to each new release of a kind; where no digest pins the image, they are refused. */
const movingTag = /^(main|master|stable|edge|nightly|dev|v?\d+(\.\d+)?)$/;

function* checkVersion(path: string, version: string): Problems {
  yield* checkTag(path, version);
  if (movingTag.test(version)) yield { path, value: version, fix: movesTo };
}

function* checkUser(path: string, user: number): Problems {
  if (!Number.isInteger(user) || user < 1)
    yield { path, value: `${user}`, fix: 'name the numeric user of the image; 0 is root, which Pod Security refuses' };
}

function* checkAutoServeImages(path: string, { registry, version, user }: AutoServeImages): Problems {
  if (!/^[a-z0-9][-a-z0-9.]*(:\d+)?(\/[a-z0-9][-a-z0-9._]*)*$/.test(registry))
    yield {
      path: `${path}.registry`,
      value: JSON.stringify(registry),
      fix: 'write host and path without scheme or slash at the end, as in registry.example.org/autoserve (AUTOSERVE_REGISTRY sets it)',
    };
  for (const { fix, ...problem } of checkVersion(`${path}.version`, version))
    yield { ...problem, fix: `${fix} (AUTOSERVE_VERSION sets it)` };
  yield* checkUser(`${path}.user`, user);
}

function* checkPositive(path: string, duration: Duration): Problems {
  if (duration.toMilliseconds() === 0) yield { path, value: '0', fix: 'give a duration above 0' };
}

const minimumRetentionHours = 6;

function* checkPrometheus(path: string, prometheus: PrometheusProfile): Problems {
  const { scrapeInterval, scrapeTimeout, evaluationInterval, jobIntervals, retention, retentionSize, volume } =
    prometheus;
  yield* checkReplicas(`${path}.replicas`, prometheus.replicas);
  yield* checkResources(`${path}.resources`, prometheus.resources);
  yield* checkPositive(`${path}.scrapeTimeout`, scrapeTimeout);
  yield* checkPositive(`${path}.evaluationInterval`, evaluationInterval);
  const intervals = [
    [`${path}.scrapeInterval`, scrapeInterval],
    ...Object.entries(jobIntervals).map(([job, interval]) => [`${path}.jobIntervals.${job}`, interval] as const),
  ] as const;
  for (const [intervalPath, interval] of intervals) {
    yield* checkPositive(intervalPath, interval);
    if (isLonger(scrapeTimeout, interval))
      yield {
        path: intervalPath,
        value: interval.toHumanString(),
        fix: `it is shorter than the scrapeTimeout of ${scrapeTimeout.toHumanString()}: lengthen it or shorten the timeout`,
      };
  }
  if (retention.toHours({ integral: false }) < minimumRetentionHours)
    yield {
      path: `${path}.retention`,
      value: retention.toHumanString(),
      fix: `Prometheus keeps blocks of hours: give at least ${minimumRetentionHours} h`,
    };
  if (bytes(retentionSize) > 0.8 * bytes(volume.size))
    yield {
      path: `${path}.retentionSize`,
      value: quantity(retentionSize),
      fix: `it is more than 80 % of the volume of ${quantity(volume.size)}, and compaction needs the rest: lower it or enlarge the volume`,
    };
  for (const [index, namespace] of prometheus.annotatedPodNamespaces.entries())
    yield* checkName(`${path}.annotatedPodNamespaces[${index}]`, namespace);
}

/** Everything that is wrong with a profile, each with its path from the profile's name. */
export function* checkProfile(profile: Profile): Problems {
  const { name, namespaces, images, network, autoserve, database } = profile;
  yield* checkName(`${name}.name`, name);
  yield* checkName(`${name}.cluster`, profile.cluster);
  const roles = new Map<string, string>();
  for (const [role, namespace] of Object.entries(namespaces)) {
    const path = `${name}.namespaces.${role}`;
    yield* checkName(path, namespace);
    const other = roles.get(namespace);
    if (other !== undefined)
      yield {
        path,
        value: namespace,
        fix: `${other} has that namespace: each needs its own, with its own Pod Security level`,
      };
    roles.set(namespace, role);
  }
  for (const [image, pinned] of Object.entries(images)) yield* checkImage(`${name}.images.${image}`, pinned);
  yield* checkEndpoint(`${name}.network.apiServer`, network.apiServer);
  yield* checkCidrs(`${name}.network.nodeCidrs`, network.nodeCidrs);

  for (const [service, { replicas, resources }] of Object.entries(autoserve.services)) {
    yield* checkReplicas(`${name}.autoserve.services.${service}.replicas`, replicas);
    yield* checkResources(`${name}.autoserve.services.${service}.resources`, resources);
  }
  if (autoserve.program !== 'simulator') yield* checkAutoServeImages(`${name}.autoserve.program`, autoserve.program);
  if (autoserve.secret !== 'none') yield* checkName(`${name}.autoserve.secret.secretName`, autoserve.secret.secretName);

  if (autoserve.broker !== 'none') yield* checkEndpoint(`${name}.autoserve.broker`, autoserve.broker);
  for (const [index, namespace] of autoserve.clientNamespaces.entries())
    yield* checkName(`${name}.autoserve.clientNamespaces[${index}]`, namespace);

  yield* checkPrometheus(`${name}.prometheus`, profile.prometheus);
  yield* checkResources(`${name}.kubeStateMetrics`, profile.kubeStateMetrics);
  yield* checkResources(`${name}.nodeExporter`, profile.nodeExporter);
  if (database !== 'none') {
    yield* checkEndpoint(`${name}.database.endpoint`, database.endpoint);
    for (const [part, ref] of Object.entries(database.dsn)) yield* checkSecret(`${name}.database.dsn.${part}`, ref);
    yield* checkResources(`${name}.database.resources`, database.resources);
  }
}

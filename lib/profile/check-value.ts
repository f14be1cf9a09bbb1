import { isIP } from 'node:net';
import { SizeRoundingBehavior, type Duration, type Size } from 'cdk8s';
import type { Problem } from '../units/problem';
import { bytes, quantity } from '../units/size';
import type { Endpoint, Resources, SecretRef, Volume } from './profile';

export type Problems = Iterable<Problem>;

/** A DNS label of RFC 1123: the name of a namespace, a Service, a container. */
export function* checkName(path: string, value: string): Problems {
  if (value.length > 63) yield { path, value, fix: `a name has at most 63 characters, this one ${value.length}` };
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value))
    yield {
      path,
      value: JSON.stringify(value),
      fix: 'use small letters, digits and -, with a letter or digit at both ends',
    };
}

/** A DNS subdomain of RFC 1123: the name of most other objects. */
export function* checkSubdomain(path: string, value: string): Problems {
  if (value.length > 253 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value))
    yield {
      path,
      value: JSON.stringify(value),
      fix: 'use small letters, digits, - and ., with a letter or digit at both ends, at most 253',
    };
}

export function* checkSecret(path: string, { secretName, key }: SecretRef): Problems {
  yield* checkSubdomain(`${path}.secretName`, secretName);
  if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key))
    yield {
      path: `${path}.key`,
      value: JSON.stringify(key),
      fix: 'name a key of the Secret: letters, digits, -, _ and .',
    };
}

function* checkCidr(path: string, cidr: string): Problems {
  const [, address = '', prefix = ''] = /^([^/%]+)\/(\d+)$/.exec(cidr) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128))
    yield { path, value: JSON.stringify(cidr), fix: 'write an address range as CIDR, as in 10.0.0.0/8' };
}

export function* checkCidrs(path: string, cidrs: readonly string[]): Problems {
  // In a NetworkPolicy, an empty list of peers is everybody.
  if (cidrs.length === 0) yield { path, value: 'none', fix: 'name at least one address range' };
  for (const [index, cidr] of cidrs.entries()) yield* checkCidr(`${path}[${index}]`, cidr);
}

function* checkPort(path: string, port: number): Problems {
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    yield { path, value: `${port}`, fix: 'a port is a whole number from 1 to 65535' };
}

export function* checkEndpoint(path: string, { cidrs, ports }: Endpoint): Problems {
  yield* checkCidrs(`${path}.cidrs`, cidrs);
  if (ports.length === 0) yield { path: `${path}.ports`, value: 'none', fix: 'name at least one port' };
  for (const [index, port] of ports.entries()) yield* checkPort(`${path}.ports[${index}]`, port);
}

/** A port that nothing is let through to is refused, else nobody there is ever reached. */
export function* checkOpenPort(path: string, value: string, port: number, network: Endpoint | 'none'): Problems {
  if (network !== 'none' && !network.ports.includes(port))
    yield { path, value, fix: `network opens no port ${port}: add it to network.ports` };
}

/** `host:port`, where the network lets it through. */
export function* checkHostPort(path: string, value: string, network: Endpoint | 'none', example: string): Problems {
  const [, text = ''] = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(value) ?? [];
  const port = Number(text);
  if (port < 1 || port > 65535)
    yield {
      path,
      value: JSON.stringify(value),
      fix: `write host:port, as in ${example}, with a port from 1 to 65535`,
    };
  else yield* checkOpenPort(path, value, port, network);
}

/** A size of whole kibibytes above 0, since programs read 0 as no limit. */
function* checkSize(path: string, size: Size): Problems {
  const kibibytes = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
  if (!(kibibytes > 0)) yield { path, value: `${kibibytes} KiB`, fix: 'give a size above 0' };
  else if (!Number.isInteger(kibibytes)) yield { path, value: `${kibibytes} KiB`, fix: 'give whole kibibytes' };
}

/** Problems of the sizes one by one, else what `compare` finds in them together. */
export function* checkSizes(path: string, sizes: Readonly<Record<string, Size>>, compare: () => Problems): Problems {
  const problems = Object.entries(sizes).flatMap(([name, size]) => [...checkSize(`${path}.${name}`, size)]);
  yield* problems.length > 0 ? problems : compare();
}

export function* checkPositive(path: string, duration: Duration): Problems {
  if (duration.toMilliseconds() === 0) yield { path, value: '0', fix: 'give a duration above 0' };
}

export function* checkResources(path: string, { cpu, memory, ephemeralStorage }: Resources): Problems {
  if (!(cpu >= 0.001 && Number.isFinite(cpu)))
    yield { path: `${path}.cpu`, value: `${cpu} cores`, fix: 'request a thousandth of a core or more, as in 0.1' };
  const sizes = { 'memory.request': memory.request, 'memory.limit': memory.limit, ephemeralStorage };
  yield* checkSizes(path, sizes, function* () {
    if (bytes(memory.request) > bytes(memory.limit))
      yield {
        path: `${path}.memory`,
        value: `request ${quantity(memory.request)}`,
        fix: `it is above the limit of ${quantity(memory.limit)}: lower the request or raise the limit`,
      };
  });
}

export function* checkReplicas(path: string, replicas: number): Problems {
  if (!Number.isInteger(replicas) || replicas < 1)
    yield { path, value: `${replicas}`, fix: 'run a whole number of replicas, 1 or more' };
}

export function* checkVolume(path: string, { size, storageClass }: Volume): Problems {
  yield* checkSizes(path, { size }, () => []);
  if (storageClass !== 'cluster-default') yield* checkSubdomain(`${path}.storageClass.name`, storageClass.name);
}

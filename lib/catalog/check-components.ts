import type { Problem } from '../units/problem';
import type { Component } from './components';

function* checkPort(path: string, port: number): Iterable<Problem> {
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    yield { path, value: `${port}`, fix: 'a port is a whole number from 1 to 65535' };
}

/** Everything that is wrong with the names and ports of the components. */
export function* checkComponents(components: Readonly<Record<string, Component>>): Iterable<Problem> {
  const hostPorts = new Map<number, string>();
  for (const [name, { ports, servicePorts = {}, hostNetwork }] of Object.entries(components)) {
    const path = `components.${name}`;
    if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 63)
      yield { path, value: name, fix: 'it names a Service: small letters, digits and -, at most 63, a letter first' };
    const taken = new Map<number, string>();
    for (const [portName, port] of Object.entries(servicePorts)) {
      const portPath = `${path}.servicePorts.${portName}`;
      yield* checkPort(portPath, port);
      if (!(portName in ports))
        yield { path: portPath, value: portName, fix: 'its pods have no port of that name: declare it in ports' };
    }
    for (const [portName, port] of Object.entries(ports)) {
      const portPath = `${path}.ports.${portName}`;
      yield* checkPort(portPath, port);
      if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(portName) || portName.length > 15)
        yield { path: portPath, value: portName, fix: 'a port has a name of at most 15 small letters, digits and -' };
      const other = taken.get(port) ?? (hostNetwork ? hostPorts.get(port) : undefined);
      if (other !== undefined)
        yield { path: portPath, value: `${port}`, fix: `${other} listens there already: choose another` };
      taken.set(port, portPath);
      if (hostNetwork) hostPorts.set(port, portPath);
    }
  }
}

import { checkComponents } from '../../../lib/catalog/check-components';
import { components, type Component } from '../../../lib/catalog/components';

const check = (extra: Readonly<Record<string, Component>>) => [...checkComponents(extra)];

const at = (ports: Component['ports'], hostNetwork?: true): Component => ({
  namespace: 'monitoring',
  ports,
  ...(hostNetwork && { hostNetwork }),
});

test('the shipped components have no problems', () => {
  expect(check(components)).toEqual([]);
});

test.each<readonly [string, Readonly<Record<string, Component>>, path: string, value: string, fix: string]>([
  ['a name with capitals', { Loki: at({}) }, 'Loki', 'Loki', 'small letters'],
  ['a name that starts with a digit', { '3ki': at({}) }, '3ki', '3ki', 'a letter first'],
  ['a name of 64 characters', { ['a'.repeat(64)]: at({}) }, 'a'.repeat(64), 'a'.repeat(64), 'at most 63'],
  ['port 0', { a: at({ http: 0 }) }, 'a.ports.http', '0', 'from 1 to 65535'],
  ['port 65536', { a: at({ http: 65536 }) }, 'a.ports.http', '65536', 'from 1 to 65535'],
  ['half a port', { a: at({ http: 80.5 }) }, 'a.ports.http', '80.5', 'whole number'],
  ['a port named in capitals', { a: at({ HTTP: 80 }) }, 'a.ports.HTTP', 'HTTP', 'at most 15'],
  ['a port name of 16', { a: at({ ['h'.repeat(16)]: 80 }) }, `a.ports.${'h'.repeat(16)}`, 'h'.repeat(16), 'at most 15'],
  [
    'a port of the Service that the pods lack',
    { a: { ...at({ http: 3000 }), servicePorts: { web: 80 } } },
    'a.servicePorts.web',
    'web',
    'declare it in ports',
  ],
  [
    'a port of the Service that is none',
    { a: { ...at({ http: 3000 }), servicePorts: { http: 0 } } },
    'a.servicePorts.http',
    '0',
    'from 1 to 65535',
  ],
  ['two ports of one number', { a: at({ http: 80, grpc: 80 }) }, 'a.ports.grpc', '80', 'components.a.ports.http'],
  [
    'one port twice on the host network',
    { a: at({ http: 9100 }, true), b: at({ http: 9100 }, true) },
    'b.ports.http',
    '9100',
    'components.a.ports.http',
  ],
])('%s is refused by path, value and fix', (_, extra, path, value, fix) => {
  expect(check(extra)).toEqual([{ path: `components.${path}`, value, fix: expect.stringContaining(fix) as string }]);
});

test('pods with addresses of their own may use the same port', () => {
  expect(check({ a: at({ http: 80 }), b: at({ http: 80 }) })).toEqual([]);
});

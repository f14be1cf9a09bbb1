import { selectorLabels } from '../../lib/constructs/labels';
import type { ComponentName } from '../../lib/catalog/components';
import { agents, core, namespaceOf, output, profile } from './cluster';
import { startPod, type NodePod, type PodName } from './node-pod';

/** Something that a probe connects to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `open`, or why not. */
export type Verdict = 'open' | `closed: ${string}`;

export interface Probe extends PodName {
  readonly ip: string;
}

/** The port that every probe listens on. */
export const probePort = 8765;

const listen = `
  for (const port of process.argv.slice(1).map(Number))
    require('node:net').createServer((socket) => socket.end()).listen(port, '::');
`;

const connect = `
  const net = require('node:net');
  const verdict = ({ host, port }) => new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 2000 });
    const end = (text) => { socket.destroy(); resolve(text); };
    socket.on('connect', () => end('open'));
    socket.on('timeout', () => end('closed: timeout'));
    socket.on('error', ({ code }) => end('closed: ' + code));
  });
  Promise.all(JSON.parse(process.argv[1]).map(verdict)).then((all) => console.log(JSON.stringify(all)));
`;

const resolve = `require('node:dns').lookup(process.argv[1], (error, address) => console.log(error ? error.code : address))`;

type ProbeOptions = PodName & Pick<NodePod, 'labels' | 'as'> & { readonly ports?: readonly number[] };

/** Runs a probe, which listens on further ports where it stands for another pod. */
export const startProbe = async ({ namespace, name, ports = [], ...rest }: ProbeOptions): Promise<Probe> => {
  const args = [probePort, ...ports].map(String);
  return { namespace, name, ip: await startPod({ namespace, name, script: listen, args, ...rest }) };
};

/** Of the pods among the agents admission wants the account and the user, and their DaemonSet would adopt one more. */
const agentOf = async (component: ComponentName): Promise<NodePod['as']> => {
  const { metadata } = await core.readNamespacedConfigMap({ namespace: agents, name: 'kube-root-ca.crt' });
  const configMap = { name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
  return { serviceAccountName: component, user: profile.images.fluentBit.user, configMap };
};

/** Runs a probe that the network cannot tell from a component. */
export const startProbeAs = async (
  component: ComponentName,
  name: string,
  ports: readonly number[] = [],
): Promise<Probe> => {
  const namespace = namespaceOf(component);
  const as = namespace === agents ? await agentOf(component) : undefined;
  return startProbe({
    namespace,
    name,
    ports,
    labels: selectorLabels({ name: component, instance: profile.name }),
    ...(as && { as }),
  });
};

const runNode = ({ namespace, name }: Probe, script: string, argument: string): Promise<string> =>
  output(['exec', name, '-n', namespace, '--', '/usr/local/bin/node', '-e', script, argument]);

/** What a probe finds at each address. */
export const connectFrom = async (probe: Probe, addresses: readonly Address[]): Promise<readonly Verdict[]> =>
  JSON.parse(await runNode(probe, connect, JSON.stringify(addresses))) as readonly Verdict[];

/** The address of a name, or the code of the failure. */
export const resolveFrom = async (probe: Probe, name: string): Promise<string> =>
  (await runNode(probe, resolve, name)).trim();

import type { V1Pod } from '@kubernetes/client-node';
import { imageReference } from '../../lib/catalog/image';
import { eventually } from '../harness/eventually';
import { core, output, profile } from './cluster';
import { skip } from './skip';

/** Something that a probe connects to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `open`, or why not. */
export type Verdict = 'open' | `closed: ${string}`;

export interface Probe {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
}

/** The port that every probe listens on. */
export const probePort = 8765;

const listen = `require('node:net').createServer((socket) => socket.end()).listen(${probePort}, '::')`;

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

/** A pod that restricted Pod Security admits, and that never becomes Ready: no Service sends it requests. */
const probePod = (name: string, labels: Readonly<Record<string, string>>): V1Pod => ({
  metadata: { name, labels: { ...labels } },
  spec: {
    readinessGates: [{ conditionType: 'autoserve.test/never' }],
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: profile.images.node.user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'probe',
        image: imageReference(profile.images.node),
        command: ['/usr/local/bin/node', '-e', listen],
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  },
});

export const removeProbe = async ({ namespace, name }: Pick<Probe, 'namespace' | 'name'>): Promise<void> => {
  await output(['delete', 'pod', name, '-n', namespace, '--ignore-not-found', '--wait']);
};

/** Runs a probe under the labels given; what an earlier run left under its name goes first. */
export const startProbe = async (
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<Probe> => {
  await removeProbe({ namespace, name });
  await eventually(`${namespace}/${name} is admitted`, () =>
    core.createNamespacedPod({ namespace, body: probePod(name, labels) }),
  );
  const ip = await eventually(
    `${namespace}/${name} runs`,
    async () => {
      const { status } = await core.readNamespacedPod({ namespace, name });
      const waiting = status?.containerStatuses?.[0]?.state?.waiting?.reason;
      if (waiting === 'ImagePullBackOff' || waiting === 'InvalidImageName') return undefined;
      if (status?.phase !== 'Running' || !status.podIP) throw new Error(`${status?.phase} ${waiting}`);
      return status.podIP;
    },
    { withinSeconds: 120, everySeconds: 0.5 },
  );
  return { namespace, name, ip: ip ?? skip('cannot pull the Node image that probes run') };
};

const runNode = ({ namespace, name }: Probe, script: string, argument: string): Promise<string> =>
  output(['exec', name, '-n', namespace, '--', '/usr/local/bin/node', '-e', script, argument]);

/** What a probe finds at each address. */
export const connectFrom = async (probe: Probe, addresses: readonly Address[]): Promise<readonly Verdict[]> =>
  JSON.parse(await runNode(probe, connect, JSON.stringify(addresses))) as readonly Verdict[];

/** The address of a name, or the code of the failure. */
export const resolveFrom = async (probe: Probe, name: string): Promise<string> =>
  (await runNode(probe, resolve, name)).trim();

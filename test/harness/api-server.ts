import { CoreV1Api, Health, KubeConfig } from '@kubernetes/client-node';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from '../../tools/programs';
import { freePorts } from './free-ports';
import type { RunningProcess } from './process';
import { startProcess } from './process';
import { temporaryDirectory } from './temporary-directory';

/** A Kubernetes API without nodes: objects are admitted and kept, and nobody acts on them. */
export interface ApiServer {
  readonly url: string;
  /** PEM file that its serving certificate is checked against. */
  readonly caFile: string;
  /** PEM files of the certificate that it serves with, and of its key. */
  readonly serving: { readonly certFile: string; readonly keyFile: string };
  /** Token of a member of system:masters, whom no RBAC rule binds. */
  readonly adminToken: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Client configuration of the administrator. */
  readonly config: KubeConfig;
  /** Client configuration of whoever holds a token. */
  readonly configFor: (token: string) => KubeConfig;
  /** A token as the kubelet mounts it into the pods of a ServiceAccount. */
  readonly serviceAccountToken: (namespace: string, name: string) => Promise<string>;
  /** Gives every namespace the ServiceAccount that a controller would; without it, pods that name none are refused. */
  readonly addDefaultServiceAccounts: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface ApiServerOptions {
  /** Where it listens; 127.0.0.1 by default. */
  readonly address?: string;
  /** What it advertises, which is where its certificate is valid too; by default, where it listens. */
  readonly advertisedAddress?: string;
}

const startEtcd = (path: string, url: string, peerUrl: string): Promise<RunningProcess> =>
  startProcess(
    path,
    [
      `--data-dir=${temporaryDirectory('etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync', // what it keeps is thrown away
    ],
    { ready: `${url}/health` },
  );

export const startApiServer = async ({
  address = '127.0.0.1',
  advertisedAddress = address,
}: ApiServerOptions = {}): Promise<ApiServer> => {
  const paths = await programs(['etcd', 'kube-apiserver']);
  const [port, ...etcdPorts] = await freePorts(3, address);
  const [etcdUrl = '', peerUrl = ''] = etcdPorts.map((etcdPort) => `http://${address}:${etcdPort}`);
  const etcd = await startEtcd(paths.etcd, etcdUrl, peerUrl);

  const directory = temporaryDirectory('kube-apiserver');
  const write = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const url = `https://${address}:${port}`;
  const caFile = join(directory, 'apiserver.crt'); // which the server signs itself
  const configFor = (token: string): KubeConfig => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: 'loopback', server: url, caFile, skipTLSVerify: false },
      { name: 'bearer', token },
    );
    return config;
  };
  const adminToken = randomUUID();
  const config = configFor(adminToken);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serviceAccountKey = write('service-account.key', privateKey.export({ type: 'sec1', format: 'pem' }).toString());

  const server = await startProcess(
    paths['kube-apiserver'],
    [
      `--etcd-servers=${etcdUrl}`,
      `--bind-address=${address}`,
      `--advertise-address=${advertisedAddress}`,
      `--secure-port=${port}`,
      `--cert-dir=${directory}`,
      `--token-auth-file=${write('tokens.csv', `${adminToken},admin,admin,system:masters\n`)}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${serviceAccountKey}`,
      `--service-account-signing-key-file=${serviceAccountKey}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      // As in every real cluster: whether a pod may be privileged is for Pod Security to say, not for validation.
      '--allow-privileged=true',
      // A loopback address is no valid endpoint of the Service `kubernetes`.
      '--endpoint-reconciler-type=none',
    ],
    {
      ready: async () => {
        if (!(await new Health(config).readyz({}))) throw new Error(`${url}/readyz is not ok`);
      },
      withinSeconds: 60,
    },
  );

  const core = config.makeApiClient(CoreV1Api);
  return {
    url,
    caFile,
    serving: { certFile: caFile, keyFile: join(directory, 'apiserver.key') },
    adminToken,
    kubeconfig: write('kubeconfig', config.exportConfig()),
    config,
    configFor,
    serviceAccountToken: async (namespace, name) => {
      const body = { spec: { audiences: [] } };
      const { status } = await core.createNamespacedServiceAccountToken({ namespace, name, body });
      if (status === undefined) throw new Error(`no token for ${namespace}/${name}`);
      return status.token;
    },
    addDefaultServiceAccounts: async () => {
      const { items: namespaces } = await core.listNamespace();
      const { items: accounts } = await core.listServiceAccountForAllNamespaces({
        fieldSelector: 'metadata.name=default',
      });
      const served = new Set(accounts.map(({ metadata }) => metadata?.namespace));
      for (const namespace of namespaces.flatMap(({ metadata }) => metadata?.name ?? [])) {
        if (served.has(namespace)) continue;
        await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'default' } } });
      }
    },
    stop: async () => {
      await server.stop();
      await etcd.stop();
    },
  };
};

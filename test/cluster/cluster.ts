import { AppsV1Api, CoreV1Api, DiscoveryV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Manifest } from '../../charts/manifest';
import { components, type Component, type ComponentName } from '../../lib/catalog/components';
import type { Kustomization } from '../../lib/config/kustomization';
import { selectorLabels } from '../../lib/constructs/labels';
import type { Profile } from '../../lib/profile/profile';
import { site } from '../../site';
import type { Outcome } from '../../tools/run';
import { flawless, kubectl as kubectlOf } from '../harness/kubectl';
import { profileNames, profiles } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

const chosen = process.env['PROFILE'] ?? 'local';
const profileName = profileNames.find((name) => name === chosen);
if (profileName === undefined) throw new Error(`PROFILE=${chosen} is none of ${profileNames.join(', ')}`);

/** The profile under test, as its site wants it. */
export const profile: Profile = site(profiles[profileName]);

/** What `kubectl apply -k` is given. */
export const directory = ((): string => {
  const dist = join(temporaryDirectory('dist'), 'dist');
  // In a process of its own, as `npm run synth` does it.
  execFileSync(process.execPath, ['--require', 'ts-node/register', 'main.ts'], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, CDK8S_OUTDIR: dist },
  });
  return join(dist, profile.name);
})();

export const kustomization = parse(readFileSync(join(directory, 'kustomization.yaml'), 'utf8')) as Kustomization;

/** The objects as they were synthesised. */
export const manifests: readonly Manifest[] = kustomization.resources.flatMap((file) =>
  parseAllDocuments(readFileSync(join(directory, file), 'utf8')).map((document) => document.toJS() as Manifest),
);

export const { application, monitoring, agents } = profile.namespaces;
export const namespaces: readonly string[] = Object.values(profile.namespaces);
export const namespaceOf = (name: ComponentName): string => profile.namespaces[components[name].namespace];

const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
const workloadNames = new Set(
  manifests.flatMap(({ kind, metadata }) => (workloadKinds.includes(kind) ? metadata.name : [])),
);

/** The components that the profile has. */
export const deployed = (Object.keys(components) as ComponentName[]).filter((name) => workloadNames.has(name));

export const usesHostNetwork = (name: ComponentName): boolean => (components[name] as Component).hostNetwork === true;

export const config = new KubeConfig();
config.loadFromDefault();
export const core = config.makeApiClient(CoreV1Api);
export const apps = config.makeApiClient(AppsV1Api);
export const discovery = config.makeApiClient(DiscoveryV1Api);

export const kubectl = (args: readonly string[], input?: string): Promise<Outcome> =>
  kubectlOf(process.env['KUBECONFIG'] ?? '', args, input);

/** The standard output of a command that has to succeed without a warning. */
export const output = async (args: readonly string[], input?: string): Promise<string> =>
  flawless(await kubectl(args, input));

/** Applies the profile as its user would. */
export const apply = (...flags: readonly string[]): Promise<Outcome> => kubectl(['apply', '-k', directory, ...flags]);

/** An object as the cluster keeps it. */
export interface LiveObject extends Manifest {
  readonly metadata: Manifest['metadata'] & {
    readonly uid: string;
    readonly generation?: number;
    readonly resourceVersion: string;
    readonly managedFields?: unknown;
  };
}

/** The profile's objects as the cluster keeps them. */
export const liveObjects = async (): Promise<readonly LiveObject[]> => {
  const { items } = JSON.parse(await output(['get', '-k', directory, '-o=json'])) as { items: readonly LiveObject[] };
  return items;
};

export const nameOf = ({ kind, metadata }: Manifest): string => `${metadata.namespace ?? ''}/${kind}/${metadata.name}`;

export const labelSelector = (name: ComponentName): string =>
  Object.entries(selectorLabels({ name, instance: profile.name }))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** The pods of a component that are not about to go. */
export const podsOf = async (name: ComponentName): Promise<readonly V1Pod[]> => {
  const { items } = await core.listNamespacedPod({ namespace: namespaceOf(name), labelSelector: labelSelector(name) });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
};

/** The HTTP status and message of a call that the API server refuses. */
export const refusalOf = async (
  call: Promise<unknown>,
): Promise<{ readonly code: number; readonly message: string }> => {
  try {
    await call;
  } catch (error) {
    return error as { code: number; message: string };
  }
  throw new Error('the API server accepted it');
};

export const progress = (line: string): void => void process.stderr.write(`${line}\n`);

import type { V1Container } from '@kubernetes/client-node';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../../lib/config/to-yaml';
import { alternatives } from '../../lib/units/regex';
import type { ProcessOptions, RunningProcess } from '../harness/process';
import { startProcess } from '../harness/process';
import { temporaryDirectory } from '../harness/temporary-directory';
import type { ClusterPod } from './cluster';

/** The directory of this machine that stands for each volume of a pod. */
export type Volumes = Readonly<Record<string, string>>;

export interface PodProgram extends Pick<ProcessOptions, 'ready' | 'withinSeconds' | 'graceSeconds' | 'onLine'> {
  /** The program that the image holds, and arguments that come before the container's own. */
  readonly command: readonly [path: string, ...args: string[]];
  readonly volumes?: Volumes;
  /** What only this machine has to tell it: the address of its pod, where the API server is. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Addresses of the names that its arguments mention and only a cluster's DNS knows. */
  readonly hosts?: Readonly<Record<string, string>>;
}

const mainContainer = ({ name, containers }: ClusterPod): V1Container => {
  const [container] = containers;
  if (container === undefined) throw new Error(`pod ${name} has no container`);
  return container;
};

/** Rewrites a path of the container, or the value `--flag=path`, to the directory that stands for the volume. */
const onThisMachine = ({ volumeMounts = [] }: V1Container, volumes: Volumes): ((text: string) => string) => {
  // The deepest mount decides, as it does in the container.
  const mounts = volumeMounts.toSorted((a, b) => b.mountPath.length - a.mountPath.length);
  return (text) => {
    const [, before = '', path = ''] = /^([^=/]*=)?(\/.*)$/.exec(text) ?? [];
    const mount = mounts.find(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
    if (mount === undefined) return text;
    const directory = volumes[mount.name];
    if (directory === undefined) throw new Error(`${text}: nothing stands for the volume ${mount.name}`);
    return `${before}${directory}${path.slice(mount.mountPath.length)}`;
  };
};

export const pathsOf = (pod: ClusterPod, volumes: Volumes): ((text: string) => string) =>
  onThisMachine(mainContainer(pod), volumes);

/** A configuration whose paths are those of the directories that stand for the pod's volumes. */
export const configHere = <T extends object>(pod: ClusterPod, volumes: Volumes, config: T): T => {
  const directories = new Map(
    (mainContainer(pod).volumeMounts ?? []).map(({ name, mountPath }) => [mountPath, volumes[name] ?? mountPath]),
  );
  // In one pass: a directory of this machine may begin as a mount does.
  const paths = new RegExp(`(?<![\\w/])(${alternatives([...directories.keys()])})(?=[/",])`, 'g');
  return JSON.parse(JSON.stringify(config).replaceAll(paths, (path) => directories.get(path) ?? path)) as T;
};

/** A rendered file beside the directories that stand for a pod's other volumes. */
export const withConfig = (pod: ClusterPod, file: string, config: object, others: Volumes = {}): Volumes => {
  const volumes = { ...others, config: temporaryDirectory(`${pod.name}-config`) };
  writeFileSync(join(volumes.config, file), toYaml(configHere(pod, volumes, config)));
  return volumes;
};

/** What a container's arguments and variables say, with the values of the variables that they name as `$(NAME)`. */
const filledIn = (text: string, environment: ReadonlyMap<string, string>): string =>
  text.replace(/\$\((\w+)\)/g, (reference, name: string) => environment.get(name) ?? reference);

const environmentOf = (pod: ClusterPod): ReadonlyMap<string, string> => {
  const fields: Readonly<Record<string, string>> = {
    'metadata.name': pod.name,
    'metadata.namespace': pod.namespace,
    'spec.nodeName': pod.node,
    'status.podIP': pod.address,
  };
  const environment = new Map<string, string>();
  for (const { name, value, valueFrom } of mainContainer(pod).env ?? []) {
    const text = value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ''];
    if (text === undefined) throw new Error(`${pod.name}: unknown source of the variable ${name}`);
    // Variables that stand before it may be named in it.
    environment.set(name, filledIn(text, environment));
  }
  return environment;
};

/** Runs what a rendered pod would run, with the arguments and the environment of its container. */
export const startPod = (
  pod: ClusterPod,
  { command: [path, ...first], volumes = {}, args = [], env = {}, hosts = {}, ...options }: PodProgram,
): Promise<RunningProcess> => {
  const here = pathsOf(pod, volumes);
  const environment = environmentOf(pod);
  const resolved = (text: string): string =>
    Object.entries(hosts).reduce((result, [name, address]) => result.replaceAll(name, address), text);
  const own = (mainContainer(pod).args ?? []).map((arg) => here(resolved(filledIn(arg, environment))));
  return startProcess(path, [...first, ...own, ...args], {
    env: { ...Object.fromEntries([...environment].map(([name, value]) => [name, here(value)])), ...env },
    ...options,
  });
};

import type { V1Container } from '@kubernetes/client-node';
import type { RunningProcess } from '../harness/process';
import { startProcess } from '../harness/process';
import type { ClusterPod } from './cluster';

/** The directory of this machine that stands for each volume of a pod. */
export type Volumes = Readonly<Record<string, string>>;

export interface PodProgram {
  /** The program that the image holds, and arguments that come before the container's own. */
  readonly command: readonly [path: string, ...args: string[]];
  readonly volumes?: Volumes;
  /** What only this machine has to tell it: the address of its pod, where the API server is. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ready: string;
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

const environmentOf = (pod: ClusterPod): readonly (readonly [string, string])[] => {
  const fields: Readonly<Record<string, string>> = {
    'metadata.name': pod.name,
    'metadata.namespace': pod.namespace,
    'spec.nodeName': pod.node,
  };
  return (mainContainer(pod).env ?? []).map(({ name, value, valueFrom }) => {
    const text = value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ''];
    if (text === undefined) throw new Error(`${pod.name}: unknown source of the variable ${name}`);
    return [name, text];
  });
};

/** Runs what a rendered pod would run, with the arguments and the environment of its container. */
export const startPod = (
  pod: ClusterPod,
  { command: [path, ...first], volumes = {}, args = [], env = {}, ready }: PodProgram,
): Promise<RunningProcess> => {
  const here = pathsOf(pod, volumes);
  return startProcess(path, [...first, ...(mainContainer(pod).args ?? []).map(here), ...args], {
    env: { ...Object.fromEntries(environmentOf(pod).map(([name, value]) => [name, here(value)])), ...env },
    ready,
  });
};

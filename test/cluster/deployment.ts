import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { ComponentName } from '../../lib/catalog/components';
import type { Outcome } from '../../tools/run';
import { eventually } from '../harness/eventually';
import {
  apply,
  core,
  deployed,
  liveObjects,
  namespaceOf,
  namespaces,
  podsOf,
  progress,
  type LiveObject,
} from './cluster';
import { layPlaceholders } from './secrets';
import { skip } from './skip';

/** How a workload does: ready, without an image, or what it waits for. */
export type State = 'ready' | { readonly image: string } | { readonly waitsFor: string };

interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
}

/** Rolled out and available, as `kubectl rollout status` has it. */
const isReady = ({ kind, metadata, ...object }: LiveObject): boolean => {
  const status = object['status'] as Status;
  const { replicas } = object['spec'] as { readonly replicas?: number };
  if (status.observedGeneration !== metadata.generation) return false;
  if (kind === 'DaemonSet')
    return [status.updatedNumberScheduled, status.numberAvailable].every((n) => n === status.desiredNumberScheduled);
  return [status.replicas, status.updatedReplicas, status.availableReplicas].every((count) => count === replicas);
};

const statusesOf = ({ status }: V1Pod): readonly V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

const isWithoutImage = ({ state }: V1ContainerStatus): boolean =>
  ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'].includes(state?.waiting?.reason ?? '');

const reasonsOf = (pod: V1Pod): readonly string[] => [
  ...statusesOf(pod).flatMap(({ state }) => state?.waiting?.reason ?? state?.terminated?.reason ?? []),
  ...(pod.status?.conditions ?? []).flatMap(({ status, message }) => (status === 'False' && message ? message : [])),
];

const stateOf = async (name: ComponentName, objects: readonly LiveObject[]): Promise<State> => {
  const workload = objects.find(
    (object) => object.metadata.name === name && ['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind),
  );
  if (workload === undefined) return { waitsFor: 'it does not exist' };
  if (isReady(workload)) return 'ready';
  const pods = await podsOf(name);
  const missing = pods.flatMap(statusesOf).find(isWithoutImage);
  if (missing) return { image: missing.image };
  return { waitsFor: pods.flatMap(reasonsOf).join('; ') || 'it has no pod' };
};

const patience = { becomeReady: 600, pullImage: 45 };

/** The state of each workload, once it is ready or its image has been asked for in vain for a while. */
const settle = async (
  names: readonly ComponentName[],
  withinSeconds = patience.becomeReady,
): Promise<ReadonlyMap<ComponentName, State>> => {
  const states = new Map<ComponentName, State>();
  const withoutImageSince = new Map<ComponentName, number>();
  const isSettled = (name: ComponentName): boolean => {
    const state = states.get(name);
    if (state === undefined || state === 'ready' || 'waitsFor' in state) {
      withoutImageSince.delete(name);
      return state === 'ready';
    }
    const since = withoutImageSince.get(name) ?? Date.now();
    withoutImageSince.set(name, since);
    return Date.now() - since > patience.pullImage * 1000;
  };
  const look = async (): Promise<void> => {
    const objects = await liveObjects();
    for (const name of names) states.set(name, await stateOf(name, objects));
    const waiting = names.filter((name) => !isSettled(name));
    if (waiting.length > 0) throw new Error(`still waiting for ${waiting.join(', ')}`);
  };
  // Whoever is not ready in the end is found in its state.
  await eventually('every workload is ready', look, { withinSeconds, everySeconds: 2 }).catch((failure: unknown) => {
    progress(failure instanceof Error ? failure.message : String(failure));
  });
  return states;
};

/** Every Warning event in the profile's namespaces. */
const warningEvents = async () => {
  const lists = await Promise.all(
    namespaces.map((namespace) => core.listNamespacedEvent({ namespace, fieldSelector: 'type=Warning' })),
  );
  return lists.flatMap(({ items }) => items);
};

interface Deployment {
  /** Whether the cluster had anything of the profile before. */
  readonly isFirst: boolean;
  readonly outcome: Outcome;
  readonly states: ReadonlyMap<ComponentName, State>;
  /** Names of Secrets that were missing and are laid as placeholders. */
  readonly placeholders: readonly string[];
  /** Warning events that came before. */
  readonly earlierWarnings: ReadonlySet<string>;
}

let current: Deployment | undefined;

export const deployment = (): Deployment => {
  if (current === undefined) throw new Error('the profile is not deployed');
  return current;
};

const eventKey = ({ metadata, count }: { metadata: { uid?: string }; count?: number }): string =>
  `${metadata.uid} ${count}`;

/** The Warning events since the profile was applied. */
export const newWarnings = async () => {
  const { earlierWarnings } = deployment();
  return (await warningEvents()).filter((event) => !earlierWarnings.has(eventKey(event)));
};

/** Applies the profile and waits for its workloads. */
export const deploy = async (): Promise<void> => {
  const earlierWarnings = new Set((await warningEvents()).map(eventKey));
  const { items } = await core.listNamespace();
  const isFirst = !items.some(({ metadata }) => namespaces.includes(metadata?.name ?? ''));
  const placeholders = await layPlaceholders();
  const outcome = await apply();
  if (outcome.code !== 0) throw new Error(`kubectl apply -k ended with ${outcome.code}:\n${outcome.stderr}`);
  const states = await settle(deployed);
  current = { isFirst, outcome, states, placeholders, earlierWarnings };
};

/** Skips the test when a component's image cannot be had on this cluster. */
export const needs = (...names: readonly ComponentName[]): void => {
  for (const name of names) {
    const state = deployment().states.get(name);
    if (state !== undefined && state !== 'ready' && 'image' in state) skip(`${name}: cannot pull ${state.image}`);
  }
};

export const isRunning = (name: ComponentName): boolean => deployment().states.get(name) === 'ready';

/** @throws when a workload that was ready after the first apply does not become so again. */
export const recovered = async (): Promise<void> => {
  const running = deployed.filter(isRunning);
  const states = await settle(running, 180);
  const broken = running.filter((name) => states.get(name) !== 'ready');
  if (broken.length > 0)
    throw new Error(
      broken.map((name) => `${namespaceOf(name)}/${name}: ${JSON.stringify(states.get(name))}`).join('\n'),
    );
};

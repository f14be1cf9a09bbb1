import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import { randomUUID } from 'node:crypto';
import type { Manifest } from '../../charts/manifest';
import { portOf, type ComponentName } from '../../lib/catalog/components';
import type { Platform } from '../../lib/platform/platform';
import type { Profile } from '../../lib/profile/profile';
import type { RunningProcess } from '../harness/process';
import { rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';
import type { ComponentPod } from './cluster';
import { containerLog, type ContainerLog } from './container-logs';
import { exposedSum } from './exposed';
import { fluentBitVolumes, lokiVolumes, startFluentBit, startLoki } from './log-programs';
import { LokiApi } from './loki-api';
import { loopbackNetwork } from './loopback-network';

/** A program that ends and starts again on what it left. */
export interface Restartable {
  readonly start: () => Promise<void>;
  /** Asks it to end, and waits until it has. */
  readonly stop: () => Promise<void>;
  /** Ends it at once, as a crash would. */
  readonly kill: () => Promise<void>;
  /** What it wrote since it was started. */
  readonly output: () => string;
  /** The sum of one of its metrics, of the series that bear a label. */
  readonly metric: (name: string, label?: readonly [label: string, value: string]) => Promise<number>;
}

export interface LogPipeline {
  readonly profile: Profile;
  readonly loki: Restartable & { readonly api: LokiApi };
  /** The Fluent Bit of one node. Nothing starts it by itself. */
  readonly agent: Restartable;
  /** The log of a container on that node. */
  readonly log: (namespace: string, pod: string, container: string) => ContainerLog;
}

const restartable = (page: string, run: () => Promise<RunningProcess>): Restartable => {
  let running: RunningProcess | undefined;
  return {
    start: async () => {
      running = await run();
    },
    stop: async () => {
      await running?.stop();
    },
    kill: async () => {
      await running?.kill();
    },
    output: () => running?.output() ?? '',
    metric: (name, label) => exposedSum(page, name, label),
  };
};

interface Workload extends Manifest {
  readonly spec: { readonly template: V1PodTemplateSpec };
}

const isWorkload = (manifest: Manifest): manifest is Workload => ['StatefulSet', 'DaemonSet'].includes(manifest.kind);

/** A pod of a rendered workload, though there is no cluster in which it might be. */
const podOf = (
  manifests: readonly Manifest[],
  component: ComponentName,
  node: string,
  address: string,
): ComponentPod => {
  const workload = manifests.filter(isWorkload).find(({ metadata }) => metadata.name === component);
  if (workload === undefined) throw new Error(`no workload ${component} is rendered`);
  const { namespace = '' } = workload.metadata;
  const { containers = [] } = workload.spec.template.spec ?? {};
  const host = `${address}:${portOf(component, 'http')}`;
  return { component, name: `${component}-0`, namespace, node, address, host, containers, claims: [] };
};

/** Files of one node, its Fluent Bit and a Loki, configured as a profile says; both yet to be started. */
export const logPipeline = (profile: Profile): LogPipeline => {
  const manifests = rendered(profile);
  const nextAddress = loopbackNetwork();
  const node = `node-${randomUUID()}`;
  const addresses = { loki: nextAddress(), 'fluent-bit': nextAddress() };
  const addressOf = (component: ComponentName): string =>
    new Map(Object.entries(addresses)).get(component) ?? `no ${component} here`;
  const platform: Platform = {
    namespaces: profile.namespaces,
    apiServer: { caFile: 'none', tokenFile: 'none' },
    hostOf: addressOf,
    replicaHostsOf: () => [],
    listenAddressOf: addressOf,
  };
  const directories = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, temporaryDirectory(`pipeline-${name}`)]));
  const loki = podOf(manifests, 'loki', node, addresses.loki);
  const agent = podOf(manifests, 'fluent-bit', node, addresses['fluent-bit']);
  const ofLoki = { profile, platform, volumes: directories(lokiVolumes) };
  const ofAgent = { profile, platform, volumes: directories(fluentBitVolumes) };
  const api = new LokiApi(`http://${loki.host}`);
  // It takes lines long before it calls itself ready, which it does when it answers questions too.
  const takesLines = {
    ready: async () => {
      const ring = await fetch(`${api.url}/ring`);
      if (!(await ring.text()).includes('ACTIVE')) throw new Error('its ring is empty');
    },
  };
  return {
    profile,
    loki: { api, ...restartable(`${api.url}/metrics`, () => startLoki(loki, ofLoki, takesLines)) },
    agent: restartable(`http://${agent.host}/api/v2/metrics/prometheus`, () =>
      startFluentBit(agent, ofAgent, { graceSeconds: 30 }),
    ),
    log: (namespace, pod, container) => containerLog({ name: pod, namespace, node, containers: [{ name: container }] }),
  };
};

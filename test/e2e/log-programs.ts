import { fluentBitConfigOf, lokiConfigOf } from '../../charts/program-configs';
import type { FluentBitConfig } from '../../lib/config/fluent-bit';
import type { LokiConfig } from '../../lib/config/loki';
import type { Platform } from '../../lib/platform/platform';
import type { Profile } from '../../lib/profile/profile';
import { optionalProgram } from '../../tools/optional-programs';
import { program } from '../../tools/programs';
import type { RunningProcess } from '../harness/process';
import type { ComponentPod } from './cluster';
import { logDirectoryOf } from './container-logs';
import { startPod, withConfig, type PodProgram, type Volumes } from './pod-process';

/** Fluent Bit is in C, and not to be had everywhere. */
export const fluentBit = optionalProgram('fluent-bit');

export interface LogProgramProps {
  readonly profile: Profile;
  readonly platform: Platform;
  /** Directories that stand for the volumes that outlive the program. */
  readonly volumes: Volumes;
}

type Options = Partial<Pick<PodProgram, 'ready' | 'withinSeconds' | 'graceSeconds'>>;

/** The directories of Loki's pod that a program finds as it left them. */
export const lokiVolumes = ['data', 'tmp'] as const;

/** Loki as its pod runs it. */
export const startLoki = async (
  pod: ComponentPod,
  { profile, platform, volumes }: LogProgramProps,
  options?: Options,
): Promise<RunningProcess> => {
  const config: LokiConfig = lokiConfigOf(profile, platform);
  return startPod(pod, {
    command: [await program('loki')],
    volumes: withConfig(pod, 'loki.yaml', config, volumes),
    ready: `http://${pod.host}/ready`,
    // It waits for its place in the ring.
    withinSeconds: 90,
    ...options,
  });
};

export const fluentBitVolumes = ['host-1'] as const;

/** Fluent Bit as the pod of a node runs it, on the logs of that node. */
export const startFluentBit = async (
  pod: ComponentPod,
  { profile, platform, volumes }: LogProgramProps,
  options?: Options,
): Promise<RunningProcess> => {
  if (fluentBit === undefined) throw new Error('Fluent Bit is not on PATH: ask fluentBit first');
  const config: FluentBitConfig = fluentBitConfigOf(profile, { ...platform, listenAddressOf: () => pod.address });
  return startPod(pod, {
    command: [fluentBit],
    volumes: withConfig(pod, 'fluent-bit.yaml', config, { ...volumes, 'host-0': logDirectoryOf(pod.node) }),
    ready: `http://${pod.host}/api/v2/health`,
    ...options,
  });
};

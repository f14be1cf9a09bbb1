import type { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { mebibytes, quantity } from '../units/size';

// Pods are written in the API's own typed objects: cdk8s-plus has no word for a seccomp profile of the pod, topology
// spread, volume claim templates or a Service of a chosen name in front of them.

/** What a container asks for and may take. */
export interface ContainerResources {
  /** Requested cores. */
  readonly cpu: number;
  readonly memory: { readonly request: Size; readonly limit: Size };
  /** Disk for the writable parts that are no volume; request and limit. */
  readonly ephemeralStorage: Size;
}

export interface ContainerProps {
  readonly name: string;
  /** Image reference, pinned. */
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly k8s.EnvVar[];
  /** Port name to number. */
  readonly ports: Readonly<Record<string, number>>;
  readonly probes: { readonly startup?: k8s.Probe; readonly readiness: k8s.Probe; readonly liveness: k8s.Probe };
  readonly resources: ContainerResources;
  readonly mounts?: readonly k8s.VolumeMount[];
}

const resourceRequirements = ({ cpu, memory, ephemeralStorage }: ContainerResources): k8s.ResourceRequirements => {
  const disk = k8s.Quantity.fromString(quantity(ephemeralStorage));
  return {
    requests: {
      cpu: cpu < 1 ? k8s.Quantity.fromString(`${Math.round(cpu * 1000)}m`) : k8s.Quantity.fromNumber(cpu),
      memory: k8s.Quantity.fromString(quantity(memory.request)),
      'ephemeral-storage': disk,
    },
    limits: { memory: k8s.Quantity.fromString(quantity(memory.limit)), 'ephemeral-storage': disk },
  };
};

/** A container that the `restricted` Pod Security level admits, on a read-only root file system. */
export const container = ({ probes, resources, ports, ...props }: ContainerProps): k8s.Container => ({
  name: props.name,
  image: props.image,
  ...(props.command && { command: [...props.command] }),
  ...(props.args && { args: [...props.args] }),
  ...(props.env && { env: [...props.env] }),
  ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
  ...(probes.startup && { startupProbe: probes.startup }),
  readinessProbe: probes.readiness,
  livenessProbe: probes.liveness,
  resources: resourceRequirements(resources),
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  ...(props.mounts && { volumeMounts: [...props.mounts] }),
});

/** GET of a path on a named port, first asked when the program has had time to open it: a refusal is a warning event. */
export const httpProbe = (path: string, port: string, more: Omit<k8s.Probe, 'httpGet'> = {}): k8s.Probe => ({
  httpGet: { path, port: k8s.IntOrString.fromString(port) },
  initialDelaySeconds: 5,
  ...more,
});

/** Share of its memory limit up to which a Go program may let garbage lie: less than `HighMemoryUsage` tells of. */
export const goMemoryShare = 0.75;

/** What a Go program is to stay below, for it to free memory before it is killed. */
export const goMemoryLimit = ({ memory }: ContainerResources): string =>
  `${Math.floor(mebibytes(memory.limit) * goMemoryShare)}MiB`;

/** A fact that the pod learns about itself when it starts. */
export const fieldEnv = (name: string, fieldPath: string): k8s.EnvVar => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});

export const env = (variables: Readonly<Record<string, string>>): readonly k8s.EnvVar[] =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));

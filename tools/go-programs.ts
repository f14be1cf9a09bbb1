import type { Version } from './version';
import { versionText } from './version';

/** A program of the checks that is built from a Go module. */
export interface GoProgram {
  /** Folder below `tools/` whose go.mod pins it. */
  readonly module: string;
  /** The package that `go build` is given. */
  readonly package: string;
  /** Arguments that make it print its version. */
  readonly versionArgs: readonly string[];
  /** Build tags, separated by commas. */
  readonly tags?: string;
  /** Linker flags that write its version into the program, which may know none otherwise. */
  readonly stamp?: (pin: string, release: Version) => string;
  /** The release behind a pin, where Go module and release are numbered differently. */
  readonly release?: (pin: Version) => Version;
}

const prometheusProgram = (name: string): GoProgram => ({
  module: 'prometheus',
  package: `github.com/prometheus/prometheus/cmd/${name}`,
  versionArgs: ['--version'],
  tags: 'remove_all_sd,enable_kubernetes_sd',
  // Release 3.14 is module v0.314: the module path has no /v3.
  release: ({ minor }) => ({ major: Math.floor(minor / 100), minor: minor % 100 }),
});

const kubernetesProgram = (name: string, versionArgs: readonly string[]): GoProgram => ({
  module: 'kubernetes',
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionArgs,
  stamp: (pin, { major, minor }) =>
    Object.entries({ gitVersion: pin, gitMajor: major, gitMinor: minor })
      .map(([variable, value]) => `-X k8s.io/component-base/version.${variable}=${value}`)
      .join(' '),
});

const lokiProgram = (name: string): GoProgram => ({
  module: 'loki',
  package: `github.com/grafana/loki/v3/cmd/${name}`,
  versionArgs: ['--version'],
  stamp: (pin) => `-X github.com/grafana/loki/v3/pkg/util/build.Version=${pin.replace('v', '')}`,
});

const alertmanagerProgram = (name: string): GoProgram => ({
  // A module each: the server of 0.34 embeds an interface that its Go module lacks, 0.31 is the last that has it.
  module: name,
  package: `github.com/prometheus/alertmanager/cmd/${name}`,
  versionArgs: ['--version'],
  stamp: (pin) => `-X github.com/prometheus/common/version.Version=${pin.replace('v', '')}`,
});

export const goPrograms = {
  prometheus: prometheusProgram('prometheus'),
  promtool: prometheusProgram('promtool'),
  alertmanager: alertmanagerProgram('alertmanager'),
  amtool: alertmanagerProgram('amtool'),
  node_exporter: {
    module: 'node-exporter',
    package: 'github.com/prometheus/node_exporter',
    versionArgs: ['--version'],
  },
  postgres_exporter: {
    module: 'postgres-exporter',
    package: 'github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter',
    versionArgs: ['--version'],
  },
  'kube-state-metrics': {
    module: 'kube-state-metrics',
    package: 'k8s.io/kube-state-metrics/v2',
    versionArgs: ['version'],
  },
  etcd: { module: 'etcd', package: 'go.etcd.io/etcd/server/v3', versionArgs: ['--version'] },
  'kube-apiserver': kubernetesProgram('kube-apiserver', ['--version']),
  kubectl: kubernetesProgram('kubectl', ['version', '--client']),
  'kube-score': {
    module: 'kube-score',
    package: 'github.com/zegl/kube-score/cmd/kube-score',
    versionArgs: ['version'],
  },
  loki: lokiProgram('loki'),
  logcli: lokiProgram('logcli'),
  jaeger: {
    module: 'jaeger',
    package: 'github.com/jaegertracing/jaeger/cmd/jaeger',
    versionArgs: ['version'],
    stamp: (_, release) => `-X github.com/jaegertracing/jaeger/internal/version.latestVersion=v${versionText(release)}`,
    // Release 2.13 is module v1.76, the last of them: the module path has no /v2.
    release: ({ minor }) => ({ major: 2, minor: minor - 63 }),
  },
} satisfies Record<string, GoProgram>;

export type ProgramName = keyof typeof goPrograms;

export const isProgramName = (name: string): name is ProgramName => Object.hasOwn(goPrograms, name);

export const programNames: readonly ProgramName[] = Object.keys(goPrograms).filter(isProgramName);

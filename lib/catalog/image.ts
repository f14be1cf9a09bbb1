/** A container image, pinned by tag and by the digest of its multi-platform index. */
export interface Image {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** User that it runs as. */
  readonly user: number;
}

/** The reference that a pod names. */
export const imageReference = ({ repository, tag, digest }: Image): string => `${repository}:${tag}@${digest}`;

/** Third-party programs, with the user of their published image. */
export const images = {
  prometheus: {
    repository: 'quay.io/prometheus/prometheus',
    tag: 'v3.14.0',
    digest: 'sha256:5ce7540c3c00ef4ab0c9d2c995c6a5b9c421f44b4a115d97a2c7af3b1c21cbb0',
    user: 65534,
  },
  alertmanager: {
    repository: 'quay.io/prometheus/alertmanager',
    tag: 'v0.34.0',
    digest: 'sha256:690c7b525f4367aa91f73e2f91c632206d32e97c6384bdbf2fb7a861b420340d',
    user: 65534,
  },
  kubeStateMetrics: {
    repository: 'registry.k8s.io/kube-state-metrics/kube-state-metrics',
    tag: 'v2.20.0',
    digest: 'sha256:42cfe3723a5f058171c627537fb57a3ea0f26e4380fa18555a95cb1a1b4cfc5b',
    user: 65534,
  },
  nodeExporter: {
    repository: 'docker.io/prom/node-exporter',
    tag: 'v1.12.1',
    digest: 'sha256:1b4e4438faca4dd7e001dd445d161a4a2091b0fededa84093b3a8dfeae1f1be0',
    user: 65534,
  },
  postgresExporter: {
    repository: 'quay.io/prometheuscommunity/postgres-exporter',
    tag: 'v0.20.1',
    digest: 'sha256:ac5ec343104fae0e2d84a27bb8d69b38430a11910c5382cad85d478d2bab713e',
    user: 65534,
  },
  loki: {
    repository: 'docker.io/grafana/loki',
    tag: '3.7.6',
    digest: 'sha256:efd47c67f9bac88ca29bcf8cb997d9ab29d1848bd0aff579282295542a745952',
    user: 10001,
  },
  fluentBit: {
    repository: 'docker.io/fluent/fluent-bit',
    tag: '5.1.2',
    digest: 'sha256:d792375ca8e53be72fc25716c28f291f32c6fc6f4f31d12d0d14bc78cefe9226',
    // The logs of a node belong to root, and nobody else reads them.
    user: 0,
  },
  jaeger: {
    repository: 'docker.io/jaegertracing/jaeger',
    // The last that Grafana's data source can ask: 2.21 is reported to drop /api/traces.
    tag: '2.20.0',
    digest: 'sha256:46a886260e04002d8f45e213fc39063fa11a50446048fdaa64786fc0840cb9f8',
    user: 10001,
  },
  grafana: {
    repository: 'docker.io/grafana/grafana',
    tag: '13.2.2',
    digest: 'sha256:ac461fb352abc50da10a51c7d02462e9c05488f11f53f14b3ad79a8145f638a0',
    user: 472,
  },
  node: {
    repository: 'docker.io/library/node',
    tag: '24-alpine',
    digest: 'sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43',
    // Any will do: the simulator owns no file.
    user: 10001,
  },
} as const satisfies Record<string, Image>;

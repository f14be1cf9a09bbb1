import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components, type Service } from '../lib/catalog/components';
import { scrapeJobs } from '../lib/catalog/scrape-jobs';
import type { LogLevel } from '../lib/catalog/logs';
import { container, env, fieldEnv, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import { podTemplate } from '../lib/constructs/pod';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';

/** What a service runs: an image, and for the simulator the ConfigMap whose `main.js` the Node image runs. */
export interface Program {
  readonly image: string;
  readonly version: string;
  readonly user: number;
  /** Secret that opens the image's registry. */
  readonly pullSecret?: string;
  readonly simulator?: string;
}

export interface AutoServeChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly service: Service;
  readonly program: Program;
  /** Left to the ml-controller when it scales the service. */
  readonly replicas: number | 'scaled';
  readonly resources: ContainerResources;
  readonly logLevel: LogLevel;
  /** Value of the OpenTelemetry attribute `deployment.environment.name`. */
  readonly environment: string;
  /** Where spans go, and the share of traces that begin here and are recorded, 0 to 1. */
  readonly traces: { readonly endpoint: string; readonly ratio: number };
  /** Variables that name the services it calls. */
  readonly peers: Readonly<Record<string, string>>;
  /** Secret whose keys become files under /etc/autoserve/secrets, or none. */
  readonly secret: { readonly secretName: string } | 'none';
}

/** What only one of the services needs: the controller reads pods and scales the other two. */
const rules: Readonly<Record<Service, readonly k8s.PolicyRule[]>> = {
  backend: [],
  worker: [],
  'ml-controller': [
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    {
      apiGroups: ['apps'],
      resources: ['deployments/scale'],
      resourceNames: ['backend', 'worker'],
      verbs: ['get', 'patch'],
    },
  ],
};

const simulatorPath = '/opt/simulator';
const secretsPath = '/etc/autoserve/secrets';

/** Telemetry settings that every OpenTelemetry SDK reads by itself. */
const telemetryEnv = (
  service: Service,
  version: string,
  { environment, traces }: Pick<AutoServeChartProps, 'environment' | 'traces'>,
): readonly k8s.EnvVar[] => [
  fieldEnv('POD_NAME', 'metadata.name'),
  fieldEnv('POD_NAMESPACE', 'metadata.namespace'),
  fieldEnv('NODE_NAME', 'spec.nodeName'),
  ...env({
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: [
      'service.namespace=autoserve',
      `service.version=${version}`,
      'service.instance.id=$(POD_NAME)',
      `deployment.environment.name=${environment}`,
      'k8s.namespace.name=$(POD_NAMESPACE)',
      'k8s.pod.name=$(POD_NAME)',
      'k8s.node.name=$(NODE_NAME)',
    ].join(','),
    OTEL_PROPAGATORS: 'tracecontext,baggage',
    // The names of the catalog: instrumentations keep to their older ones unless told.
    OTEL_SEMCONV_STABILITY_OPT_IN: 'http,database',
    // Prometheus scrapes metrics and logs go to standard output, so the SDK exports neither.
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    // Whoever calls has decided already; only traces that begin here are this service's to sample.
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: `${traces.ratio}`,
  }),
];

/** One service of AutoServe: what runs, its address, and its rights. */
export class AutoServeChart extends Chart {
  constructor(scope: Construct, id: string, { service, program, ...props }: AutoServeChartProps) {
    const { image, version, user, pullSecret, simulator } = program;
    const identity = { name: service, instance: props.instance, version };
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components[service];

    const account = new ServiceIdentity(this, 'Identity', {
      name: service,
      namespace: props.namespace,
      namespaceRules: rules[service].length > 0 ? { [props.namespace]: rules[service] } : {},
    });
    const volumes: k8s.Volume[] = [];
    const mounts: k8s.VolumeMount[] = [];
    if (simulator !== undefined) {
      volumes.push({ name: 'simulator', configMap: { name: simulator } });
      mounts.push({ name: 'simulator', mountPath: simulatorPath, readOnly: true });
    }
    if (props.secret !== 'none') {
      volumes.push({ name: 'secrets', secret: { secretName: props.secret.secretName } });
      mounts.push({ name: 'secrets', mountPath: secretsPath, readOnly: true });
    }
    volumes.push({ name: 'tmp', emptyDir: {} });
    mounts.push({ name: 'tmp', mountPath: '/tmp' });

    new k8s.KubeDeployment(this, 'Deployment', {
      metadata: { name: service },
      spec: {
        ...(props.replicas !== 'scaled' && { replicas: props.replicas }),
        // Two controllers would scale against each other, for the moment of an update too.
        ...(service === 'ml-controller' && { strategy: { type: 'Recreate' } }),
        selector: { matchLabels: { ...selectorLabels(identity) } },
        template: podTemplate({
          identity,
          user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: rules[service].length > 0,
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': `${ports.http}`,
            'prometheus.io/path': scrapeJobs[service].path,
          },
          volumes,
          ...(pullSecret !== undefined && { more: { imagePullSecrets: [{ name: pullSecret }] } }),
          containers: [
            container({
              name: service,
              image,
              ...(simulator !== undefined && { command: ['/usr/local/bin/node', `${simulatorPath}/main.js`] }),
              env: [
                ...telemetryEnv(service, version, props),
                ...env({ SERVICE_NAME: service, LOG_LEVEL: props.logLevel, LOG_FORMAT: 'json', ...props.peers }),
              ],
              ports,
              probes: {
                startup: httpProbe('/healthz', 'http', { periodSeconds: 2, failureThreshold: 60 }),
                readiness: httpProbe('/readyz', 'http'),
                liveness: httpProbe('/healthz', 'http', { failureThreshold: 5 }),
              },
              resources: props.resources,
              mounts,
            }),
          ],
        }),
      },
    });
    new StableService(this, 'Service', { identity, ports });
  }
}

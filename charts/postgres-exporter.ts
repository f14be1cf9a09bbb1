import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components } from '../lib/catalog/components';
import { postgresExporter } from '../lib/catalog/postgres-exporter';
import { imageReference, type Image } from '../lib/catalog/image';
import { container, env, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import { podTemplate } from '../lib/constructs/pod';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';

interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

export interface PostgresExporterChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  readonly resources: ContainerResources;
  readonly dsn: { readonly uri: SecretKey; readonly user: SecretKey; readonly password: SecretKey };
}

/** Beside the default ones: those that the catalog's metrics come from. */
const collectors = ['stat_statements', 'statio_user_indexes'];
/** As many as the catalog allows. */
const statements = postgresExporter.pg_stat_statements_calls_total.labels.queryid.limit;
const secretDirectory = '/etc/postgres-exporter';

/** postgres-exporter: asks AutoServe's database about itself, as a member of `pg_monitor`. */
export class PostgresExporterChart extends Chart {
  constructor(scope: Construct, id: string, { image, dsn, ...props }: PostgresExporterChartProps) {
    const identity = { name: 'postgres-exporter', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports } = components['postgres-exporter'];

    const account = new ServiceIdentity(this, 'Identity', { name: 'postgres-exporter', namespace: props.namespace });
    new k8s.KubeDeployment(this, 'Deployment', {
      metadata: { name: 'postgres-exporter' },
      spec: {
        // A second replica would report the same database twice.
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { ...selectorLabels(identity) } },
        template: podTemplate({
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          volumes: [
            {
              name: 'dsn',
              projected: {
                sources: Object.entries(dsn).map(([path, { secretName, key }]) => ({
                  secret: { name: secretName, items: [{ key, path }] },
                })),
              },
            },
          ],
          containers: [
            container({
              name: 'postgres-exporter',
              image: imageReference(image),
              args: [
                ...collectors.map((collector) => `--collector.${collector}`),
                `--collector.stat_statements.limit=${statements}`,
                '--log.format=json',
              ],
              env: env({
                DATA_SOURCE_URI_FILE: `${secretDirectory}/uri`,
                DATA_SOURCE_USER_FILE: `${secretDirectory}/user`,
                DATA_SOURCE_PASS_FILE: `${secretDirectory}/password`,
              }),
              ports,
              // Never /metrics: a scrape opens connections to the database.
              probes: { readiness: httpProbe('/', 'http'), liveness: httpProbe('/', 'http') },
              resources: props.resources,
              mounts: [{ name: 'dsn', mountPath: secretDirectory, readOnly: true }],
            }),
          ],
        }),
      },
    });
    new StableService(this, 'Service', { identity, ports });
  }
}

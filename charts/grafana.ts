import { Chart, type ChartProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { components } from '../lib/catalog/components';
import { dashboards, dashboardUids, folders, type DashboardUid, type FolderUid } from '../lib/catalog/dashboards';
import { imageReference, type Image } from '../lib/catalog/image';
import type { DataSourcesFile } from '../lib/config/grafana-data-sources';
import { toProvisioningYaml, type DashboardProvidersFile } from '../lib/config/grafana-provisioning';
import type { GrafanaPaths, GrafanaSecret, GrafanaSettings } from '../lib/config/grafana-settings';
import { toIni } from '../lib/config/to-ini';
import { ConfigFiles } from '../lib/constructs/config-file';
import { container, env, goMemoryLimit, httpProbe, type ContainerResources } from '../lib/constructs/container';
import { labels, selectorLabels } from '../lib/constructs/labels';
import { podTemplate } from '../lib/constructs/pod';
import { StableService } from '../lib/constructs/service';
import { ServiceIdentity } from '../lib/constructs/service-identity';
import { volumeClaim, type ClaimedVolume } from '../lib/constructs/volume-claim';

interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

export interface GrafanaIngress {
  readonly host: string;
  readonly className: string;
  readonly tlsSecretName: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface GrafanaChartProps extends ChartProps {
  readonly namespace: string;
  readonly instance: string;
  readonly image: Image;
  /** Several only where the database is none of their own. */
  readonly replicas: number;
  readonly settings: GrafanaSettings;
  readonly dataSources: DataSourcesFile;
  readonly dashboardProviders: DashboardProvidersFile;
  /** The JSON of each dashboard. */
  readonly dashboards: Readonly<Record<DashboardUid, string>>;
  readonly secrets: Readonly<Partial<Record<GrafanaSecret, SecretKey>>>;
  /** What stands before each of its paths: `/grafana`, or nothing. */
  readonly pathPrefix: string;
  readonly resources: ContainerResources;
  /** For a database of its own. */
  readonly volume: ClaimedVolume | 'none';
  readonly ingress: GrafanaIngress | 'none';
}

const configDirectory = '/etc/grafana';
const dataDirectory = '/var/lib/grafana';

/** Where its settings look for what; those of configuration and data are the image's own. */
export const grafanaPaths: GrafanaPaths = {
  data: dataDirectory,
  provisioning: `${configDirectory}/provisioning`,
  dashboards: `${dataDirectory}/dashboards`,
  secrets: '/etc/grafana-secrets',
};

/** Each file of its configuration, and where it belongs. */
const configPaths = {
  'grafana.ini': 'grafana.ini',
  'data-sources.yaml': 'provisioning/datasources/data-sources.yaml',
  'dashboard-providers.yaml': 'provisioning/dashboards/dashboard-providers.yaml',
} as const;

/** The file of a dashboard, where its provider looks for it. */
export const dashboardPath = (uid: DashboardUid): string =>
  `${grafanaPaths.dashboards}/${dashboards[uid].folder}/${uid}.json`;

const folderUids = Object.keys(folders) as readonly FolderUid[];

/**
 * Grafana: shows what Prometheus, Loki, Jaeger and Alertmanager know. Data sources and dashboards are files; its database
 * holds who may log in, and what they set for themselves.
 *
 * @see https://grafana.com/docs/grafana/v13.2/setup-grafana/
 */
export class GrafanaChart extends Chart {
  constructor(scope: Construct, id: string, { image, volume, ingress, pathPrefix, ...props }: GrafanaChartProps) {
    const identity = { name: 'grafana', instance: props.instance, version: image.tag } as const;
    super(scope, id, { ...props, labels: { ...labels(identity) } });
    const { ports, servicePorts } = components.grafana;

    const config = new ConfigFiles(this, 'Config', {
      name: 'grafana-config',
      files: {
        'grafana.ini': toIni(props.settings),
        'data-sources.yaml': toProvisioningYaml(props.dataSources),
        'dashboard-providers.yaml': toProvisioningYaml(props.dashboardProviders),
      } satisfies Record<keyof typeof configPaths, string>,
    });
    const shown = dashboardUids.map((uid) => ({
      folder: dashboards[uid].folder,
      map: new ConfigFiles(this, `Dashboard-${uid}`, {
        name: `grafana-dashboard-${uid}`,
        files: { [`${uid}.json`]: props.dashboards[uid] },
        reloads: true,
      }),
    }));
    const account = new ServiceIdentity(this, 'Identity', { name: 'grafana', namespace: props.namespace });
    if (volume !== 'none')
      new k8s.KubePersistentVolumeClaim(this, 'Volume', { metadata: { name: 'grafana' }, spec: volumeClaim(volume) });

    const volumes: readonly k8s.Volume[] = [
      {
        name: 'config',
        configMap: {
          name: config.configMapName,
          items: Object.entries(configPaths).map(([key, path]) => ({ key, path })),
        },
      },
      {
        name: 'secrets',
        projected: {
          sources: Object.entries(props.secrets).map(([path, { secretName, key }]) => ({
            secret: { name: secretName, items: [{ key, path }] },
          })),
        },
      },
      ...folderUids.map((folder) => ({
        name: `dashboards-${folder}`,
        projected: {
          sources: shown
            .filter((dashboard) => dashboard.folder === folder)
            .map(({ map }) => ({ configMap: { name: map.configMapName } })),
        },
      })),
      { name: 'tmp', emptyDir: {} },
      volume === 'none'
        ? { name: 'data', emptyDir: {} }
        : { name: 'data', persistentVolumeClaim: { claimName: 'grafana' } },
    ];
    const mounts: readonly k8s.VolumeMount[] = [
      { name: 'config', mountPath: configDirectory, readOnly: true },
      { name: 'secrets', mountPath: grafanaPaths.secrets, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'data', mountPath: dataDirectory, subPath: 'grafana' },
      // Whole directories: what is mounted by `subPath` stays as it was when the pod began.
      ...folderUids.map((folder) => ({
        name: `dashboards-${folder}`,
        mountPath: `${grafanaPaths.dashboards}/${folder}`,
        readOnly: true,
      })),
    ];
    new k8s.KubeDeployment(this, 'Deployment', {
      metadata: { name: 'grafana' },
      spec: {
        replicas: props.replicas,
        // Two at a time cannot share a volume.
        ...(volume !== 'none' && { strategy: { type: 'Recreate' } }),
        selector: { matchLabels: { ...selectorLabels(identity) } },
        template: podTemplate({
          identity,
          user: image.user,
          serviceAccountName: account.serviceAccountName,
          callsApiServer: false,
          // It waits as long for a data source, and then answers who asked.
          terminationGracePeriodSeconds: 45,
          volumes,
          containers: [
            container({
              name: 'grafana',
              image: imageReference(image),
              env: env({ GOMEMLIMIT: goMemoryLimit(props.resources) }),
              ports,
              probes: {
                // The first start fills an empty database, and an upgrade may rewrite a large one.
                startup: httpProbe(`${pathPrefix}/api/health`, 'http', { periodSeconds: 5, failureThreshold: 120 }),
                readiness: httpProbe(`${pathPrefix}/api/health`, 'http', { timeoutSeconds: 5 }),
                // Not the one that asks the database: a restart would not bring that back.
                liveness: httpProbe(`${pathPrefix}/healthz`, 'http', { timeoutSeconds: 5, failureThreshold: 6 }),
              },
              resources: props.resources,
              mounts,
            }),
          ],
        }),
      },
    });
    new StableService(this, 'Service', { identity, ports, servicePorts });

    if (ingress === 'none') return;
    new k8s.KubeIngress(this, 'Ingress', {
      metadata: { name: 'grafana', annotations: { ...ingress.annotations } },
      spec: {
        ingressClassName: ingress.className,
        tls: [{ hosts: [ingress.host], secretName: ingress.tlsSecretName }],
        rules: [
          {
            host: ingress.host,
            http: {
              paths: [
                {
                  path: pathPrefix === '' ? '/' : pathPrefix,
                  pathType: 'Prefix',
                  backend: { service: { name: 'grafana', port: { name: 'http' } } },
                },
              ],
            },
          },
        ],
      },
    });
  }
}

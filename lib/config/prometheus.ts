import type { Duration, Size } from 'cdk8s';
import { portOf } from '../catalog/components';
import type { Platform } from '../platform/platform';
import { prometheusDuration } from '../units/duration';
import { prometheusSize } from '../units/size';
import type { Relabel } from './relabel';
import { scrapeConfigs, type ScrapeConfig, type ScrapeSettings } from './scrape-config';

export interface PrometheusSettings extends ScrapeSettings {
  /** External label `cluster` of everything that leaves this Prometheus. */
  readonly cluster: string;
  readonly scrapeInterval: Duration;
  readonly scrapeTimeout: Duration;
  readonly evaluationInterval: Duration;
  readonly retention: Duration;
  readonly retentionSize: Size;
  readonly ruleDirectory: string;
  /** How many replicas of Alertmanager there are. */
  readonly alertmanagers: number;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
export interface PrometheusConfig {
  readonly global: {
    readonly scrape_interval: string;
    readonly scrape_timeout: string;
    readonly evaluation_interval: string;
    readonly external_labels: Readonly<Record<string, string>>;
    readonly keep_dropped_targets: number;
    readonly metric_name_validation_scheme: 'legacy';
  };
  readonly storage: {
    readonly tsdb: { readonly retention: { readonly time: string; readonly size: string } };
    readonly exemplars: { readonly max_exemplars: number };
  };
  readonly rule_files: readonly string[];
  readonly alerting: {
    readonly alert_relabel_configs: readonly Relabel[];
    readonly alertmanagers: readonly {
      readonly api_version: 'v2';
      readonly static_configs: readonly { readonly targets: readonly string[] }[];
    }[];
  };
  readonly scrape_configs: readonly ScrapeConfig[];
}

/** What the replicas of Prometheus do not agree in. */
const replicaLabel = 'replica';

/** Pure: the same settings give the same file. */
export const prometheusConfig = (settings: PrometheusSettings, platform: Platform): PrometheusConfig => ({
  global: {
    scrape_interval: prometheusDuration(settings.scrapeInterval),
    scrape_timeout: prometheusDuration(settings.scrapeTimeout),
    evaluation_interval: prometheusDuration(settings.evaluationInterval),
    // Prometheus fills in the variable from its environment: each replica says which one it is.
    external_labels: { cluster: settings.cluster, [replicaLabel]: '${POD_NAME}' },
    // Enough to see on /targets why a pod is not scraped, without keeping every pod of the cluster.
    keep_dropped_targets: 100,
    metric_name_validation_scheme: 'legacy',
  },
  storage: {
    tsdb: { retention: { time: prometheusDuration(settings.retention), size: prometheusSize(settings.retentionSize) } },
    exemplars: { max_exemplars: 100_000 },
  },
  rule_files: [`${settings.ruleDirectory}/*.yaml`],
  alerting: {
    // Else each alert would be as many as there are replicas.
    alert_relabel_configs: [{ regex: replicaLabel, action: 'labeldrop' }],
    alertmanagers: [
      {
        api_version: 'v2',
        // All of them: each has to know of every alert, since any may be the one that is left.
        static_configs: [
          {
            targets: platform
              .replicaHostsOf('alertmanager', settings.alertmanagers)
              .map((host) => `${host}:${portOf('alertmanager', 'http')}`),
          },
        ],
      },
    ],
  },
  scrape_configs: scrapeConfigs(settings, platform),
});

import type { Duration, Size } from 'cdk8s';
import type { Platform } from '../platform/platform';
import { prometheusDuration } from '../units/duration';
import { prometheusSize } from '../units/size';
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
  readonly scrape_configs: readonly ScrapeConfig[];
}

/** Pure: the same settings give the same file. */
export const prometheusConfig = (settings: PrometheusSettings, platform: Platform): PrometheusConfig => ({
  global: {
    scrape_interval: prometheusDuration(settings.scrapeInterval),
    scrape_timeout: prometheusDuration(settings.scrapeTimeout),
    evaluation_interval: prometheusDuration(settings.evaluationInterval),
    // Prometheus fills in the variable from its environment: each replica says which one it is.
    external_labels: { cluster: settings.cluster, replica: '${POD_NAME}' },
    // Enough to see on /targets why a pod is not scraped, without keeping every pod of the cluster.
    keep_dropped_targets: 100,
    metric_name_validation_scheme: 'legacy',
  },
  storage: {
    tsdb: { retention: { time: prometheusDuration(settings.retention), size: prometheusSize(settings.retentionSize) } },
    exemplars: { max_exemplars: 100_000 },
  },
  rule_files: [`${settings.ruleDirectory}/*.yaml`],
  scrape_configs: scrapeConfigs(settings, platform),
});

import { services } from '../lib/catalog/components';
import { kubeStateMetrics } from '../lib/catalog/kubernetes';
import { mlController } from '../lib/catalog/ml-controller';
import { postgresExporter } from '../lib/catalog/postgres-exporter';
import { recorded } from '../lib/catalog/recorded';
import { scrape } from '../lib/catalog/scrape';
import { spanMetrics } from '../lib/catalog/span-metrics';
import { labelValues, streamLabelValues, type Variable } from '../lib/config/dashboards/variable';
import { select as selectLines } from '../lib/query/logql/select';
import { anyOf, chosen, notRe } from '../lib/query/promql/matcher';
import { select } from '../lib/query/promql/select';

const autoServe = select(scrape.up, { job: anyOf(...services) });

/** The namespace that AutoServe runs in, which has one for each environment. */
export const environment: Variable = {
  name: 'environment',
  label: 'Environment',
  values: labelValues(autoServe, 'namespace'),
};

/** AutoServe's own services. */
export const service: Variable = { name: 'service', label: 'Service', values: labelValues(autoServe, 'job') };

/** The services whose number of pods the controller decides. */
export const scaledService: Variable = {
  name: 'service',
  label: 'Scaled service',
  values: labelValues(select(mlController.kubernetes_pods_running), 'service'),
};

/** Whatever Prometheus scrapes. */
export const component: Variable = {
  name: 'service',
  label: 'Component',
  values: labelValues(select(scrape.up), 'job'),
};

/** All namespaces of the cluster. */
export const namespace: Variable = {
  name: 'namespace',
  label: 'Namespace',
  values: labelValues(select(kubeStateMetrics.kube_pod_info), 'namespace'),
};

export const node: Variable = {
  name: 'node',
  label: 'Node',
  values: labelValues(select(kubeStateMetrics.kube_node_info), 'node'),
};

/** What the database server holds beside its templates. */
export const database: Variable = {
  name: 'database',
  label: 'Database',
  values: labelValues(select(postgresExporter.pg_database_size_bytes, { datname: notRe('template[01]') }), 'datname'),
  onlyWith: 'database',
};

/** The objectives of the chosen services. */
export const slo: Variable = {
  name: 'slo',
  label: 'Objective',
  values: labelValues(select(recorded['slo:error_budget:ratio'], { service: chosen('service') }), 'slo'),
};

/** Namespaces whose lines are shipped. */
export const loggingNamespace: Variable = {
  name: 'namespace',
  label: 'Namespace',
  values: streamLabelValues(selectLines({ job: 'fluent-bit' }), 'namespace'),
};

/** Whatever writes lines in the chosen namespaces: AutoServe's services and the platform's components. */
export const loggingService: Variable = {
  name: 'service',
  label: 'Service or component',
  values: streamLabelValues(selectLines({ job: 'fluent-bit', namespace: chosen('namespace') }), 'service'),
};

/** The services that emit spans. */
export const tracedService: Variable = {
  name: 'service',
  label: 'Service',
  values: labelValues(select(spanMetrics.traces_span_metrics_calls_total), 'service_name'),
};

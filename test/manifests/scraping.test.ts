import { parse } from 'yaml';
import { scrapeJobs, type JobName, type ScrapeJob } from '../../lib/catalog/scrape-jobs';
import type { PrometheusConfig } from '../../lib/config/prometheus';
import { configFile, profileNames, profiles, rendered } from '../harness/rendered';
import { relabelled } from '../lib/config/relabelling';
import { ofKind, workloadsOf } from './output';

const metaKey = (label: string) => label.replace(/[^a-zA-Z0-9_]/g, '_');

describe.each(profileNames)('in profile %s', (profileName) => {
  const manifests = rendered(profiles[profileName]);
  const workloads = workloadsOf(manifests);
  const { scrape_configs: jobs, rule_files: ruleFiles } = parse(
    configFile(manifests, 'prometheus.yml'),
  ) as PrometheusConfig;

  /** The workloads whose pods a job takes, each with the port that is scraped. */
  const scraped = ({
    kubernetes_sd_configs: [sd],
    relabel_configs: steps,
  }: PrometheusConfig['scrape_configs'][number]) =>
    workloads.flatMap(({ name, namespace, labels, annotations, containers }) => {
      if (sd?.role !== 'pod' || sd.namespaces?.names.includes(namespace) === false) return [];
      const meta = Object.entries({
        namespace,
        pod_name: `${name}-0`,
        pod_ip: '10.1.2.3',
        pod_phase: 'Running',
        pod_node_name: 'node-1',
        ...Object.fromEntries(Object.entries(labels).map(([label, value]) => [`pod_label_${metaKey(label)}`, value])),
        ...Object.fromEntries(
          Object.entries(annotations).map(([label, value]) => [`pod_annotation_${metaKey(label)}`, value]),
        ),
      }).map(([label, value]) => [`__meta_kubernetes_${label}`, value] as const);
      const target = relabelled(Object.fromEntries(meta), steps);
      const ports = containers.flatMap((container) => container.ports ?? []);
      return target === undefined ? [] : [{ name, port: target['__address__'], ports }];
    });

  const podJobs = jobs.filter(
    ({ job_name, kubernetes_sd_configs: [sd] }) => sd?.role === 'pod' && job_name !== 'kubernetes-pods',
  );

  test.each(podJobs)('job $job_name takes the one workload that the catalog says, on a port that it exposes', (job) => {
    const found = scraped(job);
    const { discovery }: ScrapeJob = scrapeJobs[job.job_name as JobName];
    expect(found.map(({ name }) => name)).toEqual([discovery === 'kubelet' ? 'none' : discovery.pods]);
    for (const { port, ports } of found)
      expect(ports.map(({ containerPort }) => `10.1.2.3:${containerPort}`)).toContain(port);
  });

  test('every workload is scraped, each of its ports by one job', () => {
    const targets = jobs.flatMap(scraped).map(({ name, port }) => `${name} ${port ?? ''}`);
    expect(new Set(targets).size).toBe(targets.length);
    const names = new Set(targets.map((each) => each.split(' ')[0]));
    expect([...names].sort()).toEqual(workloads.map(({ name }) => name).sort());
  });

  test('Prometheus may discover pods in every namespace where a job looks for them', () => {
    const granted = ofKind(manifests, 'Role')
      .filter(
        ({ metadata, rules }) => metadata?.name === 'prometheus' && rules?.[0]?.resources?.includes('pods') === true,
      )
      .map(({ metadata }) => metadata?.namespace);
    const wanted = jobs.flatMap(({ kubernetes_sd_configs: [sd] }) => sd?.namespaces?.names ?? []);
    expect(granted).toEqual(expect.arrayContaining(wanted));
  });

  test('the rules are mounted where the configuration looks for them', () => {
    const mounts = workloads
      .filter(({ name }) => name === 'prometheus')
      .flatMap(({ containers }) => containers.flatMap(({ volumeMounts }) => volumeMounts ?? []));
    const directories = ruleFiles.map((file) => file.replace(/\/[^/]+$/, ''));
    expect(mounts.map(({ mountPath }) => mountPath)).toEqual(expect.arrayContaining(directories));
  });
});

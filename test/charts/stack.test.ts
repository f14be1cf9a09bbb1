import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { problemsOf } from '../../charts/stack';
import { services } from '../../lib/catalog/components';
import type { DataSourcesFile } from '../../lib/config/grafana-data-sources';
import type { PrometheusConfig } from '../../lib/config/prometheus';
import type { SamplingFile } from '../../lib/config/sampling';
import { production } from '../../lib/profile/production';
import type { LogsProfile, ObjectStore, Profile, TraceStore } from '../../lib/profile/profile';
import { configFile, rendered } from '../harness/rendered';
import { ofKind, workloadsOf } from '../manifests/output';

const logs = (override: Partial<LogsProfile>): Profile => ({
  ...production,
  logs: { ...production.logs, ...override },
});
const objects = (store: Omit<ObjectStore, 'network'>): Profile =>
  logs({
    loki: {
      ...production.logs.loki,
      objects: { ...store, network: { cidrs: ['10.0.0.0/8'], ports: [443] } } as ObjectStore,
    },
  });
const stored = (store: TraceStore): Profile => ({
  ...production,
  traces: { ...production.traces, store, tailSampling: 'keep-all' },
});

/** A component of a profile as it runs: where each of its mounts comes from, and its settings. */
const running = (profile: Profile, component: string) => {
  const workload = workloadsOf(rendered(profile)).find(({ name }) => name === component);
  const [container] = workload?.containers ?? [];
  const volumes = new Map((workload?.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return {
    args: container?.args ?? [],
    env: new Map((container?.env ?? []).map(({ name, value }) => [name, value])),
    mounts: new Map(
      (container?.volumeMounts ?? []).map(({ name, mountPath, readOnly = false }) => [
        mountPath,
        { readOnly, ...volumes.get(name) },
      ]),
    ),
  };
};

const external = {
  tls: { ca: { secretName: 'trust', key: 'ca' } },
  credentials: { username: { secretName: 'store', key: 'user' }, password: { secretName: 'store', key: 'word' } },
  network: { cidrs: ['10.0.0.0/8'], ports: [9000] },
} as const;

describe('a profile is refused', () => {
  const problems = (profile: Profile) => [...problemsOf(profile)];

  test.each([Number.NaN, Infinity, -1])('of which an alert has the threshold %d', (threshold) => {
    const { alerts } = production;
    const table = { ...alerts.table, HighLatency: { for: Duration.minutes(5), threshold } };
    expect(problems({ ...production, alerts: { ...alerts, table } })).toEqual([
      {
        path: 'production.alerts.table.HighLatency.threshold',
        value: `${threshold}`,
        fix: expect.stringContaining('seconds above 0') as string,
      },
    ]);
  });

  test('that keeps lines for less than a named question looks back', () => {
    expect(problems(logs({ retention: Duration.hours(5), outage: 'may-lose-lines' }))).toContainEqual({
      path: 'production.logQueries.scalingDecisions.range',
      value: '6h',
      fix: expect.stringContaining('lines are kept for 5h') as string,
    });
  });

  test('that scrapes too seldom for its rules', () => {
    const seldom: Profile = {
      ...production,
      prometheus: { ...production.prometheus, scrapeInterval: Duration.minutes(10) },
    };
    expect(problems(seldom).length).toBeGreaterThan(0);
    for (const { path } of problems(seldom)) expect(path).toMatch(/^production\.rules\./);
  });

  test('not when all is well', () => {
    expect(problems(production)).toEqual([]);
  });
});

describe('credentials of an object store are a file that its SDK is told of', () => {
  const file = { secretName: 'bucket', key: 'file' };

  test.each<readonly [string, Omit<ObjectStore, 'network'>, string]>([
    [
      'Amazon',
      { kind: 's3', bucket: 'lines', region: 'a', endpoint: 'aws', credentials: file } as Omit<ObjectStore, 'network'>,
      'AWS_SHARED_CREDENTIALS_FILE',
    ],
    ['Google', { kind: 'gcs', bucket: 'lines', credentials: file }, 'GOOGLE_APPLICATION_CREDENTIALS'],
  ])('by %s', (_, store, variable) => {
    const { env, mounts } = running(objects(store), 'loki');
    const path = env.get(variable) ?? '';
    expect(mounts.get(path.replace(/\/file$/, ''))).toMatchObject({ readOnly: true, secret: { secretName: 'bucket' } });
  });

  test('unless the pod has an identity of its own', () => {
    const store = { kind: 'gcs', bucket: 'lines', credentials: 'workload-identity' } as const;
    const { env, mounts } = running(objects(store), 'loki');
    expect([...env.keys()]).toEqual(['POD_IP', 'GOMEMLIMIT']);
    expect([...mounts.values()].filter(({ secret }) => secret !== undefined)).toEqual([]);
  });
});

describe('a store of traces', () => {
  const volume = { size: Size.gibibytes(20), storageClass: 'cluster-default' } as const;

  test('on the disk is where Jaeger looks for it, on a volume', () => {
    const profile = stored({ kind: 'badger', retention: Duration.days(7), volume });
    const { mounts } = running(profile, 'jaeger');
    const claims = ofKind(rendered(profile), 'PersistentVolumeClaim').map(({ metadata }) => metadata?.name);
    const path = /keys: (\S+)\/keys/.exec(configFile(rendered(profile), 'jaeger.yaml'))?.[1] ?? '';
    expect(claims).toEqual(['jaeger']);
    expect(mounts.get(path)?.persistentVolumeClaim?.claimName).toBe('jaeger');
  });

  test('in memory needs neither volume nor files', () => {
    const { mounts } = running(stored({ kind: 'memory', maxTraces: 1 }), 'jaeger');
    expect([...mounts.keys()]).toEqual(['/etc/jaeger', '/etc/jaeger-sampling', '/tmp']);
  });

  test.each<TraceStore>([
    { ...external, kind: 'elasticsearch', urls: ['https://a'], indexPrefix: 'b' },
    { ...external, kind: 'opensearch', urls: ['https://a'], indexPrefix: 'b' },
    { ...external, kind: 'cassandra', servers: ['a'], datacenter: 'b', keyspace: 'c' },
    { ...external, kind: 'clickhouse', addresses: ['a:9000'], database: 'b' },
    { ...external, kind: 'grpc', address: 'a:1', credentials: 'none' },
  ])('of kind $kind finds every file that its configuration names', (store) => {
    const profile = stored(store);
    const named = new Set(configFile(rendered(profile), 'jaeger.yaml').match(/\/etc\/jaeger-credentials\/[\w.]+/g));
    const sources = running(profile, 'jaeger').mounts.get('/etc/jaeger-credentials')?.projected?.sources ?? [];
    const mounted = sources.flatMap(({ secret }) => secret?.items ?? []).map(({ path }) => path);
    expect([...named].sort()).toEqual(mounted.map((path) => `/etc/jaeger-credentials/${path}`).sort());
    expect(mounted).toContain('ca.crt');
  });

  test('that Jaeger has no stable support for is switched on, and no other is', () => {
    const clickhouse: TraceStore = { ...external, kind: 'clickhouse', addresses: ['a:9000'], database: 'b' };
    expect(running(stored(clickhouse), 'jaeger').args).toContain('--feature-gates=storage.clickhouse');
    expect(running(production, 'jaeger').args).toHaveLength(1);
  });
});

test('an SDK that does not ask Jaeger records the traces of its service at the ratio that Jaeger would tell', () => {
  const file = JSON.parse(configFile(rendered(production), 'sampling.json')) as SamplingFile;
  for (const service of services) {
    const told = file.service_strategies.find((strategy) => strategy.service === service)?.param;
    expect(running(production, service).env.get('OTEL_TRACES_SAMPLER_ARG')).toBe(`${told ?? ''}`);
  }
});

describe('on nodes with Docker', () => {
  const profile = logs({ runtime: 'docker' });
  const containers = '/var/lib/docker/containers';

  test('the agent may follow the links in /var/log to where the files are, and only read there', () => {
    expect(running(profile, 'fluent-bit').mounts.get(containers)?.readOnly).toBe(true);
    expect(running(production, 'fluent-bit').mounts.has(containers)).toBe(false);
    const policy = JSON.stringify(ofKind(rendered(profile), 'ValidatingAdmissionPolicy'));
    expect(policy).toContain(`fluent-bit mounts no host path but /var/log, ${containers}, `);
  });

  test('it reads the format of Docker', () => {
    const { pipeline } = parse(configFile(rendered(profile), 'fluent-bit.yaml')) as {
      readonly pipeline: { readonly inputs: readonly Readonly<Record<string, unknown>>[] };
    };
    expect(pipeline.inputs.map((input) => input['multiline.parser'])).toEqual(['docker', 'docker']);
  });
});

describe('Grafana below a path', () => {
  const profile: Profile = {
    ...production,
    links: { ...production.links, grafana: 'https://grafana.autoserve.internal/charts' },
  };
  const manifests = rendered(profile);

  test('is scraped, asked whether it is ready, and entered there', () => {
    const { scrape_configs: jobs } = parse(configFile(manifests, 'prometheus.yml')) as PrometheusConfig;
    expect(jobs.find(({ job_name }) => job_name === 'grafana')?.metrics_path).toBe('/charts/metrics');
    const [container] = workloadsOf(manifests).find(({ name }) => name === 'grafana')?.containers ?? [];
    expect(container?.readinessProbe?.httpGet?.path).toBe('/charts/api/health');
    const [ingress] = ofKind(manifests, 'Ingress');
    expect(ingress?.spec?.rules?.[0]?.http?.paths[0]?.path).toBe('/charts');
    expect(configFile(manifests, 'grafana.ini')).toContain('serve_from_sub_path = true');
  });
});

test('Grafana asks its data sources by the addresses of their Services, and reads the secrets that are mounted', () => {
  const manifests = rendered(production);
  const { datasources } = parse(configFile(manifests, 'data-sources.yaml')) as DataSourcesFile;
  expect(datasources.map(({ url }) => url)).toEqual([
    'http://prometheus.monitoring.svc:9090',
    'http://loki.monitoring.svc:3100',
    'http://jaeger.monitoring.svc:16686',
    'http://alertmanager.monitoring.svc:9093',
  ]);
  const files = [...configFile(manifests, 'grafana.ini').matchAll(/\$__file\{([^}]+)\}/g)].map(([, file]) => file);
  const grafana = workloadsOf(manifests).find(({ name }) => name === 'grafana');
  const directory = grafana?.containers[0]?.volumeMounts?.find(({ name }) => name === 'secrets')?.mountPath ?? '';
  const mounted = grafana?.spec.volumes?.find(({ name }) => name === 'secrets')?.projected?.sources ?? [];
  const paths = mounted.flatMap(({ secret }) => (secret?.items ?? []).map(({ path }) => `${directory}/${path}`));
  expect(paths.sort()).toEqual(files.sort());
});

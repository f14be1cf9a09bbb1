import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { jaegerPaths } from '../../charts/jaeger';
import { jaegerConfigOf } from '../../charts/program-configs';
import { images } from '../../lib/catalog/image';
import { toYaml } from '../../lib/config/to-yaml';
import { inCluster } from '../../lib/platform/platform';
import type { ExternalTraceStore, Profile, TraceStore, TracesProfile } from '../../lib/profile/profile';
import { onPath } from '../../tools/on-path';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { parseVersion, versionText } from '../../tools/version';
import { loopbackNetwork } from '../e2e/loopback-network';
import { startProcess } from '../harness/process';
import { configFile, profileNames, profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';
import { workloadsOf } from '../manifests/output';

const { local, production } = profiles;
const tracing = (override: Partial<TracesProfile>): Profile => ({
  ...production,
  traces: { ...production.traces, ...override },
});

/** The files of Jaeger's pod under a directory of our own, the credentials of any store among them. */
const laidOut = (profile: Profile, config = configFile(rendered(profile), 'jaeger.yaml')): string => {
  const root = temporaryDirectory('jaeger');
  const manifests = rendered(profile);
  const { credentials, samplingFile, uiFile, data } = jaegerPaths;
  const files = {
    [join(credentials, 'username')]: 'shop',
    [join(credentials, 'password')]: 'a word:with#marks\n',
    [join(credentials, 'ca.crt')]: '',
    [samplingFile]: configFile(manifests, 'sampling.json'),
    [uiFile]: configFile(manifests, 'ui.json'),
    '/etc/jaeger/jaeger.yaml': config.replaceAll(/(?<=[ :{])\/(?=etc\/|badger\b)/g, `${root}/`),
  };
  mkdirSync(join(root, data));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return join(root, 'etc/jaeger/jaeger.yaml');
};

/** Those of the pod, but for where the configuration lies. */
const argumentsOf = (profile: Profile, config?: string): readonly string[] => {
  const pod = workloadsOf(rendered(profile)).find(({ name }) => name === 'jaeger');
  const given = pod?.containers.flatMap(({ args }) => args ?? []) ?? [];
  return given.map((arg) => (arg.startsWith('--config=') ? `--config=${laidOut(profile, config)}` : arg));
};

/** What Jaeger says of a configuration: nothing, when it is well. */
const validate = async (profile: Profile, config?: string, jaeger?: string) => {
  const { code, stderr } = await run(jaeger ?? (await program('jaeger')), [
    'validate',
    ...argumentsOf(profile, config),
  ]);
  return { code, error: code === 0 ? '' : stderr };
};

const isAccepted = { code: 0, error: '' };

const volume = { size: Size.gibibytes(1), storageClass: 'cluster-default' } as const;
const outside = {
  credentials: { username: { secretName: 'a', key: 'b' }, password: { secretName: 'a', key: 'c' } },
  network: { cidrs: ['10.0.0.0/8'], ports: [9000] },
} as const;
const externalStores = (tls: ExternalTraceStore['tls']): readonly TraceStore[] => {
  const scheme = tls === 'off' ? 'http' : 'https';
  const search = { ...outside, tls, urls: [`${scheme}://search:9200`], indexPrefix: 'shop' };
  return [
    { ...search, kind: 'elasticsearch' },
    { ...search, kind: 'opensearch' },
    { ...outside, tls, kind: 'cassandra', servers: ['cassandra.shop.svc'], datacenter: 'dc1', keyspace: 'traces' },
    { ...outside, tls, kind: 'grpc', address: 'store:17271', credentials: 'none' },
  ];
};
const trusts: readonly ExternalTraceStore['tls'][] = ['off', 'system-roots', { ca: { secretName: 'a', key: 'ca' } }];
const textOf = (tls: ExternalTraceStore['tls']): string => (typeof tls === 'object' ? 'a CA of its own' : tls);

const badger: TraceStore = { kind: 'badger', retention: Duration.days(7), volume };

describe('Jaeger accepts the configuration', () => {
  test.each(profileNames)('of profile %s', async (name) => {
    expect(await validate(profiles[name])).toEqual(isAccepted);
  });

  test.each<TraceStore>([{ kind: 'memory', maxTraces: 10 }, badger])('of store $kind', async (store) => {
    expect(await validate(tracing({ store }))).toEqual(isAccepted);
  });

  test.each(
    trusts.flatMap((tls) => externalStores(tls).map((store) => ({ store, kind: store.kind, trust: textOf(tls) }))),
  )('of store $kind with tls $trust', async ({ store }) => {
    expect(await validate(tracing({ store }))).toEqual(isAccepted);
  });

  // Older releases neither have the gate nor encrypt the connection.
  const deployed = parseVersion(images.jaeger.tag);
  const jaeger = onPath({ name: 'jaeger', versionArgs: ['version'], release: deployed });
  const lack = jaeger === undefined ? ` (skipped: jaeger ${versionText(deployed)} is not on PATH)` : '';
  (jaeger === undefined ? test.skip : test).each(trusts.map((tls) => ({ tls, trust: textOf(tls) })))(
    `of store clickhouse with tls $trust${lack}`,
    async ({ tls }) => {
      const store: TraceStore = { ...outside, tls, kind: 'clickhouse', addresses: ['a:9000'], database: 'traces' };
      expect(await validate(tracing({ store }), undefined, jaeger)).toEqual(isAccepted);
    },
  );
});

describe('Jaeger would refuse', () => {
  test.each([
    ['a misspelt key of a store', 'server_urls', 'server_ulrs', 'server_ulrs'],
    ['a misspelt key of the tail sampling', 'decision_wait', 'decision_wiat', 'decision_wiat'],
    ['an exporter that is not declared', /exporters:\n( +)- jaeger_storage_exporter/, 'exporters:\n$1- other', 'other'],
  ])('%s', async (_, from, to, message) => {
    const config = configFile(rendered(production), 'jaeger.yaml');
    const broken = config.replace(from, to);
    expect(broken).not.toBe(config);
    const { code, error } = await validate(production, broken);
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining(message) as string });
  });
});

// Jaeger's ports are those of the catalog, so it needs an address of its own.
const address = loopbackNetwork()();

/** Starts Jaeger alone on the loopback interface. Only then does an extension look for what it names. */
const start = async (profile: Profile, change = (config: string): string => config) => {
  const platform = {
    ...inCluster(profile.namespaces),
    hostOf: () => address,
    listenAddressOf: () => address,
  };
  const config = change(toYaml(jaegerConfigOf(profile, platform)));
  return startProcess(await program('jaeger'), argumentsOf(profile, config), {
    ready: `http://${address}:13133/status`,
  });
};

const json = async (url: string): Promise<unknown> => (await fetch(`http://${address}${url}`)).json();

describe('Jaeger starts', () => {
  const sampling = tracing({ store: { kind: 'memory', maxTraces: 10 } });

  test.each<readonly [string, Profile]>([
    ['with traces in memory', local],
    ['with Badger', tracing({ store: badger, tailSampling: 'keep-all' })],
    ['with tail sampling', sampling],
  ])('%s, answers questions and tells services how much to sample', async (_, profile) => {
    const { stop, output } = await start(profile);
    expect(await json(':16686/api/services')).toMatchObject({ total: 0, errors: null });
    expect(await json(':5778/api/sampling?service=worker')).toMatchObject({
      operationSampling: {
        defaultSamplingProbability: profile.traces.headSampling.critical,
        perOperationStrategies: [
          {
            operation: 'GET /load',
            probabilisticSampling: { samplingRate: profile.traces.headSampling.routine },
          },
        ],
      },
    });
    for (const port of [8888, 8889]) expect((await fetch(`http://${address}:${port}/metrics`)).status).toBe(200);
    await stop();
    expect(output()).toContain('Shutdown complete');
  });

  test.each<readonly [string, Profile, string, string, string]>([
    ['a store that nobody declares', local, 'traces: traces', 'traces: elsewhere', 'elsewhere'],
    ['a condition of the tail sampling that is none', sampling, ' - start_time', ' minus', 'has invalid syntax'],
  ])('not with %s, which `validate` does not see', async (_, profile, from, to, message) => {
    const broken = (config: string) => config.replace(from, to);
    await expect(start(profile, broken)).rejects.toThrow(message);
  });
});

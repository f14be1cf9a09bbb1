import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectStore, Profile } from '../../lib/profile/profile';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { configFile, profileNames, profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

const fileOf = (profile: Profile): string => configFile(rendered(profile), 'loki.yaml');

/** What Loki says of a configuration, in the environment of its pod. */
const verify = async (config: string): Promise<{ readonly code: number | null; readonly text: string }> => {
  const path = join(temporaryDirectory('loki'), 'loki.yaml');
  writeFileSync(path, config);
  const args = ['-verify-config', '-config.expand-env=true', `-config.file=${path}`, '-target=all'];
  const { code, stdout, stderr } = await run(await program('loki'), args, {
    env: { ...process.env, POD_IP: '10.1.2.3' },
  });
  return { code, text: stdout + stderr };
};

const isAccepted = { code: 0, text: expect.stringContaining('config is valid') as string };

const { production } = profiles;
const over = (objects: 'volume' | ObjectStore, replicas: number): Profile => ({
  ...production,
  logs: { ...production.logs, loki: { ...production.logs.loki, objects, replicas } },
});
const access = {
  credentials: 'workload-identity',
  network: { cidrs: ['10.0.0.0/8'], ports: [443] },
} as const;
const s3 = (endpoint: 'aws' | { readonly host: string }): ObjectStore => ({
  kind: 's3',
  bucket: 'lines',
  region: 'eu-central-1',
  endpoint,
  ...access,
});
const gcs: ObjectStore = { kind: 'gcs', bucket: 'lines', ...access };

describe('Loki accepts the configuration', () => {
  test.each(profileNames)('of profile %s', async (name) => {
    expect(await verify(fileOf(profiles[name]))).toEqual(isAccepted);
  });

  test.each<readonly [string, 'volume' | ObjectStore, number]>([
    ['on a volume', 'volume', 1],
    ["over Amazon's S3", s3('aws'), 3],
    ["over another maker's S3", s3({ host: 'minio.example.org:9000' }), 3],
    ['over Google Cloud', gcs, 5],
    ['of one replica over Google Cloud', gcs, 1],
  ])('%s', async (_, objects, replicas) => {
    expect(await verify(fileOf(over(objects, replicas)))).toEqual(isAccepted);
  });

  test('of one that promises nothing', async () => {
    const lossy: Profile = {
      ...production,
      logs: { ...production.logs, outage: 'may-lose-lines', buffer: 'memory' },
    };
    expect(await verify(fileOf(lossy))).toEqual(isAccepted);
  });
});

describe('Loki would refuse', () => {
  test.each([
    ['a misspelt key', 'retention_period', 'retention_peroid', 'retention_peroid'],
    ['retention without a store of requests to delete', /\n +delete_request_store: .*/, '', 'delete-request-store'],
    ['an unknown store', 'store: tsdb', 'store: tsbd', 'tsbd'],
    ['a duration of days that Go does not read', /max_chunk_age: .*/, 'max_chunk_age: 2 days', '2 days'],
    ['structured metadata under an older schema', 'schema: v13', 'schema: v12', 'schema v13 is required'],
  ])('%s', async (_, from, to, message) => {
    const config = fileOf(production);
    const broken = config.replace(from, to);
    expect(broken).not.toBe(config);
    const { code, text } = await verify(broken);
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining(message) as string });
  });
});

import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from '../../charts/manifest';
import { dashboardPath, grafanaPaths } from '../../charts/grafana';
import { dashboardUids } from '../../lib/catalog/dashboards';
import type { GrafanaSecret } from '../../lib/config/grafana-settings';
import { versionOf } from '../../tools/on-path';
import { optionalProgram } from '../../tools/optional-programs';
import { isAtLeast } from '../../tools/version';
import { startProcess, type RunningProcess } from './process';
import { configFile } from './rendered';

/** Grafana is no Go module that could be built, and not to be had everywhere. */
export const grafana = optionalProgram('grafana');

const release = grafana === undefined ? undefined : versionOf(grafana, ['--version']);

/** A release that says less of itself than the one that is deployed. */
export const isOldGrafana = release !== undefined && !isAtLeast(release, { major: 13, minor: 0 });

/** What the Secrets of a test hold. */
export const grafanaSecrets: Readonly<Record<Exclude<GrafanaSecret, `database-${string}`>, string>> = {
  'admin-user': 'chief',
  'admin-password': 'pa$$w;rd #1',
  'secret-key': 'key-of-the-test',
};

const configDirectory = dirname(grafanaPaths.provisioning);

export const dataSourcesPath = `${grafanaPaths.provisioning}/datasources/data-sources.yaml`;

/** The files that a pod of Grafana has, by their paths. */
export const grafanaFiles = (manifests: readonly Manifest[]): Readonly<Record<string, string>> => ({
  [`${configDirectory}/grafana.ini`]: configFile(manifests, 'grafana.ini'),
  [dataSourcesPath]: configFile(manifests, 'data-sources.yaml'),
  [`${grafanaPaths.provisioning}/dashboards/providers.yaml`]: configFile(manifests, 'dashboard-providers.yaml'),
  ...Object.fromEntries(dashboardUids.map((uid) => [dashboardPath(uid), configFile(manifests, `${uid}.json`)])),
});

/** Where the program looks for its own files: above itself, unless what is on PATH is a script that knows. */
const homeOf = (path: string): readonly string[] => {
  const home = dirname(dirname(realpathSync(path)));
  return existsSync(join(home, 'conf', 'defaults.ini')) ? [`--homepath=${home}`] : [];
};

export interface GrafanaPlace {
  /** Stands for the root of the pod's file system. */
  readonly root: string;
  readonly address: string;
  readonly port: number;
  /** Values of its Secrets, by the names of their files. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Grafana as its pod runs it, but for the address that it listens on. */
export const startGrafana = async (
  files: Readonly<Record<string, string>>,
  { root, address, port, secrets = grafanaSecrets }: GrafanaPlace,
): Promise<RunningProcess> => {
  if (grafana === undefined) throw new Error('Grafana is not on PATH: ask grafana first');
  const inSecrets = Object.entries(secrets).map(([name, value]) => [`${grafanaPaths.secrets}/${name}`, value] as const);
  const here = (text: string): string =>
    text.replaceAll(/(?<![\w./])\/(etc|var\/lib)\/grafana/g, (path) => root + path);
  for (const [path, text] of [...Object.entries(files), ...inSecrets]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), path.startsWith(configDirectory) ? here(text) : text, { mode: 0o600 });
  }
  return startProcess(grafana, ['server', ...homeOf(grafana), `--config=${root}${configDirectory}/grafana.ini`], {
    env: { ...process.env, GF_SERVER_HTTP_ADDR: address, GF_SERVER_HTTP_PORT: `${port}` },
    ready: `http://${address}:${port}/api/health`,
    withinSeconds: 90,
  });
};

export interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  /** Who asks; somebody without a name, if left out. */
  readonly as?: { readonly user: string; readonly password: string };
}

export const administrator = { user: grafanaSecrets['admin-user'], password: grafanaSecrets['admin-password'] };

/** Grafana's HTTP API. @see https://grafana.com/docs/grafana/v13.2/developers/http_api/ */
export const askGrafana = async (
  url: string,
  path: string,
  { method = 'GET', body, as }: Question = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }> => {
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(as && { Authorization: `Basic ${Buffer.from(`${as.user}:${as.password}`).toString('base64')}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
};

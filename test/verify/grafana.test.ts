import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardPath } from '../../charts/grafana';
import type { Profile } from '../../lib/profile/profile';
import { dashboards, dashboardUids, folders, type DashboardUid } from '../../lib/catalog/dashboards';
import { dataSources } from '../../lib/catalog/data-sources';
import { skippedWithout } from '../../tools/optional-programs';
import { postgresPrograms, startPostgres } from '../e2e/database';
import { eventually } from '../harness/eventually';
import { freePorts } from '../harness/free-ports';
import {
  administrator,
  askGrafana,
  grafana,
  grafanaFiles,
  grafanaSecrets,
  startGrafana,
  type Question,
} from '../harness/grafana';
import type { RunningProcess } from '../harness/process';
import { profiles, rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

const { local, staging, production } = profiles;

/** Who owns the database. Its password has no space or quote: Grafana would take that for the end of it. */
const databaseOwner = { user: 'grafana', password: 'pass;word#grafana' };

interface Running {
  readonly process: RunningProcess;
  readonly root: string;
  readonly ask: (path: string, question?: Question) => ReturnType<typeof askGrafana>;
}

const start = async (
  profile: Profile,
  root = temporaryDirectory('grafana'),
  secrets: Readonly<Record<string, string>> = grafanaSecrets,
): Promise<Running> => {
  const address = '127.0.0.1';
  const [port = 0] = await freePorts(1);
  const process = await startGrafana(grafanaFiles(rendered(profile)), { root, address, port, secrets });
  return { process, root, ask: (path, question) => askGrafana(`http://${address}:${port}`, path, question) };
};

const as = administrator;

(grafana === undefined ? describe.skip : describe)(
  grafana === undefined ? skippedWithout('grafana') : 'Grafana',
  () => {
    let running: Running;
    let startOutput: string;
    const ask: Running['ask'] = (path, question) => running.ask(path, question);
    beforeAll(async () => {
      running = await start(staging);
      startOutput = running.process.output();
    });

    test('is healthy, with a database of its own', async () => {
      expect(await ask('/api/health')).toMatchObject({ status: 200, body: { database: 'ok' } });
    });

    test.each(Object.entries(dataSources))(
      'has the data source %s, which nobody can change',
      async (uid, { title }) => {
        expect(await ask(`/api/datasources/uid/${uid}`, { as })).toMatchObject({
          status: 200,
          body: { uid, name: title, type: uid, access: 'proxy', readOnly: true, isDefault: uid === 'prometheus' },
        });
        expect((await ask(`/api/datasources/uid/${uid}`, { as, method: 'DELETE' })).status).toBe(403);
      },
    );

    test('reads what is meant for a span as it is meant, with a single $', async () => {
      const { body } = await ask('/api/datasources/uid/jaeger', { as });
      expect(body).toMatchObject({
        jsonData: { tracesToLogsV2: { query: '{${__tags}} | trace_id="${__trace.traceId}"' } },
      });
    });

    test.each(dashboardUids)('shows the dashboard %s in its folder, where nobody can save over it', async (uid) => {
      const { title, folder } = dashboards[uid];
      const { body } = await eventually(uid, async () => {
        const found = await ask(`/api/dashboards/uid/${uid}`, { as });
        expect(found.status).toBe(200);
        return found;
      });
      expect(body).toMatchObject({
        dashboard: { uid, title },
        meta: { provisioned: true, folderTitle: folders[folder].title, folderUid: folder },
      });
      const { dashboard } = body as { readonly dashboard: object };
      const save = { as, method: 'POST', body: { dashboard, folderUid: folder, overwrite: true } } as const;
      expect(await ask('/api/dashboards/db', save)).toMatchObject({
        status: 400,
        body: { message: 'Cannot save provisioned dashboard' },
      });
    });

    test('opens on the overview of the application', async () => {
      expect(await ask('/api/dashboards/home', { as })).toMatchObject({
        body: { dashboard: { uid: 'application-overview' } },
      });
    });

    test('lets the administrator of the Secret in, and nobody with the password that everybody knows', async () => {
      expect(await ask('/api/org', { as })).toMatchObject({ status: 200 });
      expect((await ask('/api/org', { as: { user: 'admin', password: 'admin' } })).status).toBe(401);
    });

    test.each([
      '/api/org',
      '/api/search',
      '/api/dashboards/uid/logs',
      '/api/datasources/proxy/uid/prometheus/api/v1/query',
    ])('shows %s to nobody who has not logged in', async (path) => {
      expect((await ask(path)).status).toBe(401);
    });

    test('takes no sign-up', async () => {
      const body = { email: 'stranger@example.org', username: 'stranger', password: 'stranger-password' };
      const { status } = await ask('/api/user/signup', { method: 'POST', body });
      expect(status).toBe(401);
    });

    test('tells browsers to come by HTTPS, to load its own scripts alone and to show it in no frame', async () => {
      const { headers } = await ask('/login');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=/);
      expect(headers.get('content-security-policy')).toContain("object-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('deny');
    });

    test('keeps its session to HTTPS, and to links from elsewhere', async () => {
      const { status, headers } = await ask('/login', {
        method: 'POST',
        body: { user: as.user, password: as.password },
      });
      expect(status).toBe(200);
      expect(headers.get('set-cookie')).toMatch(/^grafana_session=.*HttpOnly; Secure; SameSite=Lax/);
    });

    test('starts without an error, but for what may be provisioned and is not', () => {
      const lines = startOutput.split('\n').filter((line) => line.startsWith('{'));
      const errors = lines
        .map((line) => JSON.parse(line) as { readonly level: string; readonly error?: string })
        .filter(({ level, error }) => level === 'error' && error?.endsWith('no such file or directory') !== true);
      expect(lines.length).toBeGreaterThan(10);
      expect(errors).toEqual([]);
    });

    test('shows what a file of a dashboard says now, and no longer what is gone', async () => {
      const file = (uid: DashboardUid): string => join(running.root, dashboardPath(uid));
      writeFileSync(file('logs'), JSON.stringify({ uid: 'logs', title: 'Lines', panels: [] }));
      rmSync(file('traces'));
      await eventually(
        'the new title',
        async () => {
          const changed = { body: { dashboard: { title: 'Lines' } } };
          expect(await ask('/api/dashboards/uid/logs', { as })).toMatchObject(changed);
          expect((await ask('/api/dashboards/uid/traces', { as })).status).toBe(404);
        },
        { withinSeconds: 45 },
      );
    });

    test('forgets neither users nor their settings when it restarts', async () => {
      const login = { name: 'Ann', login: 'ann', password: 'password-of-ann' };
      expect((await ask('/api/admin/users', { as, method: 'POST', body: login })).status).toBe(200);
      await running.process.stop();
      running = await start(staging, running.root);
      const ann = { user: login.login, password: login.password };
      expect(await ask('/api/user', { as: ann })).toMatchObject({ status: 200, body: { login: 'ann' } });
      expect(await ask('/api/org/users', { as: ann })).toMatchObject({ status: 403 });
    });

    test('below a path it is ready, and its metrics are where Prometheus asks', async () => {
      const below = await start({ ...local, links: { ...local.links, grafana: 'http://localhost:3000/grafana' } });
      expect((await below.ask('/grafana/healthz')).status).toBe(200);
      expect((await below.ask('/grafana/api/health')).status).toBe(200);
      expect((await below.ask('/grafana/metrics')).body).toContain('grafana_http_request_duration_seconds');
    });

    (postgresPrograms === undefined ? test.skip : test)(
      'two replicas on PostgreSQL share users and data sources',
      async () => {
        const { store } = production.grafana;
        if (store.kind !== 'postgres') throw new Error('production has another database');
        const port = await startPostgres('127.0.0.1', databaseOwner, [
          `CREATE ROLE grafana LOGIN PASSWORD '${databaseOwner.password}';`,
          'CREATE DATABASE grafana OWNER grafana;',
        ]);
        const profile: Profile = {
          ...production,
          grafana: { ...production.grafana, store: { ...store, address: `127.0.0.1:${port}`, tls: 'off' } },
        };
        const secrets = {
          ...grafanaSecrets,
          'database-user': databaseOwner.user,
          'database-password': databaseOwner.password,
        };
        const replica = (): Promise<Running> => start(profile, temporaryDirectory('grafana'), secrets);
        const one = await replica();
        const other = await replica();
        const user = { name: 'Ann', login: 'ann', password: 'password-of-ann' };
        expect(await one.ask('/api/admin/users', { as, method: 'POST', body: user })).toMatchObject({ status: 200 });
        const ann = { user: user.login, password: user.password };
        expect(await other.ask('/api/user', { as: ann })).toMatchObject({ status: 200, body: { login: 'ann' } });
        for (const { ask: askOne } of [one, other]) {
          const { body } = await askOne('/api/datasources', { as });
          const uids = (body as readonly { readonly uid: string }[]).map(({ uid }) => uid);
          expect(uids.toSorted()).toEqual(Object.keys(dataSources).toSorted());
        }
      },
    );
  },
);

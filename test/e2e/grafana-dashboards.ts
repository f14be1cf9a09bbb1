import { dashboards, dashboardUids, folders } from '../../lib/catalog/dashboards';
import { dataSourceUids, type DataSourceUid } from '../../lib/catalog/data-sources';
import { eventually } from '../harness/eventually';
import { isOldGrafana } from '../harness/grafana';
import { grafanaAnswer, grafanaTest } from './grafana';

/** What each data source is asked through Grafana, and whether the answer tells that it was its program which gave it. */
const calls: Readonly<Record<DataSourceUid, readonly [path: string, answer: object]>> = {
  prometheus: ['api/v1/query?query=vector(1)', { status: 'success' }],
  loki: ['loki/api/v1/labels', { status: 'success', data: expect.arrayContaining(['service']) as unknown }],
  jaeger: ['api/services', { data: expect.arrayContaining(['backend', 'worker']) as unknown }],
  alertmanager: ['api/v2/status', { cluster: { status: 'ready' } }],
};

interface Frames {
  readonly results: Readonly<
    Record<string, { readonly frames?: readonly { readonly data: { readonly values: readonly unknown[][] } }[] }>
  >;
}

/** Of those that Grafana's own server asks, as it does for every panel. */
const queries = {
  prometheus: { expr: 'sum(up)', instant: true },
  loki: { expr: 'sum(count_over_time({service=~".+"} [5m]))', queryType: 'instant' },
} as const satisfies Partial<Record<DataSourceUid, object>>;

describe('Grafana', () => {
  for (const uid of dashboardUids)
    grafanaTest(`lists the dashboard ${uid} in its folder`, () =>
      eventually(uid, async () => {
        const { body } = await grafanaAnswer('/api/search?type=dash-db');
        const { title, folder } = dashboards[uid];
        expect(body).toContainEqual(expect.objectContaining({ uid, title, folderTitle: folders[folder].title }));
      }),
    );

  for (const uid of dataSourceUids)
    grafanaTest(`reaches ${uid}`, () =>
      eventually(uid, async () => {
        const [path, answer] = calls[uid];
        const { status, body } = await grafanaAnswer(`/api/datasources/proxy/uid/${uid}/${path}`);
        expect({ status, body }).toMatchObject({ status: 200, body: answer });
      }),
    );

  for (const [uid, query] of Object.entries(queries)) {
    const healthTest = isOldGrafana ? test.skip : grafanaTest;
    healthTest(`finds ${uid} well${isOldGrafana ? ': before release 13 it cannot tell' : ''}`, () =>
      eventually(uid, async () => {
        const { status, body } = await grafanaAnswer(`/api/datasources/uid/${uid}/health`);
        expect({ status, body }).toMatchObject({ status: 200, body: { status: 'OK' } });
      }),
    );

    grafanaTest(`answers a panel that asks ${uid}`, () =>
      eventually(uid, async () => {
        const asked = { refId: 'A', datasource: { uid }, intervalMs: 1000, maxDataPoints: 100, ...query };
        const { status, body } = await grafanaAnswer('/api/ds/query', {
          method: 'POST',
          body: { from: 'now-5m', to: 'now', queries: [asked] },
        });
        expect({ status, body }).toMatchObject({ status: 200 });
        const [frame] = (body as Frames).results['A']?.frames ?? [];
        expect(frame?.data.values.at(-1)?.at(-1)).toBeGreaterThan(0);
      }),
    );
  }
});

import { createHash } from 'node:crypto';
import { DashboardBuilder, DashboardCursorSync, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Feature } from '../../catalog/alerts';
import { dashboards } from '../../catalog/dashboards';
import { annotations, type AnnotationSettings } from './annotations';
import { columns, placed } from './layout';
import { tag, toAllDashboards, toPage } from './links';
import type { Dashboard, Panel, PanelKind, Row } from './panel';
import { variable, type Variable } from './variable';
import { visualisation, type PanelSettings } from './visualisation';

/** What dashboards have to know of the deployment that they show. */
export interface DashboardSettings extends PanelSettings, AnnotationSettings {
  /** Name of the deployment, which every dashboard bears as a tag. */
  readonly environment: string;
  readonly features: readonly Feature[];
  /** What people open beside Grafana. */
  readonly links: { readonly prometheus: string; readonly alertmanager: string };
}

const isIn =
  ({ features }: Pick<DashboardSettings, 'features'>) =>
  ({ onlyWith }: Pick<Panel | Row | Variable, 'onlyWith'>): boolean =>
    onlyWith === undefined || features.includes(onlyWith);

/** The rows and panels that a deployment has something to show in. */
export const rowsIn = ({ rows }: Dashboard, settings: Pick<DashboardSettings, 'features'>): readonly Row[] =>
  rows
    .filter(isIn(settings))
    .map((row) => ({ ...row, panels: row.panels.filter(isIn(settings)) }))
    .filter(({ panels }) => panels.length > 0);

/** What a deployment has something to choose from for. */
export const variablesIn = (
  { variables }: Dashboard,
  settings: Pick<DashboardSettings, 'features'>,
): readonly Variable[] => variables.filter(isIn(settings));

/**
 * The SDK would fold links and annotations into a menu, where nobody sees them; and it writes settings of variables and
 * tables that Grafana has no more.
 */
const withoutSurplus = (key: string, value: unknown): unknown =>
  (key === 'placement' && value === 'inControlsMenu') || /^(auto(_min|_count)?|footer)$/.test(key) ? undefined : value;

/** What links to a panel name it by: the same wherever it stands, until it is renamed; 31 bits of a hash. */
const idOf = (kind: PanelKind | 'row', title: string): number =>
  createHash('sha256').update(`${kind} ${title}`).digest().readUInt32BE() >>> 1;

/**
 * A dashboard as Grafana reads it from a file.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export const grafanaDashboard = (dashboard: Dashboard, settings: DashboardSettings): object => {
  const { uid, description, range = '6h' } = dashboard;
  // Files hold the classic model, whatever comes next to it in Grafana's own store.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder(dashboards[uid].title)
    .uid(uid)
    .description(description)
    .tags([tag, settings.environment])
    .time({ from: `now-${range}`, to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .variables(variablesIn(dashboard, settings).map(variable))
    .annotations([...annotations(dashboard, settings)])
    .links([
      toAllDashboards(),
      toPage('Runbooks', settings.runbooks),
      toPage('Alertmanager', settings.links.alertmanager),
      toPage('Prometheus', settings.links.prometheus),
    ]);
  let top = 0;
  for (const { title, panels, forEach } of rowsIn(dashboard, settings)) {
    const heading = new RowBuilder(title).id(idOf('row', title)).gridPos({ x: 0, y: top, w: columns, h: 1 });
    builder.withRow(forEach === undefined ? heading : heading.repeat(forEach));
    const row = placed(panels, top + 1);
    for (const [panel, position] of row.panels)
      builder.withPanel(visualisation(panel, idOf(panel.kind, panel.signal.title), settings).gridPos(position));
    top = row.bottom;
  }
  return JSON.parse(JSON.stringify(builder.build(), withoutSurplus)) as object;
};

import { answerableIn, dashboardFilesOf } from '../../charts/dashboard-files';
import { allDashboards } from '../../dashboards/all';
import type { DashboardUid } from '../../lib/catalog/dashboards';
import type { DataSourceUid } from '../../lib/catalog/data-sources';
import { rowsIn } from '../../lib/config/dashboards/dashboard';
import type { Panel } from '../../lib/config/dashboards/panel';
import type { Profile } from '../../lib/profile/profile';

// A dashboard as Grafana reads it, as far as tests look at it.

interface DataSource {
  readonly uid: DataSourceUid;
}

export interface Link {
  readonly title: string;
  readonly type: string;
  readonly url?: string;
  readonly tags?: readonly string[];
}

export interface Target {
  readonly refId: string;
  readonly datasource: DataSource;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly service?: string;
  readonly tags?: string;
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly repeat?: string;
  readonly links?: readonly Link[];
  readonly targets?: readonly Target[];
  readonly options?: object;
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly noValue?: string;
      readonly custom?: object;
      readonly thresholds: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
    };
    readonly overrides: readonly object[];
  };
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allowCustomValue: boolean;
  readonly datasource: DataSource;
  readonly query: { readonly query: string } | { readonly label: string; readonly stream: string };
}

export interface DashboardJson {
  readonly uid: DashboardUid;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly tags: readonly string[];
  readonly links: readonly Link[];
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly datasource: DataSource; readonly expr: string }[];
  };
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly panels: readonly PanelJson[];
}

/** Every dashboard of a profile, as its file has it. */
export const dashboardsOf = (profile: Profile): readonly DashboardJson[] =>
  Object.values(dashboardFilesOf(profile)).map((text) => JSON.parse(text) as DashboardJson);

/** The panels, less the headings of rows. */
export const panelsOf = ({ panels }: DashboardJson): readonly PanelJson[] =>
  panels.filter(({ type }) => type !== 'row');

/** Each panel beside what it was made from. */
export const panelPairs = (profile: Profile): readonly (readonly [PanelJson, Panel])[] => {
  const json = dashboardsOf(profile).flatMap(panelsOf);
  const panels = allDashboards
    .flatMap((dashboard) => rowsIn(dashboard, answerableIn(profile)))
    .flatMap((row) => row.panels);
  if (json.length !== panels.length) throw new Error(`${panels.length} panels became ${json.length}`);
  return json.flatMap((each, index) => panels.slice(index, index + 1).map((panel) => [each, panel] as const));
};

/** What a panel asks of Prometheus or Loki, or what an annotation or a variable does. */
export interface Question {
  readonly of: string;
  readonly source: 'prometheus' | 'loki';
  readonly text: string;
  readonly legend: string;
  /** Of a variable that the values of a label fill. */
  readonly label?: string;
}

const variableQuestion = ({ name, query, datasource: { uid } }: VariableJson): Question => {
  const of = `$${name}`;
  if ('stream' in query) return { of, source: 'loki', text: query.stream, legend: '', label: query.label };
  const [, text, label] = /^label_values\((.+), (\w+)\)$/s.exec(query.query) ?? [];
  if (uid !== 'prometheus' || text === undefined || label === undefined)
    throw new Error(`${of} asks ${uid} for ${query.query}, which is no label of series`);
  return { of, source: 'prometheus', text, legend: '', label };
};

/** All that a dashboard asks, but of Jaeger, whose questions are no text. */
export const questionsOf = (dashboard: DashboardJson): readonly Question[] => [
  ...dashboard.templating.list.map(variableQuestion),
  ...dashboard.annotations.list.map(({ name, expr }) => ({
    of: name,
    source: 'prometheus' as const,
    text: expr,
    legend: '',
  })),
  ...panelsOf(dashboard).flatMap(({ title, type, targets = [] }) =>
    targets.flatMap(({ refId, datasource: { uid }, expr, legendFormat = '' }) =>
      (uid === 'prometheus' || uid === 'loki') && expr !== undefined
        ? { of: `${title} (${type}) ${refId}`, source: uid, text: expr, legend: legendFormat }
        : [],
    ),
  ),
];

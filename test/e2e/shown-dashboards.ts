import type { Manifest } from '../../charts/manifest';
import { allDashboards } from '../../dashboards/all';
import { dashboardUids, type DashboardUid, type VariableName } from '../../lib/catalog/dashboards';
import type { DataSourceUid } from '../../lib/catalog/data-sources';
import { configFile } from '../harness/rendered';

interface DataSourceRef {
  readonly uid: DataSourceUid;
}

/** What a panel asks, as far as Prometheus, Loki or Jaeger are told. */
export interface ShownTarget {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  /** Of Prometheus and Loki. */
  readonly expr?: string;
  readonly instant?: boolean;
  readonly exemplar?: boolean;
  readonly queryType?: 'range' | 'instant' | 'search' | 'dependencyGraph';
  readonly maxLines?: number;
  /** Of Jaeger. */
  readonly service?: string;
  readonly tags?: string;
  readonly minDuration?: string;
  readonly limit?: number;
}

interface RawPanel {
  readonly type: string;
  readonly title: string;
  readonly repeat?: VariableName;
  readonly gridPos: { readonly w: number };
  readonly fieldConfig?: { readonly defaults: { readonly noValue?: string } };
  readonly targets?: readonly ShownTarget[];
}

/** Prometheus' and Loki's forms. */
export type ShownVariable = { readonly name: VariableName; readonly datasource: DataSourceRef } & {
  readonly query: { readonly query: string } | { readonly label: string; readonly stream: string };
};

export interface ShownAnnotation {
  readonly name: string;
  readonly expr: string;
  /** Seconds between two looks, as in `60s`. */
  readonly step: string;
}

export interface ShownPanel {
  readonly title: string;
  readonly kind: string;
  /** Of the 24 that a dashboard has. */
  readonly columns: number;
  readonly targets: readonly ShownTarget[];
  /** It is there once for each value that is chosen of these. */
  readonly repeatedFor: readonly VariableName[];
  /** What it says when there is nothing to see, if that may be. */
  readonly emptyWhileWell: string | undefined;
}

/** A dashboard as Grafana reads it. */
export interface ShownDashboard {
  readonly uid: DashboardUid;
  readonly title: string;
  readonly variables: readonly ShownVariable[];
  readonly annotations: readonly ShownAnnotation[];
  readonly panels: readonly ShownPanel[];
}

interface RawDashboard {
  readonly title: string;
  readonly templating?: { readonly list: readonly ShownVariable[] };
  readonly annotations?: { readonly list: readonly (ShownAnnotation & { readonly datasource: DataSourceRef })[] };
  readonly panels: readonly RawPanel[];
}

/** Panels, each under the row that is above it. */
/** Why panels may be empty while all is well; others may be empty where a cluster lacks what they are about. */
const reasons = allDashboards.flatMap(({ rows }) =>
  rows.flatMap(({ panels }) => panels.flatMap(({ signal }) => signal.emptyWhileWell ?? [])),
);

const panelsOf = ({ panels }: RawDashboard): readonly ShownPanel[] => {
  let ofRow: readonly VariableName[] = [];
  return panels.flatMap(({ type, title, repeat, gridPos, targets = [], fieldConfig }) => {
    const own = repeat === undefined ? [] : [repeat];
    if (type === 'row') {
      ofRow = own;
      return [];
    }
    return {
      title,
      kind: type,
      columns: gridPos.w,
      targets,
      repeatedFor: [...ofRow, ...own],
      emptyWhileWell: reasons.find((reason) => reason === fieldConfig?.defaults.noValue),
    };
  });
};

/** A dashboard from its JSON. */
export const dashboardOf = (uid: DashboardUid, json: string): ShownDashboard => {
  const raw = JSON.parse(json) as RawDashboard;
  return {
    uid,
    title: raw.title,
    variables: raw.templating?.list ?? [],
    annotations: (raw.annotations?.list ?? []).filter(({ datasource }) => datasource.uid === 'prometheus'),
    panels: panelsOf(raw),
  };
};

/** Every dashboard that a deployment's ConfigMaps hold. */
export const shownDashboards = (manifests: readonly Manifest[]): readonly ShownDashboard[] =>
  dashboardUids.map((uid) => dashboardOf(uid, configFile(manifests, `${uid}.json`)));

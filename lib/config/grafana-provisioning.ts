import { folders } from '../catalog/dashboards';
import { toYaml } from './to-yaml';

/** @see https://grafana.com/docs/grafana/v13.2/administration/provisioning/#dashboards */
export interface DashboardProvidersFile {
  readonly apiVersion: 1;
  readonly providers: readonly {
    readonly name: string;
    readonly folder: string;
    readonly folderUid: string;
    readonly type: 'file';
    readonly disableDeletion: false;
    readonly allowUiUpdates: false;
    readonly updateIntervalSeconds: number;
    readonly options: { readonly path: string };
  }[];
}

/**
 * Every folder of dashboards, from a directory of its name. Its files decide: nothing is saved over them, and what is no
 * longer among them goes.
 */
export const dashboardProviders = (directory: string): DashboardProvidersFile => ({
  apiVersion: 1,
  providers: Object.entries(folders).map(([uid, { title }]) => ({
    name: uid,
    folder: title,
    folderUid: uid,
    type: 'file',
    disableDeletion: false,
    allowUiUpdates: false,
    updateIntervalSeconds: 30,
    options: { path: `${directory}/${uid}` },
  })),
});

/** A provisioning file. In these Grafana fills in variables of its environment, so that a `$` which is meant is two. */
export const toProvisioningYaml = (document: object): string => toYaml(document).replaceAll('$', () => '$$');

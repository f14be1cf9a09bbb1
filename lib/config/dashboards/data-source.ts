import type { DataSourceUid } from '../../catalog/data-sources';

/** A data source as panels, variables and annotations refer to it; its type is the name of its program. */
export const dataSource = (uid: DataSourceUid): { readonly type: string; readonly uid: string } => ({ type: uid, uid });

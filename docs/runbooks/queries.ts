import type { AlertName } from '../../lib/catalog/alerts';
import { clusterQueries } from './queries-cluster';
import { databaseQueries } from './queries-database';
import { logCollectionQueries } from './queries-logs';
import { monitoringQueries } from './queries-monitoring';
import { serviceQueries } from './queries-services';
import { sloQueries } from './queries-slos';
import { traceCollectionQueries } from './queries-traces';
import type { RunbookQueries } from './query';

/** Every alert; one without a query does not compile. */
export const runbookQueries: RunbookQueries<AlertName> = {
  ...serviceQueries,
  ...sloQueries,
  ...databaseQueries,
  ...clusterQueries,
  ...monitoringQueries,
  ...logCollectionQueries,
  ...traceCollectionQueries,
};

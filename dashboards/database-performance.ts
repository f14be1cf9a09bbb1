import {
  heatmap,
  lines,
  row,
  stat,
  states,
  table,
  timeSeries,
  traces,
  type Dashboard,
} from '../lib/config/dashboards/panel';
import { openByPod, poolConnections, poolUse, poolUseNow } from '../lib/signals/connection-pool';
import {
  databaseLines,
  queryDuration,
  queryDurationByOperation,
  queryDurationNow,
  queryDurationSpread,
  queryRate,
  queryRateNow,
  slowQueryRate,
  slowQueryRatio,
  spanDuration,
  spanRate,
} from '../lib/signals/database-queries';
import {
  databaseSize,
  deadlockRate,
  deadlocksShown,
  exporterHealth,
  locks,
  longestTransaction,
  longestTransactionNow,
  replicationLag,
  replicationRole,
  serverConnections,
  serverConnectionShare,
  serverUp,
  transactionRate,
} from '../lib/signals/postgres-server';
import {
  cacheHits,
  deadRows,
  heaviestStatements,
  indexCacheHits,
  indexScanRate,
  indexUse,
  statementTime,
  wholeTableScans,
} from '../lib/signals/postgres-tables';
import { databaseTracesOfBackend } from '../lib/signals/trace-searches';
import { database, environment } from './variables';

const onlyWith = 'database';

export const databasePerformance: Dashboard = {
  uid: 'database-performance',
  description:
    'Whether the database keeps AutoServe waiting: what the services see of it, and below, where it is watched itself, why.',
  variables: [environment, database],
  rows: [
    row('Now', [
      stat(queryDurationNow, { width: 6 }),
      stat(queryRateNow, { width: 6 }),
      stat(slowQueryRatio, { width: 6 }),
      stat(poolUseNow, { width: 6 }),
      stat(serverUp, { onlyWith }),
      stat(replicationRole, { onlyWith }),
      stat(serverConnectionShare, { onlyWith }),
      stat(longestTransactionNow, { onlyWith }),
      stat(deadlocksShown, { onlyWith }),
      stat(exporterHealth, { onlyWith }),
    ]),
    row('Queries', [
      timeSeries(queryDuration, { to: ['traces'] }),
      timeSeries(queryDurationByOperation, { to: ['traces'] }),
      timeSeries(queryRate, { stacked: true, to: ['application-overview'] }),
      heatmap(queryDurationSpread),
      timeSeries(slowQueryRate, { width: 12, stacked: true, to: ['traces'] }),
      timeSeries(spanDuration, { width: 6, to: ['traces'] }),
      timeSeries(spanRate, { width: 6, stacked: true, to: ['traces'] }),
      traces(databaseTracesOfBackend, { to: ['traces'] }),
    ]),
    row('Connection pool', [
      timeSeries(poolUse, { to: ['application-overview'] }),
      timeSeries(poolConnections, { to: ['application-overview'] }),
      timeSeries(openByPod, { stacked: true }),
      lines(databaseLines, { height: 6, to: ['logs'] }),
    ]),
    row(
      'Server',
      [
        timeSeries(serverConnections, { stacked: true }),
        timeSeries(serverConnectionShare),
        timeSeries(longestTransaction),
      ],
      { onlyWith },
    ),
    row(
      'Transactions',
      [timeSeries(transactionRate), timeSeries(deadlockRate, { to: ['logs'] }), timeSeries(locks, { stacked: true })],
      { onlyWith },
    ),
    row(
      'Statements',
      [
        table(heaviestStatements, { width: 16, height: 10, highest: 'Share of all time' }),
        timeSeries(statementTime, { height: 10, stacked: true }),
      ],
      { onlyWith },
    ),
    row(
      'Caches, indexes and tables',
      [
        timeSeries(cacheHits),
        timeSeries(indexCacheHits),
        timeSeries(indexUse),
        timeSeries(indexScanRate, { width: 6 }),
        timeSeries(wholeTableScans, { width: 6 }),
        timeSeries(deadRows, { width: 6 }),
        timeSeries(databaseSize, { width: 6 }),
      ],
      { onlyWith },
    ),
    row('Replication', [timeSeries(replicationLag, { width: 12 }), states(replicationRole)], { onlyWith }),
  ],
};

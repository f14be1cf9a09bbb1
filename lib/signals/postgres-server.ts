import { postgresExporter } from '../catalog/postgres-exporter';
import { maxBy, sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { ratio } from '../query/promql/operators';
import { increase, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, upOrDown, type Signal } from './signal';

// What the database server says of itself, as postgres-exporter asks it.

const ofDatabases = { datname: chosen('database') } as const;

export const serverUp: Signal = {
  title: 'Server',
  description:
    'Whether the database answers the exporter. While it is down, AutoServe most likely cannot reach it either.',
  unit: 'boolean',
  queries: [plot(maxBy(select(postgresExporter.pg_up)), legend`server`)],
  watchedBy: [tellsOf('DatabaseDown')],
  states: upOrDown,
};

export const serverConnectionShare: Signal = {
  title: 'Server connections in use',
  description:
    'Share of the connections that the server allows which are taken, by all clients together. Above its threshold it soon refuses new ones: close idle ones, or pool them.',
  unit: 'ratio',
  queries: [
    plot(
      ratio(
        sumBy(select(postgresExporter.pg_stat_activity_count)),
        maxBy(select(postgresExporter.pg_settings_max_connections)),
      ),
      legend`in use`,
    ),
  ],
  watchedBy: [firesAbove('DatabaseServerConnectionsHigh')],
};

export const serverConnections: Signal = {
  title: 'Server connections by state',
  description:
    'Connections to the chosen databases by state. Idle is harmless. "idle in transaction" holds locks and blocks vacuum without doing anything: find the program that does not commit.',
  unit: 'connections',
  queries: [plot(sumBy(select(postgresExporter.pg_stat_activity_count, ofDatabases), 'state'), legend`${'state'}`)],
  watchedBy: [tellsOf('DatabaseServerConnectionsHigh')],
};

const oldest = select(postgresExporter.pg_stat_activity_max_tx_duration, ofDatabases);

export const longestTransactionNow: Signal = {
  title: 'Longest transaction',
  description:
    'Age of the oldest open transaction in the chosen databases. Seconds are good. A long one makes others wait for its locks and keeps vacuum from removing dead rows.',
  unit: 'seconds',
  queries: [plot(maxBy(oldest), legend`oldest`)],
};

export const longestTransaction: Signal = {
  title: 'Longest transaction by state',
  description:
    'Age of the oldest transaction in each state. A long "active" one is a slow statement. A long "idle in transaction" one is a program that does not commit.',
  unit: 'seconds',
  queries: [plot(maxBy(oldest, 'state'), legend`${'state'}`)],
};

export const deadlocksShown: Signal = {
  title: 'Deadlocks',
  description:
    'Deadlocks in the time shown. Each rolls back a transaction. 0 is good. Programs that take locks in different orders cause them.',
  unit: 'events',
  queries: [
    plot(
      sumBy(increase(select(postgresExporter.pg_stat_database_deadlocks, ofDatabases), '$__range')),
      legend`deadlocks`,
    ),
  ],
};

const committed = sumBy(
  rate(select(postgresExporter.pg_stat_database_xact_commit, ofDatabases), '$__rate_interval'),
  'datname',
);
const rolledBack = sumBy(
  rate(select(postgresExporter.pg_stat_database_xact_rollback, ofDatabases), '$__rate_interval'),
  'datname',
);

export const transactionRate: Signal = {
  title: 'Transactions',
  description:
    'Transactions that end per second, committed and rolled back, by database. They follow the requests. More rollbacks mean that programs cancel transactions, or that statements fail.',
  unit: 'transactions/s',
  queries: [plot(committed, legend`${'datname'}: committed`), plot(rolledBack, legend`${'datname'}: rolled back`)],
};

export const deadlockRate: Signal = {
  title: 'Deadlocks by database',
  description:
    'Deadlocks per second, by database. Each rolls back a transaction. 0 is good. Programs that take locks in different orders cause them.',
  unit: 'events/s',
  queries: [
    plot(
      sumBy(rate(select(postgresExporter.pg_stat_database_deadlocks, ofDatabases), '$__rate_interval'), 'datname'),
      legend`${'datname'}`,
    ),
  ],
};

export const locks: Signal = {
  title: 'Locks by mode',
  description:
    'Locks held or awaited in the chosen databases, by mode. Access share and row exclusive locks come with every read and write. An access exclusive lock that stays, such as that of a migration, blocks all other access to its table.',
  unit: 'locks',
  queries: [plot(sumBy(select(postgresExporter.pg_locks_count, ofDatabases), 'mode'), legend`${'mode'}`)],
};

export const databaseSize: Signal = {
  title: 'Database size',
  description:
    'Size of each database on disk. It grows with the data. Growth without new data is dead rows that vacuum cannot remove.',
  unit: 'bytes',
  queries: [plot(maxBy(select(postgresExporter.pg_database_size_bytes, ofDatabases), 'datname'), legend`${'datname'}`)],
};

export const exporterHealth: Signal = {
  title: 'Exporter',
  description:
    'Whether all queries of the exporter to the server succeed. While they fail, panels about the server are outdated or empty: read the log of the exporter.',
  unit: 'boolean',
  queries: [plot(maxBy(select(postgresExporter.pg_exporter_last_scrape_error)), legend`exporter`)],
  states: { 0: { text: 'complete', is: 'good' }, 1: { text: 'failing', is: 'bad' } },
};

export const replicationRole: Signal = {
  title: 'Role',
  description:
    'Whether the server is the primary, which takes writes, or a replica. A change that nobody made is a failover.',
  unit: 'boolean',
  queries: [plot(maxBy(select(postgresExporter.pg_replication_is_replica)), legend`role`)],
  states: { 0: { text: 'primary', is: 'good' }, 1: { text: 'replica', is: 'neutral' } },
};

export const replicationLag: Signal = {
  title: 'Replication lag',
  description:
    'How far the server is behind its primary; 0 on the primary itself. Above the dashed line it serves old data, and a failover would lose what is missing.',
  unit: 'seconds',
  queries: [plot(maxBy(select(postgresExporter.pg_replication_lag_seconds)), legend`behind`)],
  watchedBy: [firesAbove('ReplicationLagging')],
};

import { oneOf, upTo } from './label-bound';
import { counter, exposedBy, gauge } from './metric';

const datname = upTo(20, 'postgres');
const table = { datname, schemaname: upTo(10, 'public'), relname: upTo(200) };
/** The exporter does not say which database an index belongs to. */
const index = { schemaname: table.schemaname, relname: table.relname, indexrelname: upTo(400) };
/** The slowest statements only: `--collector.stat_statements.limit` holds it. */
const statement = { user: upTo(10), datname, queryid: upTo(100) };

const activity = {
  datname,
  state: oneOf(
    'active',
    'disabled',
    'fastpath function call',
    'idle',
    'idle in transaction',
    'idle in transaction (aborted)',
    'unknown',
  ),
  usename: upTo(10),
  application_name: upTo(20),
  backend_type: upTo(20),
  wait_event_type: upTo(10),
  wait_event: upTo(50),
};

/** What postgres-exporter asks of AutoServe's database. */
export const postgresExporter = exposedBy('postgres-exporter', {
  pg_up: gauge({ help: '1 when the database answered.', unit: 'boolean', origin: 'addition' }),
  pg_exporter_last_scrape_error: gauge({
    help: '1 when the last collection failed.',
    unit: 'boolean',
    origin: 'addition',
  }),
  pg_settings_max_connections: gauge({
    help: 'Connections that the server allows.',
    unit: 'connections',
    origin: 'addition',
  }),
  pg_stat_activity_count: gauge({
    help: 'Connections by what they do.',
    unit: 'connections',
    origin: 'addition',
    labels: activity,
  }),
  pg_stat_activity_max_tx_duration: gauge({
    help: 'Age of the oldest transaction, in seconds.',
    unit: 'seconds',
    origin: 'addition',
    labels: activity,
  }),
  pg_stat_database_xact_commit: counter({
    help: 'Transactions committed.',
    unit: 'transactions',
    origin: 'addition',
    labels: { datid: datname, datname },
  }),
  pg_stat_database_xact_rollback: counter({
    help: 'Transactions rolled back.',
    unit: 'transactions',
    origin: 'addition',
    labels: { datid: datname, datname },
  }),
  pg_stat_database_blks_hit: counter({
    help: 'Blocks found in the cache.',
    unit: 'blocks',
    origin: 'addition',
    labels: { datid: datname, datname },
  }),
  pg_stat_database_blks_read: counter({
    help: 'Blocks read from disk.',
    unit: 'blocks',
    origin: 'addition',
    labels: { datid: datname, datname },
  }),
  pg_stat_database_deadlocks: counter({
    help: 'Deadlocks found.',
    unit: 'events',
    origin: 'addition',
    labels: { datid: datname, datname },
  }),
  pg_stat_statements_calls_total: counter({
    help: 'Executions of a statement.',
    unit: 'operations',
    origin: 'addition',
    labels: statement,
  }),
  pg_stat_statements_seconds_total: counter({
    help: 'Time spent in a statement.',
    unit: 'seconds',
    origin: 'addition',
    labels: statement,
  }),
  pg_stat_user_tables_idx_scan: counter({
    help: 'Scans of a table through an index.',
    unit: 'scans',
    origin: 'addition',
    labels: table,
  }),
  pg_stat_user_tables_seq_scan: counter({
    help: 'Scans of a whole table.',
    unit: 'scans',
    origin: 'addition',
    labels: table,
  }),
  pg_stat_user_tables_n_dead_tup: gauge({
    help: 'Dead rows that wait for vacuum.',
    unit: 'rows',
    origin: 'addition',
    labels: table,
  }),
  pg_statio_user_indexes_idx_blks_hit_total: counter({
    help: 'Index blocks found in the cache.',
    unit: 'blocks',
    origin: 'addition',
    labels: index,
  }),
  pg_statio_user_indexes_idx_blks_read_total: counter({
    help: 'Index blocks read from disk.',
    unit: 'blocks',
    origin: 'addition',
    labels: index,
  }),
  pg_replication_is_replica: gauge({ help: '1 on a replica.', unit: 'boolean', origin: 'addition' }),
  pg_replication_lag_seconds: gauge({ help: 'How far a replica is behind.', unit: 'seconds', origin: 'addition' }),
  pg_locks_count: gauge({
    help: 'Locks held or awaited.',
    unit: 'locks',
    origin: 'addition',
    labels: { datname, mode: upTo(9) },
  }),
  pg_database_size_bytes: gauge({
    help: 'Size of a database.',
    unit: 'bytes',
    origin: 'addition',
    labels: { datname },
  }),
});

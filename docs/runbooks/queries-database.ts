import { Duration } from 'cdk8s';
import { backend } from '../../lib/catalog/backend';
import { postgresExporter } from '../../lib/catalog/postgres-exporter';
import { scrape } from '../../lib/catalog/scrape';
import { select as selectLines } from '../../lib/query/logql/select';
import { maxBy, sumBy, topk } from '../../lib/query/promql/aggregate';
import { re } from '../../lib/query/promql/matcher';
import { minus, plus } from '../../lib/query/promql/operators';
import { rate } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import type { databaseAlerts } from '../../rules/alerts/database';
import type { RunbookQueries, RunbookQuery } from './query';

const window = Duration.minutes(5);

const oldestTransactions: RunbookQuery = {
  shows: 'Age in seconds of the oldest transactions, and whose they are',
  promql: topk(
    5,
    maxBy(select(postgresExporter.pg_stat_activity_max_tx_duration), 'state', 'usename', 'application_name'),
  ),
};

/** For the alerts of `rules/alerts/database.ts`. */
export const databaseQueries: RunbookQueries<keyof typeof databaseAlerts> = {
  DatabaseDown: [
    { shows: '1 while the exporter can connect to the database', promql: select(postgresExporter.pg_up) },
    {
      shows: '1 while the exporter itself answers',
      promql: select(scrape.up, { job: 'postgres-exporter' }),
    },
    {
      shows: 'Errors per second of the backend, by status',
      promql: sumBy(rate(select(backend.http_requests_total, { status: re('5..') }), window), 'status'),
    },
    {
      shows: 'Connections that the backend has, used or not',
      promql: sumBy(plus(select(backend.db_connections_active), select(backend.db_connections_idle))),
    },
    { shows: 'Why the exporter cannot connect', logql: selectLines({ service: 'postgres-exporter' }) },
  ],
  DatabaseServerConnectionsHigh: [
    {
      shows: 'Connections that are left',
      promql: minus(
        maxBy(select(postgresExporter.pg_settings_max_connections), 'instance'),
        sumBy(select(postgresExporter.pg_stat_activity_count), 'instance'),
      ),
    },
    {
      shows: 'Connections by who has them',
      promql: sumBy(select(postgresExporter.pg_stat_activity_count), 'datname', 'usename', 'application_name'),
    },
    {
      shows: 'Connections by what they do',
      promql: sumBy(select(postgresExporter.pg_stat_activity_count), 'state'),
    },
    oldestTransactions,
    {
      shows: 'Connections that the pools of the backend may open in all',
      promql: sumBy(select(backend.db_connections_max)),
    },
  ],
  ReplicationLagging: [
    { shows: 'Seconds that the replica is behind', promql: select(postgresExporter.pg_replication_lag_seconds) },
    {
      shows: 'Transactions per second that are written',
      promql: sumBy(rate(select(postgresExporter.pg_stat_database_xact_commit), window), 'instance', 'datname'),
    },
    oldestTransactions,
    {
      shows: 'Connections by what they wait for',
      promql: topk(
        10,
        sumBy(select(postgresExporter.pg_stat_activity_count), 'backend_type', 'wait_event_type', 'wait_event'),
      ),
    },
  ],
};

import { Duration } from 'cdk8s';
import { postgresExporter } from '../../lib/catalog/postgres-exporter';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { maxBy, sumBy } from '../../lib/query/promql/aggregate';
import { above, and, equals, ratio } from '../../lib/query/promql/operators';
import { select } from '../../lib/query/promql/select';
import { prometheusDuration } from '../../lib/units/duration';
import { alert, type AlertDefinitions } from './definition';

/** The database that all services share. */
export const databaseAlerts: AlertDefinitions<'DatabaseDown' | 'DatabaseServerConnectionsHigh' | 'ReplicationLagging'> =
  {
    DatabaseDown: () =>
      alert({
        expr: equals(select(postgresExporter.pg_up), 0),
        service: 'database',
        summary: text`The database does not answer`,
        description: text`${label('instance')} cannot connect to it; AutoServe most likely neither.`,
      }),
    DatabaseServerConnectionsHigh: ({ threshold }) =>
      alert({
        expr: above(
          ratio(
            sumBy(select(postgresExporter.pg_stat_activity_count), 'instance'),
            maxBy(select(postgresExporter.pg_settings_max_connections), 'instance'),
          ),
          threshold,
        ),
        service: 'database',
        summary: text`The database server has ${value.ratio} of its connections in use`,
        description: text`Above ${percentage(threshold)} it soon refuses new ones, whichever service asks.`,
      }),
    ReplicationLagging: ({ threshold }) =>
      alert({
        expr: and(
          above(select(postgresExporter.pg_replication_lag_seconds), threshold),
          equals(select(postgresExporter.pg_replication_is_replica), 1),
        ),
        service: 'database',
        summary: text`The database replica is ${value.seconds} behind`,
        description: text`Beyond ${prometheusDuration(Duration.seconds(threshold))} it shows old data, and a failover would lose what is missing.`,
      }),
  };

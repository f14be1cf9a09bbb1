import { postgresExporter } from '../../../lib/catalog/postgres-exporter';
import type { databaseAlerts } from '../../../rules/alerts/database';
import { hold, minutes, seconds, series, until, type ScenarioTable } from '../scenario';

const primary = { job: 'postgres-exporter', instance: '10.0.0.7:9187' };
const replica = { job: 'postgres-exporter', instance: '10.0.0.8:9187' };

const session = {
  ...primary,
  datname: 'autoserve',
  usename: 'autoserve',
  application_name: 'backend',
  backend_type: 'client backend',
  wait_event_type: '',
  wait_event: '',
};

const connections = (active: number, idle: number, allowed: number) => [
  series(postgresExporter.pg_stat_activity_count, { ...session, state: 'active' }, hold(active)),
  series(postgresExporter.pg_stat_activity_count, { ...session, state: 'idle' }, hold(idle)),
  series(postgresExporter.pg_settings_max_connections, primary, hold(allowed)),
];

const behind = (lag: number, isReplica: 0 | 1) => [
  series(postgresExporter.pg_replication_lag_seconds, replica, hold(lag)),
  series(postgresExporter.pg_replication_is_replica, replica, hold(isReplica)),
];

export const databaseScenarios: ScenarioTable<keyof typeof databaseAlerts> = {
  DatabaseDown: {
    fires: {
      'when it does not answer': {
        series: [series(postgresExporter.pg_up, primary, hold(0))],
        firing: [
          {
            labels: { ...primary, service: 'database' },
            summary: 'The database does not answer',
            description: '10.0.0.7:9187 cannot connect to it; AutoServe most likely neither.',
          },
        ],
      },
    },
    silent: {
      'while it answers': { series: [series(postgresExporter.pg_up, primary, hold(1))] },
      'while it restarts within a minute': {
        series: [
          series(postgresExporter.pg_up, primary, until(minutes(10), hold(1), until(seconds(45), hold(0), hold(1)))),
        ],
      },
    },
  },
  DatabaseServerConnectionsHigh: {
    fires: {
      'when more than four fifths of its connections are in use': {
        series: connections(50, 31, 100),
        firing: [
          {
            labels: { instance: '10.0.0.7:9187', service: 'database' },
            summary: 'The database server has 81% of its connections in use',
            description: 'Above 80% it soon refuses new ones, whichever service asks.',
          },
        ],
      },
    },
    silent: { 'while four fifths are': { series: connections(50, 30, 100) } },
  },
  ReplicationLagging: {
    fires: {
      'when a replica is more than 30 seconds behind': {
        series: behind(31, 1),
        firing: [
          {
            labels: { ...replica, service: 'database' },
            summary: 'The database replica is 31s behind',
            description: 'Beyond 30s it shows old data, and a failover would lose what is missing.',
          },
        ],
      },
    },
    silent: {
      'while it is 30 seconds behind': { series: behind(30, 1) },
      'on a server that follows no other': { series: behind(1000, 0) },
    },
  },
};

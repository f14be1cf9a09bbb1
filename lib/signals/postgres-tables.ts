import { postgresExporter } from '../catalog/postgres-exporter';
import { sumBy, topk } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen } from '../query/promql/matcher';
import { above, and, or, plus, ratio, shareOf, times } from '../query/promql/operators';
import { rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { legend, plot, type Signal } from './signal';

// Which statements, tables and indexes keep the database busy.

const ofDatabases = { datname: chosen('database') } as const;

type Window = '$__range' | '$__rate_interval';

const calls = (window: Window): Vector<'datname' | 'queryid'> =>
  sumBy(rate(select(postgresExporter.pg_stat_statements_calls_total, ofDatabases), window), 'datname', 'queryid');

const secondsIn = (window: Window): Vector<'datname' | 'queryid'> =>
  sumBy(rate(select(postgresExporter.pg_stat_statements_seconds_total, ofDatabases), window), 'datname', 'queryid');

/** So many rows can be read. */
const highest = 20;

const heaviest = topk(highest, secondsIn('$__range'));

const findText = 'SELECT query FROM pg_stat_statements WHERE queryid = …';

export const heaviestStatements: Signal = {
  title: 'Heaviest statements',
  description: `The statements that took the most database time in the time shown: slow ones, or fast ones that run often. "${findText}" in psql gives the text of one, EXPLAIN its plan. Texts stay in the database, since they may hold secrets.`,
  unit: 'quantity',
  queries: [
    plot(shareOf(heaviest, sumBy(secondsIn('$__range'))), legend`Share of all time`, 'ratio'),
    plot(and(ratio(secondsIn('$__range'), above(calls('$__range'), 0)), heaviest), legend`Mean time`, 'seconds'),
    plot(and(calls('$__range'), heaviest), legend`Calls`, 'operations/s'),
  ],
};

export const statementTime: Signal = {
  title: 'Time in statements',
  description: `Seconds per second that the server spends in each of the ten heaviest statements. At 1, a statement keeps one CPU or one disk busy all the time. One that appears after a deployment came with it; "${findText}" in psql gives its text.`,
  unit: 'seconds/s',
  queries: [plot(topk(10, secondsIn('$__rate_interval')), legend`${'queryid'}`)],
};

/** A part of a whole; all of it while there is no whole, so that what nobody uses does not look bad. */
const shareOrAll = <L extends string>(part: Vector<L>, rest: Vector<NoInfer<L>>): Vector<L> => {
  const whole = plus(part, rest);
  return or(ratio(part, above(whole, 0)), plus(times(whole, 0), 1));
};

export const cacheHits: Signal = {
  title: 'Cache hits',
  description:
    'Share of blocks that the server found in its own cache, by database. Above 99 % is normal. A fall means that the data in use no longer fits, or that a statement reads whole tables.',
  unit: 'ratio',
  queries: [
    plot(
      shareOrAll(
        sumBy(rate(select(postgresExporter.pg_stat_database_blks_hit, ofDatabases), '$__rate_interval'), 'datname'),
        sumBy(rate(select(postgresExporter.pg_stat_database_blks_read, ofDatabases), '$__rate_interval'), 'datname'),
      ),
      legend`${'datname'}`,
    ),
  ],
};

const indexScans = sumBy(
  rate(select(postgresExporter.pg_stat_user_tables_idx_scan, ofDatabases), '$__rate_interval'),
  'schemaname',
  'relname',
);
const tableScans = sumBy(
  rate(select(postgresExporter.pg_stat_user_tables_seq_scan, ofDatabases), '$__rate_interval'),
  'schemaname',
  'relname',
);

export const indexUse: Signal = {
  title: 'Index use by table',
  description:
    'Share of the scans of each table that use an index; 100 % where there are no scans. A large table well below that lacks an index for its queries. Small tables may be read whole.',
  unit: 'ratio',
  queries: [plot(shareOrAll(indexScans, tableScans), legend`${'schemaname'}.${'relname'}`)],
};

export const wholeTableScans: Signal = {
  title: 'Whole-table scans',
  description:
    'Scans per second that read a whole table, by table. They are fine for small tables. For large ones they push everything else out of the cache: look for a missing index.',
  unit: 'scans/s',
  queries: [plot(tableScans, legend`${'schemaname'}.${'relname'}`)],
};

export const indexScanRate: Signal = {
  title: 'Index scans',
  description:
    'Scans per second that use an index, by table. A fall without fewer queries means that a plan has changed: run ANALYZE, or look for a dropped index.',
  unit: 'scans/s',
  queries: [plot(indexScans, legend`${'schemaname'}.${'relname'}`)],
};

export const indexCacheHits: Signal = {
  title: 'Index cache hits',
  description:
    'Share of the blocks of each index that were in the cache; 100 % where it is not used. Indexes in frequent use should be near 100 %. A fall means that memory has become too small for them.',
  unit: 'ratio',
  queries: [
    plot(
      shareOrAll(
        sumBy(
          rate(select(postgresExporter.pg_statio_user_indexes_idx_blks_hit_total), '$__rate_interval'),
          'relname',
          'indexrelname',
        ),
        sumBy(
          rate(select(postgresExporter.pg_statio_user_indexes_idx_blks_read_total), '$__rate_interval'),
          'relname',
          'indexrelname',
        ),
      ),
      legend`${'indexrelname'} of ${'relname'}`,
    ),
  ],
};

export const deadRows: Signal = {
  title: 'Dead rows',
  description:
    'Rows that were changed or deleted and wait for vacuum, by table. A saw-tooth is good. A line that only rises means that vacuum does not keep up, or that a long transaction holds it back.',
  unit: 'rows',
  queries: [
    plot(
      sumBy(select(postgresExporter.pg_stat_user_tables_n_dead_tup, ofDatabases), 'schemaname', 'relname'),
      legend`${'schemaname'}.${'relname'}`,
    ),
  ],
};

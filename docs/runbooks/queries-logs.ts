import { Duration } from 'cdk8s';
import { fluentBit } from '../../lib/catalog/fluent-bit';
import { loki } from '../../lib/catalog/loki';
import { scrape } from '../../lib/catalog/scrape';
import { sumBy as sumLinesBy, topk as topkLines } from '../../lib/query/logql/aggregate';
import { pipe } from '../../lib/query/logql/lines';
import { ratio as ratioOfLines } from '../../lib/query/logql/operators';
import { bytesOverTime, countOverTime } from '../../lib/query/logql/range';
import { select as selectLines } from '../../lib/query/logql/select';
import { contains, matches } from '../../lib/query/logql/stages';
import { maxBy, minBy, sumBy, topk } from '../../lib/query/promql/aggregate';
import { re } from '../../lib/query/promql/matcher';
import { above, equals, or, ratio, secondsSince, times } from '../../lib/query/promql/operators';
import { appearedWithin, histogramQuantile, increase, rate } from '../../lib/query/promql/range';
import { countOf, select } from '../../lib/query/promql/select';
import type { logAlerts } from '../../rules/alerts/logs';
import type { RunbookQueries, RunbookQuery } from './query';

const window = Duration.minutes(5);
const aQuarter = Duration.minutes(15);
const anHour = Duration.hours(1);

const lokiLines = selectLines({ service: 'loki' });

const replicasUp: RunbookQuery = {
  shows: 'Replicas of Loki: 1 for one that answers',
  promql: select(scrape.up, { job: 'loki' }),
};

const volumeInUse: RunbookQuery = {
  shows: 'Share of its volume that each replica uses',
  promql: sumBy(select(loki.loki_ingester_wal_disk_usage_percent), 'pod'),
};

const spaceLeft: RunbookQuery = {
  shows: 'Share of each log buffer that is still free',
  promql: times(minBy(select(fluentBit.fluentbit_output_chunk_available_capacity_percent), 'node', 'name'), 0.01),
};

const failures = { status_code: re('5..') };

const failuresByReplica: RunbookQuery = {
  shows: 'Failures a second, by replica, route and status',
  promql: above(
    sumBy(rate(countOf(select(loki.loki_request_duration_seconds, failures)), window), 'pod', 'route', 'status_code'),
    0,
  ),
};

const linesRead: RunbookQuery = {
  shows: 'Lines that each node reads a second, by source',
  promql: sumBy(rate(select(fluentBit.fluentbit_input_records_total), window), 'node', 'name'),
};

const linesTaken: RunbookQuery = {
  shows: 'Lines a second that Loki takes of each node',
  promql: sumBy(rate(select(fluentBit.fluentbit_output_proc_records_total), window), 'node', 'name'),
};

const retries: RunbookQuery = {
  shows: 'Pushes that were tried again in the last 5 minutes',
  promql: above(sumBy(increase(select(fluentBit.fluentbit_output_retries_total), window), 'node', 'name'), 0),
};

const refused = select(loki.loki_discarded_samples_total);
const linesRefused: RunbookQuery = {
  shows: 'Lines that Loki refused in the last 15 minutes, and why',
  promql: above(sumBy(or(appearedWithin(refused, aQuarter), increase(refused, aQuarter)), 'reason'), 0),
};

const cut = select(fluentBit.fluentbit_input_long_line_truncated_total);

/** For the alerts of `rules/alerts/logs.ts`. */
export const logCollectionQueries: RunbookQueries<keyof typeof logAlerts> = {
  LokiRequestsFailing: [
    {
      shows: 'Share of the requests that fail, by route',
      promql: above(
        ratio(
          sumBy(rate(countOf(select(loki.loki_request_duration_seconds, failures)), window), 'route'),
          sumBy(rate(countOf(select(loki.loki_request_duration_seconds)), window), 'route'),
        ),
        0,
      ),
    },
    failuresByReplica,
    replicasUp,
    volumeInUse,
    spaceLeft,
  ],
  LokiRequestsSlow: [
    {
      shows: 'Seconds that one request in a hundred takes, by route and replica',
      promql: topk(
        10,
        histogramQuantile(0.99, rate(select(loki.loki_request_duration_seconds), window), 'pod', 'route'),
      ),
    },
    {
      shows: 'Requests a second, by route',
      promql: topk(10, sumBy(rate(countOf(select(loki.loki_request_duration_seconds)), window), 'route')),
    },
    {
      shows: 'Lines a second that arrive',
      promql: sumBy(rate(select(loki.loki_distributor_lines_received_total), window), 'pod'),
    },
    {
      shows: 'Questions that took a second or more, with their text',
      logql: pipe(lokiLines, contains('metrics.go'), matches('"duration":"([0-9.]+s|[0-9]+m[0-9.]+s)"')),
    },
  ],
  LokiPanicked: [
    {
      shows: 'Panics in the last hour, by replica',
      promql: above(sumBy(increase(select(loki.loki_panic_total), anHour), 'pod', 'node'), 0),
    },
    failuresByReplica,
    { shows: 'The stack of each panic', logql: pipe(lokiLines, contains('panic')) },
  ],
  LokiLinesRefused: [
    linesRefused,
    {
      shows: 'Lines a second that arrive, to set them against',
      promql: sumBy(rate(select(loki.loki_distributor_lines_received_total), window)),
    },
    spaceLeft,
    { shows: 'Which streams were refused', logql: pipe(lokiLines, contains('write operation failed')) },
  ],
  LokiChunksNotStored: [
    {
      shows: 'Chunks that could not be stored in the last 15 minutes',
      promql: above(sumBy(increase(select(loki.loki_ingester_chunks_flush_failures_total), aQuarter), 'pod'), 0),
    },
    {
      shows: 'Writes to the log ahead that found the volume full',
      promql: above(sumBy(increase(select(loki.loki_ingester_wal_disk_full_failures_total), aQuarter), 'pod'), 0),
    },
    volumeInUse,
    { shows: 'Chunks that wait in memory', promql: sumBy(select(loki.loki_ingester_memory_chunks), 'pod') },
    { shows: 'The error of each attempt', logql: pipe(lokiLines, contains('failed to flush')) },
  ],
  LokiRetentionStalled: [
    {
      shows: 'Seconds since old lines were last deleted, by replica; one that never did counts from 1970',
      promql: secondsSince(
        maxBy(select(loki.loki_compactor_apply_retention_last_successful_run_timestamp_seconds), 'pod'),
      ),
    },
    {
      shows: 'The replica that compacts: exactly one',
      promql: equals(sumBy(select(loki.loki_boltdb_shipper_compactor_running), 'pod'), 1),
    },
    {
      shows: 'Seconds since the index was last compacted, the step before',
      promql: secondsSince(
        maxBy(select(loki.loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds), 'pod'),
      ),
    },
    volumeInUse,
    { shows: 'What the compactor says', logql: pipe(lokiLines, contains('compact'), contains('"level":"error"')) },
  ],
  LogLinesLost: [
    {
      shows: 'Lines given up in the last hour, by node and source',
      promql: above(
        sumBy(increase(select(fluentBit.fluentbit_output_dropped_records_total), anHour), 'node', 'pod', 'name'),
        0,
      ),
    },
    {
      shows: 'Chunks that Loki refused for good: 0 or nothing means that the buffer was full',
      promql: above(sumBy(increase(select(fluentBit.fluentbit_output_errors_total), anHour), 'node', 'name'), 0),
    },
    spaceLeft,
    linesRefused,
  ],
  LogLinesCut: [
    {
      shows: 'Lines cut in the last hour, by node and source',
      promql: above(sumBy(or(appearedWithin(cut, anHour), increase(cut, anHour)), 'node', 'pod', 'name'), 0),
    },
    {
      shows: 'Bytes of the average line of each service: the one that writes long lines stands out',
      logql: topkLines(
        10,
        ratioOfLines(
          sumLinesBy(bytesOverTime(selectLines({ job: 'fluent-bit' }), anHour), 'namespace', 'service'),
          sumLinesBy(countOverTime(selectLines({ job: 'fluent-bit' }), anHour), 'namespace', 'service'),
        ),
      ),
    },
  ],
  LogsNotShipped: [linesRead, linesTaken, retries, replicasUp, spaceLeft],
  LogBufferFilling: [spaceLeft, linesRead, linesTaken, replicasUp, linesRefused],
};

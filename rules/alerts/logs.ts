import { Duration } from 'cdk8s';
import { fluentBit } from '../../lib/catalog/fluent-bit';
import { loki } from '../../lib/catalog/loki';
import { label, percentage, text, value } from '../../lib/config/alert-text';
import { maxBy, sumBy } from '../../lib/query/promql/aggregate';
import { above, and, atLeast, below, equals, or, plus, secondsSince, times } from '../../lib/query/promql/operators';
import { appearedWithin, increase } from '../../lib/query/promql/range';
import { select } from '../../lib/query/promql/select';
import {
  failedRequestRatio,
  linesRefusedWithin,
  lokiRequestDuration,
  lokiRequestRate,
} from '../../lib/signals/log-store';
import { prometheusDuration } from '../../lib/units/duration';
import { alert, type AlertDefinitions } from './definition';

const window = Duration.minutes(5);
const aQuarter = Duration.minutes(15);
const anHour = Duration.hours(1);

/** Requests per second below which a share of them says nothing. */
const fewestRequests = 0.1;

const cut = select(fluentBit.fluentbit_input_long_line_truncated_total);

/** Whether lines arrive, stay and can be asked for. */
export const logAlerts: AlertDefinitions<
  | 'LokiRequestsFailing'
  | 'LokiRequestsSlow'
  | 'LokiPanicked'
  | 'LokiLinesRefused'
  | 'LokiChunksNotStored'
  | 'LokiRetentionStalled'
  | 'LogLinesLost'
  | 'LogLinesCut'
  | 'LogsNotShipped'
  | 'LogBufferFilling'
> = {
  LokiRequestsFailing: ({ threshold }) =>
    alert({
      expr: and(above(failedRequestRatio(window), threshold), atLeast(lokiRequestRate(window), fewestRequests)),
      service: 'loki',
      summary: text`Loki fails ${value.ratio} of the requests to ${label('route')}`,
      description: text`More than ${percentage(threshold)} ended in an error of its own. Lines wait on the nodes as long as they are refused.`,
    }),
  LokiRequestsSlow: ({ threshold }) =>
    alert({
      expr: above(lokiRequestDuration(window), threshold),
      service: 'loki',
      summary: text`Loki takes ${value.seconds} to answer ${label('route')}`,
      description: text`One request in a hundred takes longer than that; it should be below ${prometheusDuration(Duration.seconds(threshold))}.`,
    }),
  LokiPanicked: () =>
    alert({
      expr: above(sumBy(increase(select(loki.loki_panic_total), aQuarter), 'pod'), 0),
      service: 'loki',
      summary: text`${label('pod')} panicked ${value.count} times`,
      description: text`It caught a crash while it answered; the request failed.`,
    }),
  LokiLinesRefused: () =>
    alert({
      expr: above(linesRefusedWithin(aQuarter), 0),
      service: 'loki',
      summary: text`Loki refused ${value.count} log lines: ${label('reason')}`,
      description: text`In the last ${prometheusDuration(aQuarter)}. Those beyond a rate limit come again; others are lost, and the log agent may not have been told.`,
    }),
  LokiChunksNotStored: () =>
    alert({
      expr: above(
        sumBy(
          plus(
            increase(select(loki.loki_ingester_chunks_flush_failures_total), aQuarter),
            increase(select(loki.loki_ingester_wal_disk_full_failures_total), aQuarter),
          ),
          'pod',
        ),
        0,
      ),
      service: 'loki',
      summary: text`${label('pod')} failed ${value.count} times to store log lines`,
      description: text`Its volume is full, or the object store does not take chunks; they wait in memory.`,
    }),
  LokiRetentionStalled: ({ threshold }) =>
    alert({
      // What never ran counts from 1970: after a start it has but the wait of the alert, however often Loki starts.
      expr: above(
        secondsSince(maxBy(select(loki.loki_compactor_apply_retention_last_successful_run_timestamp_seconds))),
        threshold,
      ),
      service: 'loki',
      summary: text`Loki does not delete old lines`,
      description: text`Retention should run at least every ${prometheusDuration(Duration.seconds(threshold))}. It last did ${value.seconds} ago, or never since Loki was started; until it does, the store only grows.`,
    }),
  LogLinesLost: () =>
    alert({
      expr: above(
        sumBy(increase(select(fluentBit.fluentbit_output_dropped_records_total), aQuarter), 'node', 'pod', 'name'),
        0,
      ),
      service: 'fluent-bit',
      summary: text`${value.count} log lines of ${label('node')} are lost`,
      description: text`${label('pod')} gave them up (${label('name')}): refused by Loki, or pushed out of a full buffer.`,
    }),
  LogLinesCut: () =>
    alert({
      expr: above(sumBy(or(appearedWithin(cut, anHour), increase(cut, anHour)), 'node', 'pod', 'name'), 0),
      service: 'fluent-bit',
      summary: text`${value.count} long log lines of ${label('node')} were cut`,
      description: text`${label('pod')} keeps the beginning of a line that is too long (${label('name')}).`,
    }),
  LogsNotShipped: () =>
    alert({
      expr: and(
        above(sumBy(increase(select(fluentBit.fluentbit_input_records_total), window), 'node', 'pod'), 0),
        equals(sumBy(increase(select(fluentBit.fluentbit_output_proc_records_total), window), 'node', 'pod'), 0),
      ),
      service: 'fluent-bit',
      summary: text`No log line of ${label('node')} reaches Loki`,
      description: text`${label('pod')} read ${value.count} lines in the last 5 minutes and shipped none; they wait on the disk of the node.`,
    }),
  LogBufferFilling: ({ threshold }) =>
    alert({
      expr: below(times(select(fluentBit.fluentbit_output_chunk_available_capacity_percent), 0.01), threshold),
      service: 'fluent-bit',
      summary: text`The log buffer of ${label('node')} has ${value.ratio} of its space left`,
      description: text`Below ${percentage(threshold)} of ${label('name')} the oldest lines are soon given up.`,
    }),
};

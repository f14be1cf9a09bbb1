import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder as LokiQueryBuilder } from '@grafana/grafana-foundation-sdk/loki';
import {
  DataqueryBuilder as PrometheusQueryBuilder,
  PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus';
import type { LogCountQuery, LineQuery, MetricQuery, Query, TraceSource } from '../../signals/signal';
import { traceLimit } from '../../signals/traces';
import { dataSource } from './data-source';

/** What a panel asks for: values over time, or of now, or of now as the rows of a table. */
export type Asked = 'range' | 'now' | 'rows' | 'buckets';

const metricTarget = ({ expr, legend, exemplars }: MetricQuery, refId: string, asked: Asked): Builder<Dataquery> => {
  const query = new PrometheusQueryBuilder()
    .datasource(dataSource('prometheus'))
    .refId(refId)
    .expr(expr.text)
    .legendFormat(legend);
  if (asked === 'rows') query.format(PromQueryFormat.Table);
  if (asked === 'buckets') query.format(PromQueryFormat.Heatmap);
  if (exemplars === true) query.exemplar(true);
  // Buckets that are asked for their exemplars are too many to be read at every step.
  return exemplars === true || asked === 'now' || asked === 'rows' ? query.instant() : query.range();
};

/** Lines that a panel shows at most. */
const maxLines = 200;

const lokiTarget = (query: LogCountQuery | LineQuery, refId: string, asked: Asked): Builder<Dataquery> => {
  const target = new LokiQueryBuilder().datasource(dataSource('loki')).refId(refId);
  if ('lines' in query) return target.expr(query.lines.text).queryType('range').maxLines(maxLines);
  return target
    .expr(query.expr.text)
    .legendFormat(query.legend)
    .queryType(asked === 'now' || asked === 'rows' ? 'instant' : 'range');
};

/** As logfmt, which the plugin reads. */
const tagsText = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(' ');

/** The SDK has no word for Jaeger. @see https://grafana.com/docs/grafana/latest/datasources/jaeger/query-editor/ */
const jaegerTarget = ({ traces }: TraceSource, refId: string): Builder<Dataquery> => {
  const common = { refId, datasource: dataSource('jaeger') };
  const query =
    traces.kind === 'dependencies'
      ? { ...common, queryType: 'dependencyGraph' }
      : {
          ...common,
          queryType: 'search',
          service: traces.service,
          limit: traceLimit,
          ...(Object.keys(traces.tags).length > 0 && { tags: tagsText(traces.tags) }),
          ...(traces.minDuration && { minDuration: `${traces.minDuration.toMilliseconds()}ms` }),
        };
  // The method marks the type and is not written out.
  return { build: () => ({ ...query, _implementsDataqueryVariant: () => undefined }) };
};

export const target = (query: Query, refId: string, asked: Asked): Builder<Dataquery> => {
  switch (query.source) {
    case 'prometheus':
      return metricTarget(query, refId, asked);
    case 'loki':
      return lokiTarget(query, refId, asked);
    case 'jaeger':
      return jaegerTarget(query, refId);
  }
};

import type { Duration } from 'cdk8s';
import { dataSources, type DataSourceUid } from '../catalog/data-sources';
import type { StreamLabel } from '../catalog/log-streams';
import type { LabelOf } from '../catalog/metric';
import { spanMetrics } from '../catalog/span-metrics';
import { sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { anyOf } from '../query/promql/matcher';
import { ratio } from '../query/promql/operators';
import { histogramQuantile, rate } from '../query/promql/range';
import { select } from '../query/promql/select';
import { ofTrace } from '../signals/logs';
import { orNoneOf } from '../signals/share';
import { prometheusDuration } from '../units/duration';

interface DataSourceSettings {
  /** Where Grafana calls each. */
  readonly urls: Readonly<Record<DataSourceUid, string>>;
  /** Of most targets: a rate over less finds nothing. */
  readonly scrapeInterval: Duration;
  /** Release of Prometheus, as in `3.14.0`. */
  readonly prometheusVersion: string;
}

/** A link from a field of a line to the trace that it names. */
interface DerivedField {
  readonly name: string;
  readonly matcherType: 'label' | 'regex';
  readonly matcherRegex: string;
  readonly datasourceUid: DataSourceUid;
  readonly url: string;
  readonly urlDisplayLabel: string;
}

/** An attribute of a span, and the label under which others know its value. */
interface Tag<L extends string> {
  readonly key: 'service.name';
  readonly value: L;
}

type SpanMetricLabel = LabelOf<typeof spanMetrics.traces_span_metrics_calls_total>;

interface JsonData {
  readonly prometheus: {
    readonly httpMethod: 'POST';
    readonly timeInterval: string;
    readonly prometheusType: 'Prometheus';
    readonly prometheusVersion: string;
    readonly manageAlerts: boolean;
    readonly alertmanagerUid: DataSourceUid;
    readonly exemplarTraceIdDestinations: readonly { readonly name: string; readonly datasourceUid: DataSourceUid }[];
  };
  readonly loki: { readonly maxLines: number; readonly derivedFields: readonly DerivedField[] };
  readonly jaeger: {
    readonly tracesToLogsV2: {
      readonly datasourceUid: DataSourceUid;
      readonly spanStartTimeShift: string;
      readonly spanEndTimeShift: string;
      readonly customQuery: true;
      readonly tags: readonly Tag<StreamLabel>[];
      readonly query: string;
    };
    readonly tracesToMetrics: {
      readonly datasourceUid: DataSourceUid;
      readonly spanStartTimeShift: string;
      readonly spanEndTimeShift: string;
      readonly tags: readonly Tag<SpanMetricLabel>[];
      readonly queries: readonly { readonly name: string; readonly query: string }[];
    };
    readonly nodeGraph: { readonly enabled: boolean };
    readonly traceIdTimeParams: { readonly enabled: boolean };
    readonly spanBar: { readonly type: 'Duration' };
  };
  readonly alertmanager: { readonly implementation: 'prometheus'; readonly handleGrafanaManagedAlerts: boolean };
}

interface DataSource {
  readonly name: string;
  readonly uid: string;
  /** The plugin that asks it. */
  readonly type: string;
  readonly access: 'proxy';
  readonly url: string;
  readonly isDefault: boolean;
  readonly editable: false;
  readonly jsonData: JsonData[DataSourceUid];
}

/** @see https://grafana.com/docs/grafana/v13.2/administration/provisioning/#data-sources */
export interface DataSourcesFile {
  readonly apiVersion: 1;
  /** One that is no longer in the file goes. */
  readonly prune: true;
  readonly datasources: readonly DataSource[];
}

/** What Grafana puts in the place of this word: matchers by the tags of the span, as in `service_name="backend"`. */
const tagsMacro = '$__tags';
const { traces_span_metrics_calls_total: calls, traces_span_metrics_duration_milliseconds: duration } = spanMetrics;

/** The matchers of what a service was asked to do, beside those that the tags of the span stand for. */
const asked = {
  service_name: tagsMacro,
  span_kind: anyOf('SPAN_KIND_SERVER', 'SPAN_KIND_CONSUMER'),
} as const;

const query = ({ text }: Vector<'service_name'>): string =>
  text.replaceAll(`service_name="${tagsMacro}"`, () => tagsMacro);

const window = '$__rate_interval';
const callRate = sumBy(rate(select(calls, asked), window), 'service_name');
const errorRate = sumBy(rate(select(calls, { ...asked, status_code: 'STATUS_CODE_ERROR' }), window), 'service_name');

/** From a span to numbers about its service. */
const spanQueries = [
  { name: 'Requests and tasks per second', query: query(callRate) },
  // 0 before the first failure, which no series counts yet.
  { name: 'Share of them that failed', query: query(ratio(orNoneOf(errorRate, callRate), callRate)) },
  {
    name: '95th percentile of their duration in ms',
    query: query(histogramQuantile(0.95, rate(select(duration, asked), window), 'service_name')),
  },
];

/** The lines of a trace: of the service of the span, where the trace id tells them from others. */
const spanLines = ofTrace({ text: '{${__tags}}', state: 'unparsed', uses: [] }, '${__trace.traceId}').text;

const traceLink = { datasourceUid: 'jaeger', url: '${__value.raw}', urlDisplayLabel: 'Trace' } as const;

const jsonDataOf = ({ scrapeInterval, prometheusVersion }: DataSourceSettings): JsonData => ({
  prometheus: {
    httpMethod: 'POST',
    timeInterval: prometheusDuration(scrapeInterval),
    prometheusType: 'Prometheus',
    prometheusVersion,
    manageAlerts: true,
    alertmanagerUid: 'alertmanager',
    exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'jaeger' }],
  },
  loki: {
    maxLines: 1000,
    derivedFields: [
      { name: 'trace_id', matcherType: 'label', matcherRegex: 'trace_id', ...traceLink },
      // Of lines that came without it beside their text.
      { name: 'trace_id_in_line', matcherType: 'regex', matcherRegex: '"trace_id":\\s*"(\\w+)"', ...traceLink },
    ],
  },
  jaeger: {
    tracesToLogsV2: {
      datasourceUid: 'loki',
      spanStartTimeShift: '-5m',
      spanEndTimeShift: '5m',
      customQuery: true,
      tags: [{ key: 'service.name', value: 'service' }],
      query: spanLines,
    },
    tracesToMetrics: {
      datasourceUid: 'prometheus',
      spanStartTimeShift: '-15m',
      spanEndTimeShift: '15m',
      tags: [{ key: 'service.name', value: 'service_name' }],
      queries: spanQueries,
    },
    nodeGraph: { enabled: true },
    traceIdTimeParams: { enabled: true },
    spanBar: { type: 'Duration' },
  },
  alertmanager: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
});

/** Pure: the same settings give the same file. */
export const dataSourcesFile = (settings: DataSourceSettings): DataSourcesFile => {
  const jsonData = jsonDataOf(settings);
  return {
    apiVersion: 1,
    prune: true,
    datasources: (Object.entries(dataSources) as [DataSourceUid, { readonly title: string }][]).map(
      ([uid, { title }]) => ({
        name: title,
        uid,
        // Each is asked by the plugin of its name.
        type: uid,
        access: 'proxy',
        url: settings.urls[uid],
        isDefault: uid === 'prometheus',
        editable: false,
        jsonData: jsonData[uid],
      }),
    ),
  };
};

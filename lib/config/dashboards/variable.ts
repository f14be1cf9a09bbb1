import { QueryVariableBuilder, VariableRefresh, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Feature } from '../../catalog/alerts';
import type { VariableName } from '../../catalog/dashboards';
import type { StreamLabel } from '../../catalog/log-streams';
import type { MetricType } from '../../catalog/metric';
import type { Lines } from '../../query/logql/lines';
import { selectorText, type Selection } from '../../query/promql/select';
import { dataSource } from './data-source';

/** The values of a label, as they are stored now. */
export type LabelValues =
  | { readonly source: 'prometheus'; readonly selector: string; readonly label: string }
  | { readonly source: 'loki'; readonly selector: string; readonly label: StreamLabel };

/** What people choose at the head of a dashboard: some or all of the values of a label. */
export interface Variable {
  readonly name: VariableName;
  readonly label: string;
  readonly values: LabelValues;
  /** Only in deployments that have it; panels that ask for what is chosen need the same. */
  readonly onlyWith?: Feature;
}

/** The values that a label has in the series that are selected. */
export const labelValues = <L extends string>(
  selection: Selection<MetricType, L, number>,
  label: NoInfer<L>,
): LabelValues => ({ source: 'prometheus', selector: selectorText(selection), label });

/** The values that a label has in the streams that are selected. */
export const streamLabelValues = ({ text }: Lines<'unparsed'>, label: StreamLabel): LabelValues => ({
  source: 'loki',
  selector: text,
  label,
});

/** Each data source has a form of its own for it; there is no text that people could type into. */
const queryOf = ({ source, selector, label }: LabelValues): Readonly<Record<string, string | number>> => {
  // 1 stands for "label values" in both.
  if (source === 'prometheus')
    return {
      qryType: 1,
      query: `label_values(${selector}, ${label})`,
      refId: 'PrometheusVariableQueryEditor-VariableQuery',
    };
  return { type: 1, label, stream: selector, refId: 'LokiVariableQueryEditor-VariableQuery' };
};

/** Several values at a time, all at first, each escaped by Grafana. */
export const variable = ({ name, label, values }: Variable): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(dataSource(values.source))
    .query(queryOf(values))
    .multi(true)
    .includeAll(true)
    .allowCustomValue(false)
    .current({ selected: true, text: ['All'], value: ['$__all'] })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);

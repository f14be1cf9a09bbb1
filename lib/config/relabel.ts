/** One step of relabelling. @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
export interface Relabel {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: 'keep' | 'drop' | 'labelkeep' | 'labeldrop';
}

export const keep = (label: string, regex: string): Relabel => ({ source_labels: [label], regex, action: 'keep' });

export const drop = (label: string, regex: string): Relabel => ({ source_labels: [label], regex, action: 'drop' });

export const copy = (from: string, to: string): Relabel => ({ source_labels: [from], target_label: to });

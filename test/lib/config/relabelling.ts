import type { Relabel } from '../../../lib/config/relabel';

export type Labels = Readonly<Record<string, string>>;

/**
 * What Prometheus makes of the labels, or undefined when it drops them.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
 */
export const relabelled = (labels: Labels, steps: readonly Relabel[]): Labels | undefined => {
  let result: Labels = labels;
  for (const { source_labels = [], separator = ';', regex = '(.*)', action = 'replace', ...step } of steps) {
    const pattern = new RegExp(`^(?:${regex})$`, 's');
    const value = source_labels.map((label) => result[label] ?? '').join(separator);
    const matches = pattern.test(value);
    if ((action === 'keep' && !matches) || (action === 'drop' && matches)) return undefined;
    if (action === 'labelkeep') result = only(result, (label) => pattern.test(label));
    if (action === 'replace' && step.target_label !== undefined && matches)
      result = { ...result, [step.target_label]: value.replace(pattern, step.replacement ?? '$1') };
  }
  return only(result, (label) => result[label] !== '');
};

const only = (labels: Labels, wanted: (label: string) => boolean): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([label]) => wanted(label)));

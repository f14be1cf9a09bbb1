import type { DataSourceUid } from '../../lib/catalog/data-sources';

/** What Grafana puts into a query before it sends it. */
export interface Choices {
  /** Who is asked: each data source's plugin writes values in its own way. */
  readonly source: DataSourceUid;
  /** The values that are chosen of each variable. */
  readonly variables: Readonly<Record<string, readonly string[]>>;
  /** What `$__rate_interval` and its like stand for, as durations of PromQL and LogQL. */
  readonly rateInterval?: string;
  readonly range?: string;
  readonly interval?: string;
  /** Of LogQL: the interval in a query over time, the range in one of now. */
  readonly auto?: string;
}

const pattern = (value: string): string => value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]+?.()|]/g, '\\\\$&');

/** As its plugin does where `prometheusSpecialCharsInLabelValues` is on; else it leaves quotes as they are. */
const prometheusPattern = (value: string): string => pattern(value).replaceAll('"', '\\\\\\"').replaceAll("'", "\\\\'");

/**
 * The chosen values of a variable that may have several, as they stand between the quotes of a matcher.
 *
 * @see https://github.com/grafana/grafana/blob/v13.2.2/packages/grafana-prometheus/src/escaping.ts
 */
const written = (source: DataSourceUid, values: readonly string[]): string => {
  const [only = ''] = values;
  if (source === 'prometheus')
    return values.length === 1 ? prometheusPattern(only) : `(${values.map(prometheusPattern).join('|')})`;
  if (source === 'loki') return values.map(pattern).join('|');
  return values.length === 1 ? only : `{${values.join(',')}}`;
};

/** A text as Grafana sends it, with the values in the place of `$name` and `${name}`; a name that it does not know stays. */
export const interpolate = (
  text: string,
  { source, variables, rateInterval = '1m', range = '30m', interval = '1m', auto = interval }: Choices,
): string => {
  const values = new Map([
    ...Object.entries(variables).map(([name, chosen]) => [name, written(source, chosen)] as const),
    ['__rate_interval', rateInterval],
    ['__range', range],
    ['__interval', interval],
    ['__auto', auto],
  ]);
  return text.replaceAll(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced?: string, plain?: string) => values.get(braced ?? plain ?? '') ?? whole,
  );
};

import { parse } from '../lib/query/logql/parse';
import { nodesOf } from '../lib/query/tree';
import { interpolate } from '../harness/grafana-variables';
import { pointsOf, rateIntervalSeconds, stepSeconds } from '../harness/grafana-time';
import type { ShownAnnotation, ShownDashboard, ShownPanel, ShownTarget, ShownVariable } from './shown-dashboards';
import type { JaegerApi } from './jaeger-api';
import type { LokiApi, TimeRange } from './loki-api';
import type { PrometheusApi } from './prometheus-api';

/** What is chosen of each variable. */
export type Choices = Readonly<Record<string, readonly string[]>>;

/** Whom Grafana asks. */
export interface Sources {
  readonly prometheus: PrometheusApi;
  readonly loki: LokiApi;
  readonly jaeger: JaegerApi;
  readonly scrapeSeconds: number;
}

/** What there is to see of a question. */
export interface Answer {
  /** As it was asked, all filled in. */
  readonly question: string;
  /** Series that have a number, lines, traces or edges. */
  readonly count: number;
  /** The numbers of now, of series that have one. */
  readonly latest: readonly number[];
}

/** How far back dashboards look: no further than a run of the tests. */
const rangeSeconds = 300;

interface Times {
  readonly rangeSeconds: number;
  readonly step: number;
  readonly isInstant: boolean;
  readonly scrapeSeconds: number;
}

const windows = ({ rangeSeconds, step, isInstant, scrapeSeconds }: Times) => ({
  interval: `${step}s`,
  rateInterval: `${rateIntervalSeconds(step, scrapeSeconds)}s`,
  range: `${rangeSeconds}s`,
  auto: isInstant ? `${rangeSeconds}s` : `${step}s`,
});

const lately = (): TimeRange => ({ from: new Date(Date.now() - rangeSeconds * 1000), to: new Date() });

const seconds = (time: Date): number => time.getTime() / 1000;

interface Numbers {
  readonly values: readonly number[];
}

const ofSeries = (question: string, series: readonly Numbers[]): Answer => {
  // One that is nowhere a number draws nothing.
  const drawn = series.filter(({ values }) => values.some(Number.isFinite));
  const latest = drawn.map(({ values }) => values.findLast(Number.isFinite) ?? NaN);
  return { question, count: drawn.length, latest };
};

const ofSamples = (question: string, samples: readonly { readonly value: number }[]): Answer =>
  ofSeries(
    question,
    samples.map(({ value }) => ({ values: [value] })),
  );

/** PromQL as Grafana sends it for a panel so wide, and the seconds between two points of the answer. */
export const prometheusQuery = (
  { expr = '', instant: isInstant = false }: ShownTarget,
  { rangeSeconds, scrapeSeconds }: { readonly rangeSeconds: number; readonly scrapeSeconds: number },
  columns: number,
  choices: Choices,
): { readonly query: string; readonly step: number } => {
  const step = stepSeconds(rangeSeconds, pointsOf(columns), scrapeSeconds);
  const times = windows({ rangeSeconds, step, isInstant, scrapeSeconds });
  return { query: interpolate(expr, { source: 'prometheus', variables: choices, ...times }), step };
};

const askPrometheus = async (
  { prometheus, scrapeSeconds }: Sources,
  target: ShownTarget,
  columns: number,
  choices: Choices,
): Promise<Answer> => {
  const { instant: isInstant = false, exemplar = false } = target;
  const { query, step } = prometheusQuery(target, { rangeSeconds, scrapeSeconds }, columns, choices);
  if (exemplar) {
    const [found, { latest }] = [await prometheus.exemplars(query), ofSamples(query, await prometheus.query(query))];
    return { question: `exemplars of ${query}`, count: found.length, latest };
  }
  if (isInstant) return ofSamples(query, await prometheus.query(query));
  const { from, to } = lately();
  return ofSeries(query, await prometheus.range(query, { from: seconds(from), to: seconds(to), step }));
};

/** Numbers, in the place of lines. */
const isCount = (query: string): boolean => nodesOf(parse(query)).some(({ kind }) => kind === 'MetricExpr');

const askLoki = async (
  { loki, scrapeSeconds }: Sources,
  { expr = '', queryType, maxLines = 1000 }: ShownTarget,
  columns: number,
  choices: Choices,
): Promise<Answer> => {
  const isInstant = queryType === 'instant';
  const step = stepSeconds(rangeSeconds, pointsOf(columns), 1);
  const times = windows({ rangeSeconds, step, isInstant, scrapeSeconds });
  const query = interpolate(expr, { source: 'loki', variables: choices, ...times });
  if (!isCount(query)) {
    const lines = await loki.latest(query, lately(), maxLines);
    return { question: query, count: lines.length, latest: [] };
  }
  return isInstant
    ? ofSamples(query, await loki.vector(query))
    : ofSeries(query, await loki.range(query, lately(), step));
};

/** Tags as the plugin reads them: `key=value key="a value"`. */
const tagsIn = (logfmt: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...logfmt.matchAll(/([^\s=]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, key = '', quoted, bare = '']) => [
      key,
      quoted ?? bare,
    ]),
  );

/** @see https://github.com/grafana/grafana/blob/v13.2.2/pkg/tsdb/jaeger/client.go */
const askJaeger = async (
  { jaeger }: Sources,
  { queryType, service = '', tags = '', minDuration, limit = 20 }: ShownTarget,
  choices: Choices,
): Promise<Answer> => {
  const { from, to } = lately();
  if (queryType === 'dependencyGraph') {
    const parameters = { endTs: `${to.getTime()}`, lookback: `${rangeSeconds * 1000}` };
    const path = `/api/dependencies?${new URLSearchParams(parameters).toString()}`;
    return { question: path, count: (await jaeger.dependencies(path)).length, latest: [] };
  }
  const filledIn = (text: string): string => interpolate(text, { source: 'jaeger', variables: choices });
  const parameters = new URLSearchParams({
    service: filledIn(service),
    start: `${from.getTime() * 1000}`,
    end: `${to.getTime() * 1000}`,
    limit: `${limit}`,
    ...(tags !== '' && { tags: JSON.stringify(tagsIn(filledIn(tags))) }),
    ...(minDuration !== undefined && { minDuration }),
  });
  const path = `/api/traces?${parameters.toString()}`;
  return { question: path, count: (await jaeger.traces(path)).length, latest: [] };
};

/** What a target of a panel so wide answers, over the last minutes or of now, as Grafana would ask it. */
export const ask = (sources: Sources, target: ShownTarget, columns: number, choices: Choices): Promise<Answer> => {
  const { uid } = target.datasource;
  if (uid === 'prometheus') return askPrometheus(sources, target, columns, choices);
  if (uid === 'loki') return askLoki(sources, target, columns, choices);
  if (uid === 'jaeger') return askJaeger(sources, target, choices);
  throw new Error(`no panel of ours asks ${uid}`);
};

export const askAnnotation = async (
  { prometheus }: Sources,
  { expr, step }: ShownAnnotation,
  choices: Choices,
): Promise<Answer> => {
  const query = interpolate(expr, { source: 'prometheus', variables: choices });
  const { from, to } = lately();
  const steps = { from: seconds(from), to: seconds(to), step: Number(/^(\d+)s$/.exec(step)?.[1]) };
  return ofSeries(query, await prometheus.range(query, steps));
};

/** All that there is to choose of a variable. */
export const valuesOf = async (
  { prometheus, loki }: Pick<Sources, 'prometheus'> & Partial<Pick<Sources, 'loki'>>,
  { name, query, datasource: { uid } }: ShownVariable,
  choices: Choices,
): Promise<readonly string[]> => {
  if ('stream' in query) {
    const selector = interpolate(query.stream, { source: 'loki', variables: choices });
    return (await loki?.labelValues(query.label, selector)) ?? [];
  }
  const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(query.query) ?? [];
  if (uid !== 'prometheus' || selector === undefined || label === undefined)
    throw new Error(`$${name} asks ${uid} for ${query.query}, which is no label of series`);
  return prometheus.labelValues(label, interpolate(selector, { source: 'prometheus', variables: choices }));
};

/** "All" of each variable, one after the other, since some ask by what is chosen before. */
export const allChoices = async (sources: Sources, { variables }: ShownDashboard): Promise<Choices> => {
  let choices: Choices = {};
  for (const variable of variables) {
    const values = await valuesOf(sources, variable, choices);
    if (values.length === 0)
      throw new Error(`$${variable.name} has nothing to choose: ${JSON.stringify(variable.query)}`);
    choices = { ...choices, [variable.name]: values };
  }
  return choices;
};

/** The choices of each panel that stands there, where one is repeated for each value. */
export const repeated = ({ repeatedFor }: ShownPanel, choices: Choices): readonly Choices[] =>
  repeatedFor.reduce<readonly Choices[]>(
    (all, name) => all.flatMap((each) => (choices[name] ?? []).map((value) => ({ ...each, [name]: [value] }))),
    [choices],
  );

import { dashboardFilesOf } from '../charts/dashboard-files';
import { ruleGroupsOf } from '../charts/rule-files';
import type { Metric } from '../lib/catalog/metric';
import { production } from '../lib/profile/production';
import { dashboardUids, dashboards } from '../lib/catalog/dashboards';
import { prometheusQuery, repeated, valuesOf, type Choices } from '../test/e2e/dashboard-questions';
import { PrometheusApi } from '../test/e2e/prometheus-api';
import { dashboardOf, type ShownDashboard } from '../test/e2e/shown-dashboards';
import { answerOf, withDashboardStore, type DashboardStore } from './dashboard-store';
import { longestRange, metricsIn, recordedIn, withoutRecorded } from './raw-queries';
import type { Reading } from './rule-store/history';
import { table } from './table';

const hour = 3600;
const shownSeconds = 6 * hour;
/** Beyond what is shown, so that windows at its beginning are full. */
const earlierSeconds = hour / 2;
const storedSeconds = shownSeconds + earlierSeconds;

const { scrapeInterval, evaluationInterval } = production.prometheus;
const recorded = recordedIn(Object.values(ruleGroupsOf(production)).flat(), evaluationInterval);

const shown = dashboardUids.map((uid) => dashboardOf(uid, dashboardFilesOf(production)[uid]));

/** A query of a panel, with recorded series as it is or without. */
interface Asked {
  readonly panel: string;
  readonly query: string;
  /** Without recorded series; of a panel that is repeated, only the first is compared. */
  readonly raw: string | undefined;
  /** Of now, if there are no steps. */
  readonly step: number | undefined;
}

interface Cost {
  readonly seconds: number;
  readonly samples: number;
  readonly peakSamples: number;
}

/** What a query took, or why it was not answered. */
type Outcome = Cost | 'refused' | 'not asked';

interface Measured extends Asked {
  readonly cost: Outcome;
  readonly rawCost: Outcome;
}

interface Stats {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly errorType?: string;
  readonly data?: {
    readonly stats: { readonly samples: { readonly totalQueryableSamples: number; readonly peakSamples: number } };
  };
}

const ask = async ({ url, now }: DashboardStore, query: string, step: number | undefined): Promise<Outcome> => {
  // What it looks back for is not there.
  if (longestRange(query) > (step === undefined ? storedSeconds : earlierSeconds)) return 'not asked';
  const began = performance.now();
  const { status, error, errorType, data } =
    step === undefined
      ? await answerOf<Stats>(url, 'query', { query, time: `${now}`, stats: 'all' })
      : await answerOf<Stats>(url, 'query_range', {
          query,
          start: `${now - shownSeconds}`,
          end: `${now}`,
          step: `${step}`,
          stats: 'all',
        });
  if (errorType === 'timeout' || error?.includes('too many samples') === true) return 'refused';
  if (status === 'error' || data === undefined) throw new Error(`${query}: ${error}`);
  const { totalQueryableSamples: samples, peakSamples } = data.stats.samples;
  return { seconds: (performance.now() - began) / 1000, samples, peakSamples };
};

const choicesOf = async (prometheus: PrometheusApi, { variables }: ShownDashboard): Promise<Choices> => {
  let choices: Choices = {};
  for (const variable of variables.filter(({ datasource: { uid } }) => uid === 'prometheus'))
    choices = { ...choices, [variable.name]: await valuesOf({ prometheus }, variable, choices) };
  return choices;
};

const timing = { rangeSeconds: shownSeconds, scrapeSeconds: scrapeInterval.toSeconds() };

/** Every query that a dashboard asks of Prometheus when it is opened. */
const queriesOf = ({ panels }: ShownDashboard, choices: Choices): readonly Asked[] =>
  panels.flatMap((panel) =>
    repeated(panel, choices).flatMap((each, index) =>
      panel.targets
        .filter(({ datasource: { uid } }) => uid === 'prometheus')
        .map((target) => {
          const { query, step } = prometheusQuery(target, timing, panel.columns, each);
          const asked = { panel: panel.title, query, raw: index === 0 ? withoutRecorded(query, recorded) : undefined };
          return { ...asked, step: target.instant === true ? undefined : step };
        }),
    ),
  );

/** Every metric that dashboards or the rules that they rest on read. */
const readings = (): readonly Reading[] => {
  const texts = shown.flatMap(({ variables, panels }) => {
    const anything = Object.fromEntries(variables.map(({ name }) => [name, ['.+']]));
    return [
      ...variables.flatMap(({ query }) =>
        'query' in query ? query.query.replaceAll(/^label_values\(|, \w+\)$/g, '') : [],
      ),
      ...panels.flatMap(({ targets, columns }) =>
        targets
          .filter(({ datasource: { uid } }) => uid === 'prometheus')
          .map((target) => prometheusQuery(target, timing, columns, anything).query),
      ),
    ];
  });
  const metrics = new Set<Metric>([
    ...recorded.flatMap(({ rule }) => rule.expr.uses.map(({ metric }) => metric)),
    ...texts.flatMap(metricsIn),
  ]);
  return [...metrics]
    .filter(({ exposedBy }) => exposedBy !== 'rules')
    .map((metric) => ({ metric, window: storedSeconds }));
};

/** All queries of a dashboard, each asked once however often it is there. */
const measure = async (store: DashboardStore): Promise<readonly (readonly Measured[])[]> => {
  const prometheus = new PrometheusApi(store.url);
  const known = new Map<string, Outcome>();
  const costOf = async (query: string, step: number | undefined): Promise<Outcome> => {
    const key = `${step} ${query}`;
    const cost = known.get(key) ?? (await ask(store, query, step));
    known.set(key, cost);
    return cost;
  };
  const measured: Measured[][] = [];
  for (const dashboard of shown) {
    const its: Measured[] = [];
    for (const asked of queriesOf(dashboard, await choicesOf(prometheus, dashboard))) {
      const cost = await costOf(asked.query, asked.step);
      const rawCost = asked.raw === undefined ? 'not asked' : await costOf(asked.raw, asked.step);
      its.push({ ...asked, cost, rawCost });
    }
    measured.push(its);
  }
  return measured;
};

const isCost = (outcome: Outcome): outcome is Cost => typeof outcome === 'object';

const sum = (costs: readonly Outcome[], of: keyof Cost): number =>
  costs.filter(isCost).reduce((total, cost) => total + cost[of], 0);

const millions = (samples: number): string => (samples / 1e6).toFixed(2);

const ratioText = (raw: number, now: number): string => (now === 0 ? '-' : (raw / now).toFixed(1));

interface PanelCost {
  readonly dashboard: string;
  readonly panel: string;
  readonly seconds: number;
  readonly samples: number;
  readonly peakSamples: number;
}

const byPanel = (dashboard: string, measured: readonly Measured[]): readonly PanelCost[] =>
  [...new Set(measured.map(({ panel }) => panel))].map((panel) => {
    const costs = measured.filter((each) => each.panel === panel).map(({ cost }) => cost);
    const peak = Math.max(0, ...costs.filter(isCost).map(({ peakSamples }) => peakSamples));
    return { dashboard, panel, seconds: sum(costs, 'seconds'), samples: sum(costs, 'samples'), peakSamples: peak };
  });

const heaviest = (panels: readonly PanelCost[]): readonly PanelCost[] =>
  panels.toSorted((a, b) => b.seconds - a.seconds);

const rowOf = (title: string, measured: readonly Measured[]): readonly string[] => {
  const costs = measured.map(({ cost }) => cost);
  // Those that both answer.
  const both = measured.filter(({ cost, rawCost }) => isCost(cost) && isCost(rawCost));
  const [now, raw] = [both.map(({ cost }) => cost), both.map(({ rawCost }) => rawCost)];
  const count = (outcome: Outcome): string => `${measured.filter(({ rawCost }) => rawCost === outcome).length}`;
  const [slowest] = heaviest(byPanel(title, measured));
  return [
    `  ${title}`,
    `${measured.length}`,
    sum(costs, 'seconds').toFixed(2),
    millions(sum(costs, 'samples')),
    sum(raw, 'seconds').toFixed(2),
    millions(sum(raw, 'samples')),
    ratioText(sum(raw, 'seconds'), sum(now, 'seconds')),
    ratioText(sum(raw, 'samples'), sum(now, 'samples')),
    count('refused'),
    count('not asked'),
    slowest === undefined ? '' : `${slowest.panel} ${slowest.seconds.toFixed(2)} s`,
  ];
};

const mostShown = 12;

/** What one look at each dashboard costs Prometheus, with recorded series and without. */
export const dashboardQueries = async (podCounts: readonly number[]): Promise<void> => {
  const rows: (readonly string[])[] = [];
  const slowest: (readonly string[])[] = [];
  const read = readings();
  for (const pods of podCounts) {
    const stored = { pods, readings: read, recorded, seconds: storedSeconds };
    await withDashboardStore(stored, async (store) => {
      const measured = await measure(store);
      const titled = shown.map(({ uid }, index) => [dashboards[uid].title, measured[index] ?? []] as const);
      rows.push([`${pods} pods, ${store.series} series`], ...titled.map(([title, its]) => rowOf(title, its)));
      slowest.push(
        ...heaviest(titled.flatMap(([title, its]) => byPanel(title, its)))
          .slice(0, mostShown)
          .map(({ dashboard, panel, seconds, samples, peakSamples }) => [
            `${pods} pods: ${dashboard}: ${panel}`,
            seconds.toFixed(2),
            millions(samples),
            millions(peakSamples),
          ]),
      );
    });
  }
  console.log(`
One look at each dashboard over 6 hours, with all that there is to choose: what its queries cost a real Prometheus one
after the other, and what they would cost if each recorded series gave way to the expression of its rule, as far as
Prometheus answers that within its limits; asked once, the same question for several panels only once. Ratios are of
those that both answer. Of a panel that is repeated for each value the first is compared, and what looks back for more
than half an hour, as error budgets do, is not asked of raw series.
Millions of samples are those that the queries read.
Not covered: Loki and Jaeger, exemplars, annotations, several people at once, blocks on a disk: all is in the head.
`);
  console.log(
    table([
      [
        '',
        'queries',
        's',
        'M samples',
        'raw s',
        'raw M samples',
        'raw/now s',
        'raw/now samples',
        'refused',
        'not asked',
        'slowest panel',
      ],
      ...rows,
    ]),
  );
  console.log('\nThe slowest panels, as they are.\n');
  console.log(table([['', 's', 'M samples', 'M at once'], ...slowest]));
};

import { Duration } from 'cdk8s';
import { alertFacts, type AlertName } from '../../lib/catalog/alerts';
import { isLonger } from '../../lib/units/duration';
import { production } from '../../lib/profile/production';
import type { WatchedAlert } from './alert-rules';
import type { AlertScenarios, Firing, Scenario, Series } from './scenario';

/** A series as it comes to Prometheus, by Unix time. */
export interface Input {
  readonly selector: string;
  readonly at: (clock: number) => number | undefined;
}

/** What Prometheus sends to Alertmanager. */
export interface Sent {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What is expected, at moments that are seconds from the beginning. */
export type Check =
  /** Exactly this is sent. */
  | { readonly at: number; readonly sent: readonly Sent[] }
  /** These fire, with whatever values in their texts. */
  | { readonly at: number; readonly labels: readonly Sent['labels'][] }
  /** Nothing fires, from one evaluation to another. */
  | { readonly silentFrom: number; readonly to: number };

export interface Case {
  readonly name: string;
  readonly series: readonly Input[];
  readonly checks: readonly Check[];
}

/** How samples and evaluations follow each other, in seconds. */
export interface Pace {
  readonly evaluation: number;
  readonly sample: number;
}

const seconds = (duration: Duration): number => duration.toSeconds();
const longest = (...durations: readonly Duration[]): Duration => durations.reduce((a, b) => (isLonger(b, a) ? b : a));
const sum = (...durations: readonly Duration[]): Duration =>
  Duration.millis(durations.reduce((total, each) => total + each.toMilliseconds(), 0));

/** With what every alert has, from the catalog. */
const sent = (name: AlertName, { labels, summary, description }: Firing): Sent => {
  const { severity, dashboard } = alertFacts(name);
  const { service = '' } = labels;
  const { grafana, runbooks } = production.links;
  const hasLogs = !['nodes', 'database'].includes(service);
  return {
    labels: { severity, ...labels },
    annotations: {
      summary,
      description,
      runbook_url: `${runbooks}/${name}.md`,
      dashboard_url: `${grafana}/d/${dashboard}?var-service=${service}`,
      ...(hasLogs && { logs_url: `${grafana}/d/logs?var-service=${service}` }),
    },
  };
};

const asItIs = ({ selector, shape }: Series): Input => ({ selector, at: (clock) => shape(clock, clock) });

/** With its counters at 0 again from that moment on, as after a restart that nobody saw. */
const resetAt =
  (moment: number) =>
  ({ selector, counts, shape }: Series): Input => ({
    selector,
    at: (clock) => {
      const value = shape(clock, clock);
      return counts && clock >= moment && value !== undefined ? value - (shape(moment, moment) ?? 0) : value;
    },
  });

/** Gone with its target, and begun anew with the next. */
const goneBetween =
  (from: number, to: number) =>
  ({ selector, shape }: Series): Input => ({
    selector,
    at: (clock) => {
      if (clock < from) return shape(clock, clock);
      return clock < to ? undefined : shape(clock - to, clock);
    },
  });

const quarter = Duration.minutes(15);

/** How long a scenario is watched that does not say so itself. */
const watched = ({ lasts }: Scenario, { reach, wait }: WatchedAlert): Duration =>
  lasts ?? longest(Duration.minutes(30), sum(reach, wait, Duration.minutes(5)));

export const paceOf = (scenarios: AlertScenarios, alert: WatchedAlert): Pace => {
  const all = [scenarios.fires, scenarios.silent, scenarios.resolved ?? {}].flatMap((each) => Object.values(each));
  const most = longest(Duration.minutes(30), ...all.map((each) => watched(each, alert)));
  const every = scenarios.every ?? (isLonger(most, Duration.hours(2)) ? Duration.minutes(1) : Duration.seconds(15));
  return { evaluation: seconds(every), sample: Math.min(seconds(every), 60) };
};

/** What the scenarios say, word by word. */
export const writtenCases = (name: AlertName, scenarios: AlertScenarios, alert: WatchedAlert): readonly Case[] => {
  const { evaluation } = paceOf(scenarios, alert);
  const wait = seconds(alert.wait);
  const fires = Object.entries(scenarios.fires).map(([title, scenario]): Case => {
    const end = seconds(watched(scenario, alert));
    return {
      name: `fires ${title}`,
      series: scenario.series.map(asItIs),
      checks: [
        // Whatever happens, it waits first.
        ...(wait > evaluation ? [{ silentFrom: 0, to: wait - evaluation }] : []),
        { at: end, sent: scenario.firing.map((each) => sent(name, each)) },
      ],
    };
  });
  const silent = Object.entries(scenarios.silent).map(([title, scenario]): Case => ({
    name: `is silent ${title}`,
    series: scenario.series.map(asItIs),
    checks: [{ silentFrom: 0, to: seconds(watched(scenario, alert)) }],
  }));
  const resolved = Object.entries(scenarios.resolved ?? {}).map(([title, scenario]): Case => {
    const end = seconds(watched(scenario, alert));
    return {
      name: `fires no more ${title}`,
      series: scenario.series.map(asItIs),
      checks: [{ at: end, sent: [] }],
    };
  });
  return [...fires, ...silent, ...resolved];
};

/** What follows for every alert: no data, counters that are reset, targets that go and come back. */
export const derivedCases = (
  name: AlertName,
  { withoutData = [], ...scenarios }: AlertScenarios,
  alert: WatchedAlert,
): readonly Case[] => {
  const { evaluation } = paceOf(scenarios, alert);
  const absent = withoutData.map((each) => sent(name, each));
  const reach = seconds(alert.reach);
  /** In the middle of the last window; or before a counter that begins with its first event, which it would forget. */
  const resetIn = ({ series }: Scenario, end: number): number => {
    const begins = series.some(({ counts, shape }) => counts && shape(0, 0) === undefined);
    return end - Math.min(reach > 0 && !begins ? reach : end, end) / 2;
  };
  const settled = seconds(scenarios.settles ?? alert.reach) + evaluation;
  const noData = ((end: number): Case => {
    const checks = absent.length > 0 ? [{ at: end, sent: absent }] : [{ silentFrom: 0, to: end }];
    return { name: absent.length > 0 ? 'without data fires' : 'without data is silent', series: [], checks };
  })(seconds(watched({ series: [] }, alert)));

  const fires = Object.entries(scenarios.fires).flatMap(([title, scenario]): readonly Case[] => {
    const end = seconds(watched(scenario, alert));
    const firing = scenario.firing.map((each) => sent(name, each));
    const counts = scenario.series.some((each) => each.counts);
    // Until nothing of what was can be seen, and an alert about what is absent has waited.
    const goneFor = seconds(longest(quarter, sum(alert.reach, alert.wait, Duration.minutes(5))));
    return [
      ...(counts
        ? [
            {
              name: `fires ${title}, after its counters were reset`,
              series: scenario.series.map(resetAt(resetIn(scenario, end))),
              // What was counted between the last sample and the reset is lost.
              checks: [{ at: end, labels: firing.map(({ labels }) => labels) }],
            },
          ]
        : []),
      {
        name: `fires ${title}; not while its targets are gone, and again when they are back`,
        series: scenario.series.map(goneBetween(end, end + goneFor)),
        checks: [
          ...(absent.length > 0
            ? [{ at: end + goneFor - evaluation, sent: absent }]
            : [{ silentFrom: end + reach + evaluation, to: end + goneFor - evaluation }]),
          { at: end + goneFor + end, sent: firing },
        ],
      },
    ];
  });

  const silent = Object.entries(scenarios.silent).flatMap(([title, scenario]): readonly Case[] => {
    const end = seconds(watched(scenario, alert));
    const counts = scenario.series.some((each) => each.counts);
    const waited = absent.length > 0 ? sum(alert.wait, Duration.minutes(5)) : quarter;
    const goneFor = seconds(longest(quarter, waited, scenarios.gap ?? quarter));
    return [
      ...(counts
        ? [
            {
              name: `is silent ${title}, after its counters were reset`,
              series: scenario.series.map(resetAt(resetIn(scenario, end))),
              checks: [{ silentFrom: 0, to: end }],
            },
          ]
        : []),
      {
        name: `is silent ${title}, with its targets gone and back`,
        series: scenario.series.map(goneBetween(end, end + goneFor)),
        checks:
          absent.length > 0
            ? [
                { silentFrom: 0, to: end - evaluation },
                { at: end + goneFor - evaluation, labels: absent.map(({ labels }) => labels) },
                { silentFrom: end + goneFor + settled, to: end + goneFor + end },
              ]
            : [{ silentFrom: 0, to: end + goneFor + end }],
      },
    ];
  });
  return [noData, ...fires, ...silent];
};

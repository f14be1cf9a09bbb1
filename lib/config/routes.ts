import { Duration } from 'cdk8s';
import { alertFacts, alertNames } from '../catalog/alerts';
import { severities, type AlertTimings, type ReceiverRole, type RouteTimings } from '../catalog/receivers';
import { quoted } from '../query/text';
import { prometheusDuration } from '../units/duration';

/** A condition on one label of an alert; a label that it lacks is empty. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** As Alertmanager reads it, in its strict mode too. */
export const matcherText = ({ label, operator, value }: Matcher): string => `${label}${operator}${quoted(value)}`;

/** Where alerts go: to the first of `routes` that takes them, else to `receiver`. What is left out, it inherits. */
export interface Route {
  readonly receiver: string;
  readonly matchers: readonly Matcher[];
  /** What it takes goes on to the routes after it, as if it had not. */
  readonly goesOn?: true;
  readonly timings?: RouteTimings;
  readonly routes?: readonly Route[];
}

/** Alerts that agree in these come in one notification. */
export const groupLabels = ['cluster', 'service'] as const;

/** Part of a duration, in whole milliseconds. */
const part = (duration: Duration, share: number): Duration =>
  Duration.millis(Math.floor(duration.toMilliseconds() * share));

const timingsOf = (role: ReceiverRole, { page, team, deadManInterval }: AlertTimings): RouteTimings =>
  ({
    page,
    team,
    'dead-man': {
      groupWait: Duration.seconds(0),
      // What is due is sent at the next of these instants. A repetition due exactly then would miss it by the time that
      // the last one took to send, and wait for another: so it is due a little earlier.
      groupInterval: part(deadManInterval, 1 / 3),
      repeatInterval: part(deadManInterval, 5 / 6),
    },
  })[role];

/** A branch for each alert that tells somebody beside those of its severity, to whose branch it goes on. */
const moreToTell = (timings: AlertTimings): readonly Route[] =>
  alertNames.flatMap((alertname) => {
    const { alsoTells: receiver } = alertFacts(alertname);
    const matchers: readonly Matcher[] = [{ label: 'alertname', operator: '=', value: alertname }];
    return receiver === undefined ? [] : [{ receiver, matchers, goesOn: true, timings: timingsOf(receiver, timings) }];
  });

/** A branch for each severity. What has none that is known goes to the team: somebody sees it. */
export const routeTree = (timings: AlertTimings): Route => ({
  receiver: 'team' satisfies ReceiverRole,
  matchers: [],
  timings: timings.team,
  routes: [
    ...moreToTell(timings),
    ...Object.entries(severities).map(([severity, receiver]): Route => ({
      receiver,
      matchers: [{ label: 'severity', operator: '=', value: severity }],
      ...(receiver !== 'nobody' && { timings: timingsOf(receiver, timings) }),
    })),
  ],
});

/** @see https://prometheus.io/docs/alerting/latest/configuration/#route */
export interface RouteConfig {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly continue?: true;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly routes?: readonly RouteConfig[];
}

const branchConfig = ({ receiver, matchers, goesOn, timings, routes = [] }: Route): RouteConfig => ({
  receiver,
  ...(matchers.length > 0 && { matchers: matchers.map(matcherText) }),
  ...(goesOn && { continue: true }),
  ...(timings && {
    group_wait: prometheusDuration(timings.groupWait),
    group_interval: prometheusDuration(timings.groupInterval),
    repeat_interval: prometheusDuration(timings.repeatInterval),
  }),
  ...(routes.length > 0 && { routes: routes.map(branchConfig) }),
});

export const routeConfig = (root: Route): RouteConfig => {
  const { receiver, ...rest } = branchConfig(root);
  return { receiver, group_by: groupLabels, ...rest };
};

type Labels = Readonly<Record<string, string>>;

const takes = ({ label, operator, value }: Matcher, labels: Labels): boolean => {
  const found = labels[label] ?? '';
  const holds = operator.endsWith('~') ? new RegExp(`^(?:${value})$`, 's').test(found) : found === value;
  return holds !== operator.startsWith('!');
};

/** The routes that an alert with these labels ends in, found as Alertmanager finds them; the receiver of each is told. */
export const routesOf = (root: Route, labels: Labels): readonly Route[] => {
  const taking = (root.routes ?? []).filter(({ matchers }) => matchers.every((matcher) => takes(matcher, labels)));
  const last = taking.findIndex(({ goesOn }) => !goesOn);
  const branches = last < 0 ? taking : taking.slice(0, last + 1);
  return branches.length === 0 ? [root] : branches.flatMap((branch) => routesOf(branch, labels));
};

import type { Duration } from 'cdk8s';

/** What an alert asks of people, and so which receiver hears of it. */
export const severities = {
  /** Users suffer now: somebody is woken. */
  critical: 'page',
  /** It will hurt unless somebody looks in working hours. */
  warning: 'team',
  /** For those who look at it anyway: nobody is told. */
  info: 'nobody',
  /** Always fires; whoever receives it raises the alarm when it stops. */
  none: 'dead-man',
} as const;

export type Severity = keyof typeof severities;

/** Who is told. `nobody` takes no settings: what reaches it is dropped on purpose. */
export type ReceiverRole = Exclude<(typeof severities)[Severity], 'nobody'>;

/** How long Alertmanager remembers what it sent and what is silenced. */
export const notificationMemoryHours = 120;

/** When those who are told hear of the alerts of one service. */
export interface RouteTimings {
  /** From the first alert on, for others to join it in one notification. */
  readonly groupWait: Duration;
  /** Between notifications while alerts come and go. */
  readonly groupInterval: Duration;
  /** Until they hear again of what did not change. */
  readonly repeatInterval: Duration;
}

export interface AlertTimings {
  readonly page: RouteTimings;
  readonly team: RouteTimings;
  /** How often the dead man hears that all of this works. */
  readonly deadManInterval: Duration;
}

/** How one of them is told. A secret is a reference in a profile, and a file where Alertmanager reads it. */
export type Receiver<Secret> =
  | { readonly kind: 'pagerduty'; readonly routingKey: Secret }
  | { readonly kind: 'slack'; readonly webhookUrl: Secret; readonly channel: string }
  | {
      readonly kind: 'email';
      readonly to: string;
      readonly from: string;
      /** Mail server as `host:port`. */
      readonly smarthost: string;
      readonly login: { readonly username: string; readonly password: Secret } | 'none';
    }
  | { readonly kind: 'webhook'; readonly url: Secret }
  | { readonly kind: 'opsgenie'; readonly apiKey: Secret }
  /** Nobody is told: alerts are seen in Alertmanager's own interface alone. */
  | { readonly kind: 'interface-only' };

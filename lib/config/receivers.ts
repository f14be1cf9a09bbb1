import type { Receiver, ReceiverRole } from '../catalog/receivers';

/** Every secret of a receiver replaced, told by the name of its field as a file would spell it. */
const withSecrets = <From, To>(
  receiver: Receiver<From>,
  replace: (secret: From, field: string) => To,
): Receiver<To> => {
  switch (receiver.kind) {
    case 'pagerduty':
      return { ...receiver, routingKey: replace(receiver.routingKey, 'routing-key') };
    case 'slack':
      return { ...receiver, webhookUrl: replace(receiver.webhookUrl, 'webhook-url') };
    case 'email': {
      const { login } = receiver;
      return {
        ...receiver,
        login: login === 'none' ? login : { ...login, password: replace(login.password, 'password') },
      };
    }
    case 'webhook':
      return { ...receiver, url: replace(receiver.url, 'url') };
    case 'opsgenie':
      return { ...receiver, apiKey: replace(receiver.apiKey, 'api-key') };
    case 'interface-only':
      return receiver;
  }
};

export type Receivers<Secret> = Readonly<Record<ReceiverRole, Receiver<Secret>>>;

const fileName = (role: ReceiverRole, field: string): string => `${role}-${field}`;

/** The same receivers, whose secrets are files of a directory. */
export const withSecretFiles = <Secret>(receivers: Receivers<Secret>, directory: string): Receivers<string> => {
  const inFiles = (role: ReceiverRole): Receiver<string> =>
    withSecrets(receivers[role], (_, field) => `${directory}/${fileName(role, field)}`);
  return { page: inFiles('page'), team: inFiles('team'), 'dead-man': inFiles('dead-man') };
};

/** The files of that directory, and what is in each. */
export const secretFiles = <Secret>(receivers: Receivers<Secret>): Readonly<Record<string, Secret>> => {
  const files: Record<string, Secret> = {};
  for (const [role, receiver] of Object.entries(receivers) as [ReceiverRole, Receiver<Secret>][])
    withSecrets(receiver, (secret, field) => (files[fileName(role, field)] = secret));
  return files;
};

interface PagerdutyConfig {
  readonly send_resolved: boolean;
  readonly routing_key_file: string;
  readonly description: string;
  readonly severity: string;
  readonly class: string;
  readonly component: string;
  readonly group: string;
  readonly client: string;
  readonly client_url: string;
  readonly details: { readonly firing: string; readonly resolved: string };
  readonly links: readonly { readonly text: string; readonly href: string }[];
}

interface SlackConfig {
  readonly send_resolved: boolean;
  readonly api_url_file: string;
  readonly channel: string;
  readonly color: string;
  readonly title: string;
  readonly title_link: string;
  readonly fallback: string;
  readonly text: string;
}

interface EmailConfig {
  readonly send_resolved: boolean;
  readonly to: string;
  readonly from: string;
  readonly smarthost: string;
  readonly require_tls: true;
  readonly auth_username?: string;
  readonly auth_password_file?: string;
  readonly headers: { readonly Subject: string };
  readonly text: string;
  readonly html: string;
}

interface WebhookConfig {
  readonly send_resolved: boolean;
  readonly url_file: string;
  readonly max_alerts: number;
}

interface OpsgenieConfig {
  readonly send_resolved: boolean;
  readonly api_key_file: string;
  readonly message: string;
  readonly description: string;
  readonly source: string;
  readonly entity: string;
  readonly priority: string;
}

/** A receiver as Alertmanager's file has it; without any of these it tells nobody. */
export interface ReceiverConfig {
  readonly name: string;
  readonly pagerduty_configs?: readonly PagerdutyConfig[];
  readonly slack_configs?: readonly SlackConfig[];
  readonly email_configs?: readonly EmailConfig[];
  readonly webhook_configs?: readonly WebhookConfig[];
  readonly opsgenie_configs?: readonly OpsgenieConfig[];
}

/** A template of `notifications.tmpl`, filled in from the notification. */
const filled = (template: string): string => `{{ template "notification.${template}" . }}`;

/** The value of an annotation where all alerts of the notification agree in it, else nothing. */
const common = (annotation: string): string => `{{ .CommonAnnotations.${annotation} }}`;

/** Alerts in one call of a webhook; those beyond are counted in it. */
const maxWebhookAlerts = 100;

/**
 * Pure. Whoever hears of an alert hears of its end; not so the dead man, who counts what he hears.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
 */
export const receiverConfig = (role: ReceiverRole, receiver: Receiver<string>): ReceiverConfig => {
  const send_resolved = role !== 'dead-man';
  switch (receiver.kind) {
    case 'pagerduty':
      return {
        name: role,
        pagerduty_configs: [
          {
            send_resolved,
            routing_key_file: receiver.routingKey,
            description: filled('title'),
            severity: filled('severity'),
            class: filled('names'),
            component: '{{ .GroupLabels.service }}',
            group: '{{ .GroupLabels.cluster }}',
            client: 'Alertmanager',
            client_url: filled('url'),
            details: { firing: filled('firing'), resolved: filled('resolved') },
            // One without an address is left out.
            links: [
              { text: 'Runbook', href: common('runbook_url') },
              { text: 'Dashboard', href: common('dashboard_url') },
              { text: 'Logs', href: common('logs_url') },
            ],
          },
        ],
      };
    case 'slack':
      return {
        name: role,
        slack_configs: [
          {
            send_resolved,
            api_url_file: receiver.webhookUrl,
            channel: receiver.channel,
            color: filled('color'),
            title: filled('title'),
            title_link: filled('url'),
            fallback: filled('title'),
            // A button for a link would have to be there for every alert; the text has what each alert has.
            text: filled('slack'),
          },
        ],
      };
    case 'email':
      return {
        name: role,
        email_configs: [
          {
            send_resolved,
            to: receiver.to,
            from: receiver.from,
            smarthost: receiver.smarthost,
            require_tls: true,
            ...(receiver.login !== 'none' && {
              auth_username: receiver.login.username,
              auth_password_file: receiver.login.password,
            }),
            headers: { Subject: filled('title') },
            text: filled('text'),
            html: filled('html'),
          },
        ],
      };
    case 'webhook':
      return {
        name: role,
        webhook_configs: [{ send_resolved, url_file: receiver.url, max_alerts: maxWebhookAlerts }],
      };
    case 'opsgenie':
      return {
        name: role,
        opsgenie_configs: [
          {
            send_resolved,
            api_key_file: receiver.apiKey,
            message: filled('title'),
            description: filled('text'),
            source: filled('url'),
            entity: '{{ .GroupLabels.service }}',
            priority: filled('priority'),
          },
        ],
      };
    case 'interface-only':
      return { name: role };
  }
};

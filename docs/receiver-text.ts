import type { Receiver } from '../lib/catalog/receivers';

/** Where a receiver is told, for people to read. */
export const receiverText = (receiver: Receiver<unknown>): string => {
  switch (receiver.kind) {
    case 'pagerduty':
      return 'PagerDuty';
    case 'slack':
      return `Slack, \`${receiver.channel}\``;
    case 'email':
      return `mail to ${receiver.to}`;
    case 'webhook':
      return 'a webhook';
    case 'opsgenie':
      return 'Opsgenie';
    case 'interface-only':
      return 'nobody: seen in Alertmanager alone';
  }
};

import type { ReceiverRole } from '../catalog/receivers';
import { checkEndpoint, checkHostPort, checkOpenPort, checkSecret, type Problems } from './check-value';
import type { AlertmanagerProfile, SecretRef } from './profile';

type ProfileReceiver = AlertmanagerProfile['receivers'][ReceiverRole];

function* checkChannel(path: string, channel: string): Problems {
  if (!/^(#[^\s#,A-Z]{1,80}|[CG][A-Z0-9]{8,})$/.test(channel))
    yield {
      path,
      value: JSON.stringify(channel),
      fix: "name a channel as #alerts, in small letters, or by Slack's id, as in C0123456789",
    };
}

function* checkAddress(path: string, address: string): Problems {
  if (!/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(address))
    yield { path, value: JSON.stringify(address), fix: 'write one e-mail address, as in oncall@example.org' };
}

function* checkUsername(path: string, username: string): Problems {
  if (username.trim() === '')
    yield { path, value: JSON.stringify(username), fix: "name the user, or let login be 'none'" };
}

/** Where PagerDuty, Slack and Opsgenie are called. */
const httpsPort = 443;

function* checkReceiver(path: string, receiver: ProfileReceiver, network: AlertmanagerProfile['network']): Problems {
  const secret = (field: string, ref: SecretRef): Problems => checkSecret(`${path}.${field}`, ref);
  const overHttps = (): Problems => checkOpenPort(`${path}.kind`, receiver.kind, httpsPort, network);
  switch (receiver.kind) {
    case 'pagerduty':
      yield* overHttps();
      yield* secret('routingKey', receiver.routingKey);
      return;
    case 'slack':
      yield* overHttps();
      yield* secret('webhookUrl', receiver.webhookUrl);
      yield* checkChannel(`${path}.channel`, receiver.channel);
      return;
    case 'email':
      yield* checkAddress(`${path}.to`, receiver.to);
      yield* checkAddress(`${path}.from`, receiver.from);
      yield* checkHostPort(`${path}.smarthost`, receiver.smarthost, network, 'smtp.example.org:587');
      if (receiver.login === 'none') return;
      yield* checkUsername(`${path}.login.username`, receiver.login.username);
      yield* secret('login.password', receiver.login.password);
      return;
    case 'webhook':
      yield* secret('url', receiver.url);
      return;
    case 'opsgenie':
      yield* overHttps();
      yield* secret('apiKey', receiver.apiKey);
      return;
    case 'interface-only':
  }
}

export function* checkReceivers(path: string, { receivers, network }: AlertmanagerProfile): Problems {
  const all = Object.entries(receivers);
  for (const [role, receiver] of all) yield* checkReceiver(`${path}.receivers.${role}`, receiver, network);
  const deadMan = receivers['dead-man'].kind;
  if (deadMan !== 'webhook' && deadMan !== 'interface-only')
    yield {
      path: `${path}.receivers.dead-man.kind`,
      value: deadMan,
      fix: "he hears that all is well every minute, and raises the alarm when he does not: name a webhook of a service that does so, or 'interface-only'",
    };
  const [told] = all.filter(([, { kind }]) => kind !== 'interface-only').map(([role]) => role);
  if (network === 'none' && told !== undefined)
    yield {
      path: `${path}.network`,
      value: network,
      fix: `the receiver ${told} could not be reached: give address ranges and ports`,
    };
  if (network !== 'none') {
    yield* checkEndpoint(`${path}.network`, network);
    if (told === undefined)
      yield {
        path: `${path}.network`,
        value: network.cidrs.join(', '),
        fix: "no receiver is called: let it be 'none', so that nothing is opened",
      };
  }
}

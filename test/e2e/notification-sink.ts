import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../harness/at-end';

/** An alert as a webhook is told of it. */
export interface NotifiedAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export interface Notification {
  /** The receiver by its path at the sink. */
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly NotifiedAlert[];
}

/** In the place of those who are told: keeps what it receives, in order. */
export interface NotificationSink {
  readonly urlOf: (receiver: string) => string;
  /** What came so far for a receiver. */
  readonly of: (receiver: string) => readonly Notification[];
  /** Whether it takes what comes from now on; what it does not take is not kept. */
  readonly take: (isTaken: boolean) => void;
}

export const startNotificationSink = async (): Promise<NotificationSink> => {
  const received: Notification[] = [];
  let isTaken = true;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => {
        if (!isTaken) {
          response.writeHead(400).end();
          return;
        }
        const body = JSON.parse(Buffer.concat(parts).toString()) as Notification;
        received.push({ ...body, receiver: (request.url ?? '').slice(1) });
        response.writeHead(200).end();
      });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (receiver) => `http://127.0.0.1:${port}/${receiver}`,
    of: (receiver) => received.filter((notification) => notification.receiver === receiver),
    take: (is) => {
      isTaken = is;
    },
  };
};

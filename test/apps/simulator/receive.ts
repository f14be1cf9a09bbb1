import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly requests: readonly Received[];
  readonly close: () => Promise<void>;
}

/** A server that gives every request the same answer, or none, and remembers what came. */
export const receive = async (status: number | 'never', answer = ''): Promise<Receiver> => {
  const requests: Received[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const body = Buffer.concat(chunks).toString('latin1');
        requests.push({ path: message.url ?? '', headers: message.headers, body });
        if (status !== 'never') response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

const listen = async (host: string) => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  return server;
};

/** Ports on which nothing listens, all different. Any 127.x.y.z may be the host: each has ports of its own. */
export const freePorts = async (count: number, host = '127.0.0.1'): Promise<readonly number[]> => {
  // All are held before the first is let go, or the same one could be given twice.
  const servers = await Promise.all(Array.from({ length: count }, () => listen(host)));
  return servers.map((server) => {
    const { port } = server.address() as AddressInfo; // of a TCP server, it is no string
    server.close();
    return port;
  });
};

import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { ClusterPod, Phase } from './cluster';
import { plainPod } from './plain-pod';
import type { Stack } from './stack';

export interface StrangerProps {
  readonly name: string;
  /** What it answers on `path`. */
  readonly page: RequestListener;
  /** Where it listens; 9999 by default. */
  readonly port?: number;
  /** /metrics by default. */
  readonly path?: string;
  /** Overrides the annotations that ask for exactly that to be scraped. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly phase?: Phase;
}

export interface Stranger {
  readonly pod: ClusterPod;
  readonly url: string;
  /** How often it was asked. */
  readonly visits: () => number;
  readonly remove: () => Promise<void>;
}

/** Answers with metrics in the text format. */
export const exposing =
  (text: string | (() => string)): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(typeof text === 'string' ? text : text());
  };

/** A pod of the application's namespace that is none of ours, and what answers at its address. */
export const addStranger = async ({ cluster, profile }: Stack, props: StrangerProps): Promise<Stranger> => {
  const { name, page, port = 9999, path = '/metrics', labels, phase } = props;
  const namespace = profile.namespaces.application;
  const annotations = props.annotations ?? {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': `${port}`,
    'prometheus.io/path': path,
  };
  // Two ports, so that discovery finds the pod twice.
  const ports = [
    { name: 'metrics', containerPort: port },
    { name: 'other', containerPort: port + 1 },
  ];
  const pod = await cluster.addPod({ pod: plainPod({ name, namespace, labels, annotations, ports }), phase });

  let visits = 0;
  const server: Server = createServer((request, response) => {
    visits += 1;
    if (request.url === path) page(request, response);
    else response.writeHead(404).end();
  });
  await once(server.listen(port, pod.address), 'listening');
  return {
    pod,
    url: `http://${pod.address}:${port}${path}`,
    visits: () => visits,
    remove: async () => {
      server.closeAllConnections();
      server.close();
      await cluster.deletePod(pod);
    },
  };
};

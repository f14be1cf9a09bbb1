import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../../harness/at-end';

/** Value of a series at a moment, in seconds since the epoch; `undefined` where it has none. */
export type ValueOf = (metric: string, service: string, seconds: number) => number | undefined;

export interface FakePrometheus {
  readonly url: string;
  /** Path and parameters of every question so far. */
  readonly asked: readonly { readonly path: string; readonly parameters: URLSearchParams }[];
  /** What it knows from now on; or that it refuses every question, or answers with something else. */
  know(what: ValueOf | 'refuses' | 'no JSON'): void;
}

const text = (value: number): string =>
  Number.isFinite(value) || Number.isNaN(value) ? `${value}` : value > 0 ? '+Inf' : '-Inf';

/** Answers the two questions of the detector as Prometheus' API does, by a clock of its own. */
export const fakePrometheus = async (known: ValueOf, now: () => number): Promise<FakePrometheus> => {
  let knows: ValueOf | 'refuses' | 'no JSON' = known;
  const asked: { path: string; parameters: URLSearchParams }[] = [];

  const result = (valueOf: ValueOf, path: string, parameters: URLSearchParams): readonly object[] => {
    const [, metric = '', services = ''] = /^([\w:]+)\{service=~"([^"]+)"\}$/.exec(parameters.get('query') ?? '') ?? [];
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(parameters.get(name)));
    const ranged = path === '/api/v1/query_range' && start !== undefined && end !== undefined && step !== undefined;
    const times = ranged
      ? Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step)
      : [now()];
    return services.split('|').flatMap((service) => {
      const samples = times.flatMap((seconds) => {
        const value = valueOf(metric, service, seconds);
        return value === undefined ? [] : [[seconds, text(value)]];
      });
      if (samples.length === 0) return [];
      return [{ metric: { __name__: metric, service }, ...(ranged ? { values: samples } : { value: samples[0] }) }];
    });
  };

  const server = createServer((message, response) => {
    const { pathname, searchParams } = new URL(message.url ?? '', 'http://prometheus');
    asked.push({ path: pathname, parameters: searchParams });
    if (knows === 'no JSON') response.end('<html>');
    else if (knows === 'refuses') response.writeHead(503).end('{"status":"error","error":"starting up"}');
    else response.end(JSON.stringify({ status: 'success', data: { result: result(knows, pathname, searchParams) } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    know: (what) => {
      knows = what;
    },
  };
};

import { portOf } from '../../lib/catalog/components';
import { monitoring } from './cluster';
import { forward } from './forward';

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

export interface Target {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Exemplars {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>>; readonly timestamp: number }[];
}

/** Prometheus' HTTP API. */
export interface PrometheusApi {
  readonly url: string;
  readonly query: (expr: string, time?: number) => Promise<readonly Series[]>;
  /** What the series of a selector bear as examples, of the last five minutes. */
  readonly exemplars: (selector: string) => Promise<readonly Exemplars[]>;
  readonly targets: () => Promise<readonly Target[]>;
  /** The configuration that it runs with. */
  readonly config: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Reaches Prometheus as the guide does, on whatever local port is free; one replica, where it matters which. */
export const forwardPrometheus = async (address = 'svc/prometheus'): Promise<PrometheusApi> => {
  const { url, stop } = await forward(monitoring, address, portOf('prometheus', 'http'), '/-/ready');
  const get = async (path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const { data, error } = (await response.json()) as { data: unknown; error?: string };
    if (error !== undefined) throw new Error(`${path}: ${error}`);
    return data;
  };
  return {
    url,
    query: async (query, time) => {
      const { result } = (await get('query', { query, ...(time && { time: `${time}` }) })) as { result: Series[] };
      return result;
    },
    exemplars: async (query) => {
      const now = Date.now() / 1000;
      return (await get('query_exemplars', { query, start: `${now - 300}`, end: `${now}` })) as Exemplars[];
    },
    targets: async () => {
      const { activeTargets } = (await get('targets', { state: 'active' })) as { activeTargets: Target[] };
      return activeTargets;
    },
    config: async () => ((await get('status/config')) as { yaml: string }).yaml,
    stop,
  };
};

import { eventually, type PollOptions } from '../harness/eventually';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Series {
  readonly labels: Labels;
  readonly values: readonly number[];
}

/** Times in seconds: each `step` from one to the other. */
export interface Steps {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** What `/api/v1/targets` says of a target. */
export interface Target {
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
}

export interface Exemplars {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: string; readonly timestamp: number }[];
}

interface RawSeries {
  readonly metric: Labels;
  readonly values: readonly unknown[];
}

type Parameters = Readonly<Record<string, string>>;

/** Prometheus' own questions and answers. @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
export class PrometheusApi {
  constructor(readonly url: string) {}

  /** One number for each series; of now, or of a time in seconds since 1970. */
  async query(query: string, time?: number): Promise<readonly Sample[]> {
    const { result } = await this.get<{ readonly result: readonly { metric: Labels; value: [number, string] }[] }>(
      'query',
      { query, ...(time !== undefined && { time: `${time}` }) },
    );
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /** The one number that a query answers with. */
  async number(query: string): Promise<number> {
    const samples = await this.query(query);
    const [sample] = samples;
    if (sample === undefined || samples.length > 1) throw new Error(`${query} answers ${samples.length} series`);
    return sample.value;
  }

  /** Every stored sample that a range selector finds at a time, as it was written. */
  async samples(query: string, time: number): Promise<readonly RawSeries[]> {
    const { result } = await this.get<{ readonly result: readonly RawSeries[] }>('query', { query, time: `${time}` });
    return result.toSorted((a, b) => JSON.stringify(a.metric).localeCompare(JSON.stringify(b.metric)));
  }

  /** The values of each series at every step. */
  async range(query: string, { from, to, step }: Steps): Promise<readonly Series[]> {
    const { result } = await this.get<{ readonly result: readonly { metric: Labels; values: [number, string][] }[] }>(
      'query_range',
      { query, start: `${from}`, end: `${to}`, step: `${step}` },
    );
    return result.map(({ metric, values }) => ({ labels: metric, values: values.map(([, value]) => Number(value)) }));
  }

  /** What a label holds in the series that a selector finds. */
  labelValues(label: string, selector: string): Promise<readonly string[]> {
    return this.get(`label/${label}/values`, { 'match[]': selector });
  }

  series(selector: string): Promise<readonly Labels[]> {
    return this.get('series', { 'match[]': selector });
  }

  async targets(): Promise<readonly Target[]> {
    return (await this.get<{ readonly activeTargets: readonly Target[] }>('targets', { state: 'active' }))
      .activeTargets;
  }

  exemplars(query: string): Promise<readonly Exemplars[]> {
    const start = `${Date.now() / 1000 - 600}`;
    return this.get('query_exemplars', { query, start, end: `${Date.now() / 1000}` });
  }

  /** Waits until a query finds series, and all of them have values that will do. */
  until(query: string, isRight: (value: number) => boolean, options?: PollOptions): Promise<readonly Sample[]> {
    const probe = async (): Promise<readonly Sample[]> => {
      const samples = await this.query(query);
      if (samples.length === 0 || !samples.every(({ value }) => isRight(value)))
        throw new Error(`it answers ${JSON.stringify(samples)}`);
      return samples;
    };
    return eventually(query, probe, options);
  }

  private async get<T>(path: string, parameters: Parameters): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') throw new Error(`${path} ${JSON.stringify(parameters)}: ${error}`);
    return data;
  }
}

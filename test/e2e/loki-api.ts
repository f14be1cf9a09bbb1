import type { Labels, Sample, Series } from './prometheus-api';

/** Nanoseconds since 1970. */
export type Nanoseconds = bigint;

export interface StoredLine {
  /** The labels of its stream. */
  readonly stream: Labels;
  readonly metadata: Labels;
  readonly time: Nanoseconds;
  readonly line: string;
}

export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

interface RawStream {
  readonly stream: Labels;
  readonly values: readonly (readonly [time: string, line: string, more?: { readonly structuredMetadata?: Labels }])[];
}

type Parameters = Readonly<Record<string, string>>;
type Query = { readonly text: string } | string;

const textOf = (query: Query): string => (typeof query === 'string' ? query : query.text);

const nanoseconds = (time: Date): Nanoseconds => BigInt(time.getTime()) * 1_000_000n;

/** The most that Loki answers at once. */
const pageSize = 5000;

const day = 86_400_000;

/** All that it takes by default: a day back, and ahead where a wrong time would lie. */
const lately = (): TimeRange => ({ from: new Date(Date.now() - day), to: new Date(Date.now() + day) });

/** Loki's own questions and answers. @see https://grafana.com/docs/loki/v3.7.x/reference/loki-http-api/ */
export class LokiApi {
  constructor(readonly url: string) {}

  /** Every line that a query finds, the oldest first. */
  async lines(query: Query, { from, to }: TimeRange = lately()): Promise<readonly StoredLine[]> {
    const found = new Map<string, StoredLine>();
    for (let start = nanoseconds(from); ;) {
      const page = await this.page(textOf(query), start, nanoseconds(to));
      // A page begins with the lines of the time at which the last one ended.
      for (const each of page) found.set(JSON.stringify([each.stream, each.metadata, `${each.time}`, each.line]), each);
      const end = page.at(-1)?.time ?? start;
      if (page.length < pageSize) return [...found.values()];
      if (end === start) throw new Error(`${textOf(query)} finds more than a page of lines of one time`);
      start = end;
    }
  }

  /** One number for each series. */
  async vector(query: Query, time = new Date()): Promise<readonly Sample[]> {
    const { result } = await this.get<{ readonly result: readonly { metric: Labels; value: [number, string] }[] }>(
      'query',
      { query: textOf(query), time: `${nanoseconds(time)}` },
    );
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /** How many lines a selector or a pipeline finds, each as often as it is stored. */
  async count(lines: Query, { from, to }: TimeRange = lately()): Promise<number> {
    const seconds = Math.ceil((to.getTime() - from.getTime()) / 1000);
    const [sum] = await this.vector(`sum(count_over_time(${textOf(lines)} [${seconds}s]))`, to);
    return sum?.value ?? 0;
  }

  /** One list of numbers for each series, at every step of so many seconds. */
  async range(query: Query, { from, to }: TimeRange, step: number): Promise<readonly Series[]> {
    const { result } = await this.get<{ readonly result: readonly { metric: Labels; values: [number, string][] }[] }>(
      'query_range',
      { query: textOf(query), start: `${nanoseconds(from)}`, end: `${nanoseconds(to)}`, step: `${step}` },
    );
    return result.map(({ metric, values }) => ({ labels: metric, values: values.map(([, value]) => Number(value)) }));
  }

  /** The latest lines that a query finds. */
  async latest(query: Query, range: TimeRange, limit: number): Promise<readonly string[]> {
    const { result } = await this.get<{ readonly result: readonly RawStream[] }>('query_range', {
      query: textOf(query),
      start: `${nanoseconds(range.from)}`,
      end: `${nanoseconds(range.to)}`,
      limit: `${limit}`,
      direction: 'backward',
    });
    return result.flatMap(({ values }) => values.map(([, line]) => line));
  }

  /** What a label holds in the streams that a selector finds. */
  async labelValues(label: string, selector: Query, { from, to }: TimeRange = lately()): Promise<readonly string[]> {
    const values = await this.get<readonly string[] | undefined>(`label/${label}/values`, {
      query: textOf(selector),
      start: `${nanoseconds(from)}`,
      end: `${nanoseconds(to)}`,
    });
    return values ?? [];
  }

  /** The labels of every stream that a selector finds. */
  series(selector: Query, { from, to }: TimeRange = lately()): Promise<readonly Labels[]> {
    return this.get('series', {
      'match[]': textOf(selector),
      start: `${nanoseconds(from)}`,
      end: `${nanoseconds(to)}`,
    });
  }

  /** Sends lines as an agent does. @throws with Loki's reason when it takes them not. */
  async push(lines: readonly StoredLine[]): Promise<void> {
    const streams = lines.map(({ stream, metadata, time, line }) => ({
      stream,
      values: [[`${time}`, line, metadata]],
    }));
    const response = await fetch(`${this.url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ streams }),
    });
    if (!response.ok) throw new Error(`push: ${response.status} ${await response.text()}`);
  }

  private async page(query: string, start: Nanoseconds, end: Nanoseconds): Promise<readonly StoredLine[]> {
    const { result } = await this.get<{ readonly result: readonly RawStream[] }>('query_range', {
      query,
      start: `${start}`,
      end: `${end}`,
      limit: `${pageSize}`,
      direction: 'forward',
    });
    return result
      .flatMap(({ stream, values }) =>
        values.map(([time, line, { structuredMetadata = {} } = {}]) => ({
          stream,
          metadata: structuredMetadata,
          time: BigInt(time),
          line,
        })),
      )
      .toSorted((a, b) => Number(a.time - b.time));
  }

  private async get<T>(path: string, parameters: Parameters): Promise<T> {
    const response = await fetch(`${this.url}/loki/api/v1/${path}?${new URLSearchParams(parameters).toString()}`, {
      // Else the labels of a line's stream and its metadata come as one.
      headers: { 'x-loki-response-encoding-flags': 'categorize-labels' },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} ${JSON.stringify(parameters)}: ${response.status} ${text}`);
    return (JSON.parse(text) as { readonly data: T }).data;
  }
}

import type { Sample } from './history';

/** A question to Prometheus that got no good answer. */
export class QueryError extends Error {}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

export interface Range {
  /** Seconds since the epoch, multiples of `step`. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

const timeoutMilliseconds = 10_000;
/** Points of one answer. Prometheus itself refuses more than 11,000 of a series. */
const pointsPerQuery = 2000;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Prometheus writes a value as text: `NaN`, `+Inf` and `-Inf` are not in JSON. */
const sampleOf = (pair: unknown): Sample => {
  const [seconds, value] = listOf(pair);
  return [Number(seconds), value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value)];
};

const seriesOf = (result: unknown): Series => {
  const { metric, value, values } = isObject(result) ? result : {};
  const labels = Object.entries(isObject(metric) ? metric : {}).map(([name, label]) => [name, String(label)]);
  return {
    labels: Object.fromEntries(labels) as Record<string, string>,
    samples: (value === undefined ? listOf(values) : [value]).map(sampleOf),
  };
};

/** Asks one Prometheus through its HTTP API. */
export class PrometheusApi {
  constructor(private readonly url: string) {}

  /** Series as they are at this moment, by Prometheus' clock. @throws QueryError */
  latest(query: string): Promise<readonly Series[]> {
    return this.ask('query', { query });
  }

  /** Series over a range, asked piece by piece. @throws QueryError when one of the pieces fails. */
  async range(query: string, { start, end, step }: Range): Promise<readonly Series[]> {
    const pieces = new Map<string, Series>();
    for (let from = start; from <= end; from += pointsPerQuery * step) {
      const to = Math.min(end, from + (pointsPerQuery - 1) * step);
      const piece = await this.ask('query_range', { query, start: `${from}`, end: `${to}`, step: `${step}` });
      for (const { labels, samples } of piece) {
        const key = JSON.stringify(Object.entries(labels).sort());
        pieces.set(key, { labels, samples: [...(pieces.get(key)?.samples ?? []), ...samples] });
      }
    }
    return [...pieces.values()];
  }

  private async ask(path: string, parameters: Readonly<Record<string, string>>): Promise<readonly Series[]> {
    const url = new URL(`${this.url.replace(/\/$/, '')}/api/v1/${path}`);
    url.search = new URLSearchParams(parameters).toString();
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMilliseconds) })
      .then(async (response): Promise<unknown> => response.json())
      .catch((error: unknown) => {
        const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
        throw new QueryError(`${this.url} did not answer: ${String(cause)}`);
      });
    const { status, error, data } = isObject(answer) ? answer : {};
    const result = isObject(data) ? data['result'] : undefined;
    if (status !== 'success' || !Array.isArray(result))
      throw new QueryError(
        `${this.url} refused ${path}: ${typeof error === 'string' ? error : 'the answer has no result'}`,
      );
    return result.map(seriesOf);
  }
}

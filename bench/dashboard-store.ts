import { inTemporaryFolder } from './measure';
import { withPrometheus } from './own-prometheus';
import type { Recorded } from './raw-queries';
import { history, type Reading } from './rule-store/history';
import { remoteWrite, type TimeSeries } from './rule-store/remote-write';

type Labels = Readonly<Record<string, string>>;

export interface DashboardStore {
  readonly url: string;
  /** Seconds since the epoch: what is stored ends there. */
  readonly now: number;
  readonly series: number;
}

interface Samples {
  readonly data: { readonly result: readonly { readonly metric: Labels; readonly value: [number, string] }[] };
}

const parameters = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

export const answerOf = async <T>(url: string, path: string, fields: Readonly<Record<string, string>>): Promise<T> => {
  const response = await fetch(`${url}/api/v1/${path}`, parameters(fields));
  return (await response.json()) as T;
};

function* withSamples(pods: number, readings: readonly Reading[], now: number): Generator<TimeSeries> {
  for (const { labels, within } of history(pods, readings, now))
    yield { labels, samples: within({ from: 0, to: Infinity }) };
}

/** What a rule records now, as if it had been so all the time. */
const recordedSeries = async (
  url: string,
  { rule: { series, labels, expr }, interval }: Recorded,
  { from, now }: { readonly from: number; readonly now: number },
): Promise<readonly TimeSeries[]> => {
  const every = interval.toSeconds();
  const times = Array.from({ length: Math.floor((now - from) / every) + 1 }, (_, index) => now - index * every);
  const { data } = await answerOf<Samples>(url, 'query', { query: expr.text, time: `${now}` });
  return data.result.map(({ metric, value: [, value] }) => ({
    labels: { ...metric, ...labels, __name__: series.name },
    samples: times.map((time) => [time * 1000, Number(value)] as const).toReversed(),
  }));
};

export interface Stored {
  readonly pods: number;
  readonly readings: readonly Reading[];
  readonly recorded: readonly Recorded[];
  /** How far back recorded series go. */
  readonly seconds: number;
}

/**
 * A Prometheus that has what dashboards read of a cluster with so many pods of AutoServe, and whose limits are
 * production's.
 */
export const withDashboardStore = <T>(
  { pods, readings, recorded, seconds }: Stored,
  use: (store: DashboardStore) => Promise<T>,
): Promise<T> =>
  inTemporaryFolder((folder) =>
    withPrometheus(
      {
        folder,
        config: {},
        // One series after the other is written, each from its beginning: none is too old for a head of a day.
        flags: ['--storage.tsdb.min-block-duration=24h', '--storage.tsdb.max-block-duration=24h'],
        graceSeconds: 60,
      },
      async (url) => {
        const now = Math.floor(Date.now() / 1000);
        const write = `${url}/api/v1/write`;
        await remoteWrite(write, withSamples(pods, readings, now));
        // One by one: some read what others record.
        for (const each of recorded)
          await remoteWrite(write, await recordedSeries(url, each, { from: now - seconds, now }));
        const status = await (await fetch(`${url}/api/v1/status/tsdb`)).json();
        const { numSeries } = (status as { readonly data: { readonly headStats: { readonly numSeries: number } } }).data
          .headStats;
        return use({ url, now, series: numSeries });
      },
    ),
  );

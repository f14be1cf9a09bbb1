import { Duration } from 'cdk8s';
import { backend } from '../../../../lib/catalog/backend';
import { mlController } from '../../../../lib/catalog/ml-controller';
import { nodeExporter } from '../../../../lib/catalog/node-exporter';
import { recorded } from '../../../../lib/catalog/recorded';
import { scrape } from '../../../../lib/catalog/scrape';
import { record } from '../../../../lib/config/rule-file';
import { avgBy, sumBy } from '../../../../lib/query/promql/aggregate';
import {
  above,
  absent,
  and,
  labelFrom,
  minus,
  or,
  ratio,
  unless,
  withLabelsOf,
} from '../../../../lib/query/promql/operators';
import { avgOverTime, histogramQuantile, increase, rate } from '../../../../lib/query/promql/range';
import { countOf, countWithin, select } from '../../../../lib/query/promql/select';

const window = Duration.minutes(5);
const requests = select(backend.http_requests_total);
const latency = select(backend.http_request_duration_seconds);
const inFlight = select(backend.http_requests_in_flight);
const byJob = sumBy(rate(requests, window), 'job');
const byPod = sumBy(rate(requests, window), 'job', 'pod');
const strangers = { endpoint: 'other', user_id: '1' } as const;
const usage = recorded['instance:node_memory_usage:bytes'];
const memory = select(nodeExporter.node_memory_MemAvailable_bytes);

interface Mistake {
  /** Never called: the compiler alone reads it, and fails when the line below the directive has no error. */
  readonly wrong: () => unknown;
  /** The nearest thing that is right, so that no line is refused for another reason. */
  readonly right: () => unknown;
}

/** Every wrong use that the types promise to refuse. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'a rate of a gauge': {
    // @ts-expect-error a gauge may fall
    wrong: () => rate(inFlight, window),
    right: () => rate(requests, window),
  },
  'an average over time of a counter': {
    // @ts-expect-error a counter only rises: its average means nothing
    wrong: () => avgOverTime(requests, window),
    right: () => avgOverTime(inFlight, window),
  },
  'a label brought from a series that has none of that name': {
    // @ts-expect-error the right side has no label node
    wrong: () => withLabelsOf(byJob, byPod, ['job'], ['node']),
    right: () => withLabelsOf(byJob, byPod, ['job'], ['pod']),
  },
  'a label made from one that was aggregated away': {
    // @ts-expect-error there is no label pod any more
    wrong: () => labelFrom(byJob, 'service', 'pod', '(.*)'),
    right: () => labelFrom(byPod, 'service', 'pod', '(.*)'),
  },
  'an increase of a gauge': {
    // @ts-expect-error a gauge may fall
    wrong: () => increase(inFlight, window),
    right: () => increase(requests, window),
  },
  'a sum of a counter that no rate was taken of': {
    // @ts-expect-error take a rate first
    wrong: () => sumBy(requests, 'job'),
    right: () => sumBy(rate(requests, window), 'job'),
  },
  'a counter compared with a number': {
    // @ts-expect-error take a rate first
    wrong: () => above(requests, 1),
    right: () => above(rate(requests, window), 1),
  },
  'a label that the metric lacks, in a matcher': {
    // @ts-expect-error no such label
    wrong: () => select(backend.http_requests_total, { user_id: '1' }),
    right: () => select(backend.http_requests_total, { endpoint: 'other' }),
  },
  'a label that the metric lacks, in matchers that are kept in a constant': {
    // @ts-expect-error no such label
    wrong: () => select(backend.http_requests_total, strangers),
    right: () => select(backend.http_requests_total, { endpoint: strangers.endpoint }),
  },
  'a value that a closed label never holds': {
    // @ts-expect-error no such status
    wrong: () => rate(select(backend.http_requests_total, { status: '5xx' }), window),
    right: () => rate(select(backend.http_requests_total, { status: '500' }), window),
  },
  'a job that nobody scrapes': {
    // @ts-expect-error no such job
    wrong: () => select(scrape.up, { job: 'bakend' }),
    right: () => select(scrape.up, { job: 'backend' }),
  },
  "another job's target label in a matcher": {
    // @ts-expect-error the targets of node-exporter have no pod label
    wrong: () => select(nodeExporter.node_load1, { pod: 'a' }),
    right: () => select(nodeExporter.node_load1, { node: 'a' }),
  },
  'a label that the vector lacks, in by()': {
    // @ts-expect-error no such label
    wrong: () => sumBy(inFlight, 'status'),
    right: () => sumBy(inFlight, 'endpoint'),
  },
  'a label that an aggregation took away': {
    // @ts-expect-error job alone is left
    wrong: () => avgBy(byJob, 'pod'),
    right: () => avgBy(byPod, 'pod'),
  },
  'a ratio whose part has more labels': {
    // @ts-expect-error no series of the whole has a pod
    wrong: () => ratio(byPod, byJob),
    right: () => ratio(byJob, byJob),
  },
  'a ratio whose whole has more labels': {
    // @ts-expect-error no series of the part has a pod
    wrong: () => ratio(byJob, byPod),
    right: () => ratio(byPod, byPod),
  },
  'a ratio of one job to all': {
    // @ts-expect-error the sum of all has no job
    wrong: () => ratio(byJob, sumBy(byJob)),
    right: () => ratio(sumBy(byJob), sumBy(byJob)),
  },
  'a ratio of all to one job': {
    // @ts-expect-error the sum of all has no job
    wrong: () => ratio(sumBy(byJob), byJob),
    right: () => ratio(byJob, byJob),
  },
  'a difference of unlike vectors': {
    // @ts-expect-error endpoint is on one side only
    wrong: () => minus(inFlight, select(backend.db_connections_active)),
    right: () => minus(select(backend.db_connections_max), select(backend.db_connections_active)),
  },
  'and between unlike vectors without on()': {
    // @ts-expect-error say which labels must be the same
    wrong: () => and(byPod, byJob),
    right: () => and(byPod, byJob, 'job'),
  },
  'and on a label of one side only': {
    // @ts-expect-error pod is on one side only
    wrong: () => and(byPod, byJob, 'pod'),
    right: () => and(byPod, byPod, 'pod'),
  },
  'unless on a label of one side only': {
    // @ts-expect-error pod is on one side only
    wrong: () => unless(byJob, byPod, 'pod'),
    right: () => unless(byJob, byPod, 'job'),
  },
  'a label of which only one side of or is certain': {
    // @ts-expect-error a series of the right side has no pod
    wrong: () => sumBy(or(byPod, byJob), 'pod'),
    right: () => sumBy(or(byPod, byJob), 'job'),
  },
  'a quantile of a counter': {
    // @ts-expect-error it has no buckets
    wrong: () => histogramQuantile(0.95, rate(requests, window)),
    right: () => histogramQuantile(0.95, rate(latency, window)),
  },
  "a quantile of a histogram's count": {
    // @ts-expect-error it has no buckets
    wrong: () => histogramQuantile(0.95, rate(countOf(latency), window)),
    right: () => rate(countOf(latency), window),
  },
  'a quantile by a label that the histogram lacks': {
    // @ts-expect-error no such label
    wrong: () => histogramQuantile(0.95, rate(latency, window), 'status'),
    right: () => histogramQuantile(0.95, rate(latency, window), 'method'),
  },
  'a count within a bound that is no bucket': {
    // @ts-expect-error 0.3 would have to be guessed
    wrong: () => countWithin(latency, 0.3),
    right: () => countWithin(latency, 0.25),
  },
  'a sum over buckets': {
    // @ts-expect-error each bucket counts those below it again
    wrong: () => sumBy(rate(latency, window), 'job'),
    right: () => sumBy(rate(countOf(latency), window), 'job'),
  },
  'a count of a counter': {
    // @ts-expect-error a counter has no parts
    wrong: () => countOf(requests),
    right: () => countOf(latency),
  },
  'a metric that nobody exposes': {
    // @ts-expect-error no such metric
    wrong: () => typeof select(backend.http_request_total),
    right: () => select(backend.http_requests_total),
  },
  'absence under a label that the metric lacks': {
    // @ts-expect-error no such label
    wrong: () => absent(scrape.up, { job: 'backend', endpoint: 'other' }),
    right: () => absent(scrape.up, { job: 'backend' }),
  },
  'a label of an absence that was not matched by equality': {
    // @ts-expect-error job alone is known
    wrong: () => sumBy(absent(scrape.up, { job: 'backend' }), 'pod'),
    right: () => sumBy(absent(scrape.up, { job: 'backend' }), 'job'),
  },
  'a recorded series with fewer labels than the catalog says': {
    // @ts-expect-error node is missing
    wrong: () => record(usage, sumBy(memory, 'instance')),
    right: () => record(usage, sumBy(memory, 'instance', 'node')),
  },
  'a recorded series with more labels than the catalog says': {
    // @ts-expect-error job is left over
    wrong: () => record(usage, memory),
    right: () => record(usage, sumBy(memory, 'instance', 'node')),
  },
  'a recorded series whose labels are left to be guessed': {
    // @ts-expect-error the sum of all has no labels
    wrong: () => record(usage, sumBy(memory)),
    right: () => record(usage, sumBy(memory, 'instance', 'node')),
  },
  'a quantile whose labels are left to be guessed': {
    // @ts-expect-error the quantile of all has no labels
    wrong: () => ratio(byJob, histogramQuantile(0.5, rate(latency, window))),
    right: () => ratio(byJob, histogramQuantile(0.5, rate(latency, window), 'job')),
  },
  'a recorded counter in buckets': {
    // @ts-expect-error buckets are no vector
    wrong: () => record(usage, rate(latency, window)),
    right: () => record(usage, sumBy(memory, 'instance', 'node')),
  },
  'a window as text': {
    // @ts-expect-error 5min is no duration
    wrong: () => rate(requests, '5min'),
    right: () => rate(requests, '$__rate_interval'),
  },
  'a number where a vector belongs': {
    // @ts-expect-error the number comes second
    wrong: () => above(0.5, byJob),
    right: () => above(byJob, 0.5),
  },
  "another service's metric": {
    // @ts-expect-error the backend exposes no decisions
    wrong: () => typeof select(backend.scaling_decisions_total),
    right: () => select(mlController.scaling_decisions_total),
  },
};

test.each(Object.entries(mistakes))('%s does not compile; what it meant does and builds', (_, { right }) => {
  expect(right).not.toThrow();
});

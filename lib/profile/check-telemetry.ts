import { isLonger, prometheusDuration } from '../units/duration';
import { bytes, quantity } from '../units/size';
import type { Duration } from 'cdk8s';
import { tracedServices } from '../catalog/spans';
import {
  checkEndpoint,
  checkName,
  checkPositive,
  checkReplicas,
  checkResources,
  checkSecret,
  checkSizes,
  checkVolume,
  type Problems,
} from './check-value';
import { acceptanceWindow, bufferSizes, logSources } from './outage';
import type { ExternalTraceStore, LogsProfile, TracesProfile } from './profile';

/** A share from 0 to 1; 0 would be a feature by another name. */
function* checkRatio(path: string, ratio: number): Problems {
  if (!(ratio > 0 && ratio <= 1))
    yield { path, value: `${ratio}`, fix: 'give a share above 0 and at most 1, as in 0.05' };
}

function* checkBuffer(path: string, logs: LogsProfile): Problems {
  const { outage, buffer } = logs;
  if (outage === 'may-lose-lines') {
    if (buffer !== 'memory') yield* checkSizes(path, { 'buffer.disk': buffer.disk }, () => []);
    return;
  }
  yield* checkPositive(`${path}.outage.duration`, outage.duration);
  const rates = logSources.map((source) => [source, outage.linesPerSecond[source]] as const);
  const wrongRates = rates.filter(([, rate]) => !(rate > 0 && Number.isFinite(rate)));
  for (const [source, rate] of wrongRates)
    yield {
      path: `${path}.outage.linesPerSecond.${source}`,
      value: `${rate}`,
      fix: 'give the lines a second of the busiest node, above 0',
    };
  if (buffer === 'memory') {
    yield {
      path: `${path}.buffer`,
      value: buffer,
      fix: `what waits in memory is lost with the pod, but outage promises ${prometheusDuration(outage.duration)} without loss: buffer on disk, or let outage be 'may-lose-lines'`,
    };
    return;
  }
  yield* checkSizes(path, { 'buffer.disk': buffer.disk }, function* () {
    if (wrongRates.length > 0) return;
    const needed = Object.values(bufferSizes(logs)).reduce((sum, size) => sum + bytes(size), 0);
    if (needed > bytes(buffer.disk))
      yield {
        path: `${path}.buffer.disk`,
        value: quantity(buffer.disk),
        fix: `${prometheusDuration(outage.duration)} at these rates take ${Math.ceil(needed / 1024 ** 2)}Mi: enlarge it, or promise less in outage`,
      };
  });
}

const minimumLogRetentionHours = 24;
/** Beyond it Loki would keep most chunks open in memory. */
const longestAcceptanceHours = 48;

const hours = (duration: Duration): number => duration.toHours({ integral: false });

export function* checkLogs(path: string, logs: LogsProfile): Problems {
  const { retention, loki, reduction } = logs;
  yield* checkBuffer(path, logs);
  if (hours(retention) < minimumLogRetentionHours)
    yield {
      path: `${path}.retention`,
      value: prometheusDuration(retention),
      fix: `Loki keeps nothing for less: give at least ${minimumLogRetentionHours} h`,
    };
  const acceptance = acceptanceWindow(logs);
  if (isLonger(acceptance, retention) || hours(acceptance) > longestAcceptanceHours)
    yield {
      path: `${path}.outage.duration`,
      value: prometheusDuration(acceptance),
      fix: `so long after newer ones lines would still come: at most ${longestAcceptanceHours} h, and less than the retention of ${prometheusDuration(retention)}`,
    };
  if (reduction.info !== 'keep') {
    yield* checkRatio(`${path}.reduction.info.keepRatio`, reduction.info.keepRatio);
    if (reduction.info.modules.length === 0)
      yield { path: `${path}.reduction.info.modules`, value: 'none', fix: "name the busy modules, or write 'keep'" };
  }
  if (!Number.isInteger(logs.maxNodes) || logs.maxNodes < 1)
    yield { path: `${path}.maxNodes`, value: `${logs.maxNodes}`, fix: 'give a whole number of nodes, 1 or more' };
  yield* checkReplicas(`${path}.loki.replicas`, loki.replicas);
  yield* checkVolume(`${path}.loki.volume`, loki.volume);
  yield* checkResources(`${path}.loki.resources`, loki.resources);
  yield* checkResources(`${path}.agent`, logs.agent);
  if (loki.objects === 'volume') {
    if (loki.replicas > 1)
      yield {
        path: `${path}.loki.replicas`,
        value: `${loki.replicas}`,
        fix: 'replicas share an object store, not a volume: name one in objects, or run 1',
      };
    return;
  }
  if (loki.replicas === 2)
    yield {
      path: `${path}.loki.replicas`,
      value: '2',
      fix: 'each line is kept by a majority, which 2 lose with either one: run 1, or 3 and more',
    };
  yield* checkBucket(`${path}.loki.objects.bucket`, loki.objects.bucket);
  yield* checkEndpoint(`${path}.loki.objects.network`, loki.objects.network);
  if (loki.objects.credentials !== 'workload-identity')
    yield* checkSecret(`${path}.loki.objects.credentials`, loki.objects.credentials);
}

function* checkBucket(path: string, bucket: string): Problems {
  if (!/^[a-z0-9][-.a-z0-9_]{1,61}[a-z0-9]$/.test(bucket))
    yield { path, value: JSON.stringify(bucket), fix: 'name a bucket: 3 to 63 small letters, digits, -, _ and .' };
}

function* checkNamed(path: string, places: readonly string[]): Problems {
  if (places.length === 0) yield { path, value: 'none', fix: 'name at least one' };
}

function* checkExternalStore(path: string, store: ExternalTraceStore): Problems {
  yield* checkEndpoint(`${path}.network`, store.network);
  if (store.credentials !== 'none')
    for (const [part, ref] of Object.entries(store.credentials)) yield* checkSecret(`${path}.credentials.${part}`, ref);
  if (typeof store.tls === 'object') yield* checkSecret(`${path}.tls.ca`, store.tls.ca);
  if (store.kind === 'cassandra') yield* checkNamed(`${path}.servers`, store.servers);
  if (store.kind === 'clickhouse') yield* checkNamed(`${path}.addresses`, store.addresses);
  if (store.kind !== 'elasticsearch' && store.kind !== 'opensearch') return;
  yield* checkName(`${path}.indexPrefix`, store.indexPrefix);
  const scheme = store.tls === 'off' ? 'http:' : 'https:';
  yield* checkNamed(`${path}.urls`, store.urls);
  for (const [index, url] of store.urls.entries())
    if (!URL.canParse(url) || new URL(url).protocol !== scheme)
      yield {
        path: `${path}.urls[${index}]`,
        value: url,
        fix: `with tls ${typeof store.tls === 'object' ? 'of a CA' : `'${store.tls}'`} write a URL that starts with ${scheme}//`,
      };
}

/** The slowest span that is still as fast as its service promises. */
const slowestPromiseSeconds = Math.max(
  ...Object.values(tracedServices).map(({ slowAfterSeconds }) => slowAfterSeconds),
);

export function* checkTraces(path: string, traces: TracesProfile): Problems {
  const { replicas, store, tailSampling } = traces;
  yield* checkReplicas(`${path}.replicas`, replicas);
  yield* checkResources(`${path}.resources`, traces.resources);
  for (const [criticality, ratio] of Object.entries(traces.headSampling))
    yield* checkRatio(`${path}.headSampling.${criticality}`, ratio);
  if (replicas > 1 && (store.kind === 'memory' || store.kind === 'badger'))
    yield {
      path: `${path}.replicas`,
      value: `${replicas}`,
      fix: `a store of kind ${store.kind} belongs to one process: run 1, or name an external store`,
    };
  if (tailSampling !== 'keep-all') {
    if (replicas > 1)
      yield {
        path: `${path}.replicas`,
        value: `${replicas}`,
        fix: "spans of one trace reach different replicas, and each would decide by what it sees: run 1, or let tailSampling be 'keep-all'",
      };
    yield* checkRatio(`${path}.tailSampling.keepRatio`, tailSampling.keepRatio);
    if (tailSampling.decisionWait.toSeconds({ integral: false }) <= slowestPromiseSeconds)
      yield {
        path: `${path}.tailSampling.decisionWait`,
        value: prometheusDuration(tailSampling.decisionWait),
        fix: `services promise up to ${slowestPromiseSeconds} s, and an error after the decision is lost: wait longer`,
      };
    if (!Number.isInteger(tailSampling.maxWaiting) || tailSampling.maxWaiting < 1)
      yield {
        path: `${path}.tailSampling.maxWaiting`,
        value: `${tailSampling.maxWaiting}`,
        fix: 'give a whole number of traces, 1 or more',
      };
  }
  if (store.kind === 'memory') {
    if (!Number.isInteger(store.maxTraces) || store.maxTraces < 1)
      yield {
        path: `${path}.store.maxTraces`,
        value: `${store.maxTraces}`,
        fix: 'give a whole number of traces, 1 or more',
      };
  } else if (store.kind === 'badger') {
    yield* checkPositive(`${path}.store.retention`, store.retention);
    yield* checkVolume(`${path}.store.volume`, store.volume);
  } else yield* checkExternalStore(`${path}.store`, store);
}

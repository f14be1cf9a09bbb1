import type { AlertName } from '../../lib/catalog/alerts';

const otherSideNamesIt = 'the other side, of which all labels are compared, asks for this one';
const noneNegative = 'no value is negative: the sum is 0 where the greatest and the average are';
const oneOfEach = 'there is one series of each: it is the greatest, the least and the sum';
const eachTellsTheSame = 'all nodes that mount a claim tell the same of it';
const forAnInstant = 'a value that changes evenly equals a number for an instant, shorter than the wait';
const neverWhole = 'what is extrapolated to a window is a whole number by chance alone';
const onlyOne = 'kube_pod_info is 1 for each pod, and the value only tells that there is one';
const asManyAsAll = 'a quantile is the same of a multiple of every bucket';
const aMultiple = 'it is compared with 0, which no multiple changes';
const noSmaller = 'nothing is between 0 and 1';
const namedTwice = 'the job is in the matcher and among the labels that are compared';
const notShown = 'the value is neither compared nor shown';

/** The mutants of each alert that are as good as the alert itself, and why no scenario could tell. */
export const equivalents: Readonly<Partial<Record<AlertName, Readonly<Record<string, string>>>>> = {
  HighErrorRate: {
    'service="backend" → nothing': otherSideNamesIt,
    'service="backend" → nothing (2)': otherSideNamesIt,
  },
  ServiceDown: {
    'sum → max': noneNegative,
    'sum → avg': noneNegative,
    'sum → max (2)': noneNegative,
    'sum → avg (2)': noneNegative,
  },
  HighLatency: {
    'service="backend" → nothing': otherSideNamesIt,
    'service="backend" → nothing (2)': otherSideNamesIt,
  },
  HighTaskFailureRatio: {
    'service="worker" → nothing': otherSideNamesIt,
    'service="worker" → nothing (2)': otherSideNamesIt,
  },
  ModelStale: { '> → >=': forAnInstant },
  ScalingFlapping: { '>= → >': neverWhole, '>= → > (2)': neverWhole },
  QueueNotDraining: { '> → >= (2)': neverWhole },
  DatabaseServerConnectionsHigh: { 'max → min': oneOfEach, 'max → sum': oneOfEach },
  ErrorBudgetBurnsFast: {
    '>= → >': neverWhole,
    '> → >=': neverWhole,
    '> → >= (2)': neverWhole,
    '>= → > (2)': neverWhole,
  },
  ErrorBudgetBurnsSlowly: {
    '> → >=': neverWhole,
    '> → >= (2)': neverWhole,
    '>= → >': neverWhole,
    '> → >= (3)': neverWhole,
    '> → >= (4)': neverWhole,
    '>= → > (2)': neverWhole,
  },
  HighMemoryUsage: { '0 → 1': noSmaller },
  NodeNotReady: { 'max → sum': noneNegative },
  NodeClockSkewed: { 'max → sum (2)': noneNegative },
  PodNotReady: {
    'max → sum': noneNegative,
    '* → /': onlyOne,
    'max → min (4)': onlyOne,
    'max → sum (4)': onlyOne,
  },
  PodCrashLooping: { '* → /': onlyOne, 'max → min': onlyOne },
  EvictionsBlocked: { 'max → sum': noneNegative },
  JobMissing: { 'sum → max': noneNegative, 'sum → avg': noneNegative },
  PrometheusNotIngesting: { 'sum → max': noneNegative, 'sum → avg': noneNegative, 'rate → increase': aMultiple },
  AlertmanagerConfigsDiffer: { '0 → 1': noSmaller },
  LokiRequestsFailing: {
    'route=~"loki_api_v1_(push|query|query_range|labels|label_name_values|series)" → nothing': otherSideNamesIt,
    'route=~"loki_api_v1_(push|query|query_range|labels|label_name_values|series)" → nothing (2)': otherSideNamesIt,
    'route=~"loki_api_v1_(push|query|query_range|labels|label_name_values|series)" → nothing (3)': otherSideNamesIt,
  },
  LokiRequestsSlow: { 'sum → avg': asManyAsAll, 'rate → increase': asManyAsAll },
  LogLinesCut: { 'job → nothing': namedTwice, 'job="fluent-bit" → nothing': namedTwice },
  LokiLinesRefused: { 'job → nothing': namedTwice, 'job="loki" → nothing': namedTwice },
  VolumeAlmostFull: {
    'max → min': eachTellsTheSame,
    'max → min (2)': eachTellsTheSame,
    'namespace=~"autoserve-prod|monitoring|node-agents" → nothing': otherSideNamesIt,
    'namespace=~"autoserve-prod|monitoring|node-agents" → nothing (2)': otherSideNamesIt,
  },
  VolumeFillingUp: {
    'max → min': eachTellsTheSame,
    'max → min (2)': eachTellsTheSame,
    'min → max': eachTellsTheSame,
    'namespace=~"autoserve-prod|monitoring|node-agents" → nothing': otherSideNamesIt,
    'namespace=~"autoserve-prod|monitoring|node-agents" → nothing (2)': otherSideNamesIt,
  },
  LogsNotShipped: { 'sum → max (2)': noneNegative, 'sum → avg (2)': noneNegative, 'increase → rate (2)': aMultiple },
  Watchdog: { '1 → 0.5': notShown, '1 → 2': notShown },
};

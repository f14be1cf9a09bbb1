import { Duration } from 'cdk8s';
import { mostHistoryPoints } from '../catalog/anomaly-methods';
import { isLonger, prometheusDuration } from '../units/duration';
import { checkResources, type Problems } from './check-value';
import type { Profile } from './profile';

/** The program takes no less. */
const shortest = { history: Duration.minutes(1), step: Duration.seconds(1), warmUp: Duration.seconds(1) };
/** Nor a longer history than this. */
const longestHistory = Duration.days(365);
/** A profile of the hour of the week needs a value in each hour. */
const longestStep = Duration.hours(1);

function* checkWholeSeconds(path: string, duration: Duration, atLeast: Duration): Problems {
  const value = prometheusDuration(duration);
  if (duration.toMilliseconds() % 1000 !== 0)
    yield { path, value, fix: 'the program counts in seconds: give a whole number of them' };
  else if (isLonger(atLeast, duration)) yield { path, value, fix: `give at least ${prometheusDuration(atLeast)}` };
}

/** What would leave the anomaly detector without enough history, or with too much to hold. */
export function* checkAnomalies({ name, anomalies, prometheus }: Profile): Problems {
  const { history, step, warmUp, resources } = anomalies;
  const path = `${name}.anomalies`;
  yield* checkResources(`${path}.resources`, resources);
  for (const field of ['history', 'step', 'warmUp'] as const)
    yield* checkWholeSeconds(`${path}.${field}`, anomalies[field], shortest[field]);
  if (isLonger(history, longestHistory))
    yield {
      path: `${path}.history`,
      value: prometheusDuration(history),
      fix: `the program looks back at most ${prometheusDuration(longestHistory)}: shorten it`,
    };
  if (isLonger(history, prometheus.retention))
    yield {
      path: `${path}.history`,
      value: prometheusDuration(history),
      fix: `Prometheus keeps ${prometheusDuration(prometheus.retention)}: shorten it or lengthen prometheus.retention`,
    };
  if (!isLonger(history, warmUp))
    yield {
      path: `${path}.warmUp`,
      value: prometheusDuration(warmUp),
      fix: `nothing would ever be judged from a history of ${prometheusDuration(history)}: shorten it or lengthen the history`,
    };
  if (isLonger(step, longestStep))
    yield {
      path: `${path}.step`,
      value: prometheusDuration(step),
      fix: `give each hour of the week a value: at most ${prometheusDuration(longestStep)}`,
    };
  const points = history.toMilliseconds() / step.toMilliseconds();
  if (Number.isFinite(points) && points > mostHistoryPoints)
    yield {
      path: `${path}.step`,
      value: prometheusDuration(step),
      fix: `the history has more than ${mostHistoryPoints} such steps: lengthen it or shorten the history`,
    };
}

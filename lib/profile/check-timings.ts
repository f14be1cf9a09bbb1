import { Duration } from 'cdk8s';
import { notificationMemoryHours, type RouteTimings } from '../catalog/receivers';
import { isLonger, prometheusDuration } from '../units/duration';
import { checkPositive, type Problems } from './check-value';
import type { AlertmanagerProfile } from './profile';

/** In which it has to notice thrice whether it is time. */
const shortestDeadManSeconds = 3;

function* checkRouteTimings(path: string, timings: RouteTimings, lastInLine: Duration): Problems {
  const { groupWait, groupInterval, repeatInterval } = timings;
  const below = (field: keyof RouteTimings): string => `${path}.${field}`;
  if (!isLonger(groupInterval, lastInLine))
    yield {
      path: below('groupInterval'),
      value: prometheusDuration(groupInterval),
      fix: `the last replica in line sends what it knew ${prometheusDuration(lastInLine)} ago, after the first has sent what changed: lengthen it, or shorten peerTimeout`,
    };
  if (isLonger(groupInterval, repeatInterval))
    yield {
      path: below('repeatInterval'),
      value: prometheusDuration(repeatInterval),
      fix: `nothing is sent more often than each groupInterval of ${prometheusDuration(groupInterval)}: lengthen it`,
    };
  if (repeatInterval.toHours({ integral: false }) >= notificationMemoryHours)
    yield {
      path: below('repeatInterval'),
      value: prometheusDuration(repeatInterval),
      fix: `Alertmanager forgets after ${notificationMemoryHours} h what it sent, and would repeat it then: give less`,
    };
  if (isLonger(groupWait, groupInterval))
    yield {
      path: below('groupWait'),
      value: prometheusDuration(groupWait),
      fix: `what is new would wait longer than what changes, which waits ${prometheusDuration(groupInterval)}: wait less`,
    };
}

const longestStartDelayMinutes = 5;

function* checkStartDelay(path: string, startDelay: Duration): Problems {
  if (startDelay.toMinutes({ integral: false }) > longestStartDelayMinutes)
    yield {
      path,
      value: prometheusDuration(startDelay),
      fix: `a replica alone tells nobody anything for so long after a start: give at most ${longestStartDelayMinutes} m`,
    };
}

/** When people hear of alerts, in a time that suits them and Alertmanager. */
export function* checkTimings(path: string, { timings, replicas }: AlertmanagerProfile): Problems {
  yield* checkPositive(`${path}.timings.peerTimeout`, timings.peerTimeout);
  const lastInLine = Duration.millis(timings.peerTimeout.toMilliseconds() * Math.max(0, replicas - 1));
  for (const role of ['page', 'team'] as const)
    yield* checkRouteTimings(`${path}.timings.${role}`, timings[role], lastInLine);
  if (timings.deadManInterval.toSeconds({ integral: false }) < shortestDeadManSeconds)
    yield {
      path: `${path}.timings.deadManInterval`,
      value: prometheusDuration(timings.deadManInterval),
      fix: `give at least ${shortestDeadManSeconds} s`,
    };
  yield* checkStartDelay(`${path}.timings.startDelay`, timings.startDelay);
}

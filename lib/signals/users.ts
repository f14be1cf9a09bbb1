import { Duration } from 'cdk8s';
import { backend } from '../catalog/backend';
import { maxBy, sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { increase } from '../query/promql/range';
import { select } from '../query/promql/select';
import { legend, plot, tellsOf, type Signal } from './signal';

// Who is there, as the pods of the backend see it.

const ofEnvironment = { namespace: chosen('environment') } as const;

const users = select(backend.active_users, ofEnvironment);

export const activeUsers: Signal = {
  title: 'Active users',
  description:
    'Users seen in the last five minutes. A pod counts whom it serves itself: there are at least as many as the busiest pod saw, and at most as many as all of them saw together. A sudden fall means that users cannot reach the backend or log in.',
  unit: 'users',
  queries: [plot(maxBy(users), legend`at least`), plot(sumBy(users), legend`at most`)],
  watchedBy: [tellsOf('ServiceDown')],
};

export const activeSessions: Signal = {
  title: 'Active sessions',
  description:
    'Sessions that are logged in, over all pods. It follows the users; a fall to 0 and a slow return mean that a restart has logged everybody out.',
  unit: 'sessions',
  queries: [plot(sumBy(select(backend.active_sessions, ofEnvironment)), legend`sessions`)],
};

export const registrations: Signal = {
  title: 'Registrations in an hour',
  description:
    'Users who registered in the hour before. None in the middle of a busy day deserves a try by hand; a great many at once are seldom people.',
  unit: 'users',
  queries: [
    plot(
      sumBy(increase(select(backend.user_registrations_total, ofEnvironment), Duration.hours(1))),
      legend`registered`,
    ),
  ],
};

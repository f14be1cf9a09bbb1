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
    'Users seen in the last five minutes. Each pod counts its own users: the true number lies between that of the busiest pod and the sum over all pods. A sudden fall means that users cannot reach the backend or log in.',
  unit: 'users',
  queries: [plot(maxBy(users), legend`at least`), plot(sumBy(users), legend`at most`)],
  watchedBy: [tellsOf('ServiceDown')],
};

export const activeSessions: Signal = {
  title: 'Active sessions',
  description:
    'Sessions that are logged in, over all pods. They follow the users. A fall to 0 and a slow return mean that a restart has logged everybody out.',
  unit: 'sessions',
  queries: [plot(sumBy(select(backend.active_sessions, ofEnvironment)), legend`sessions`)],
};

export const registrations: Signal = {
  title: 'Registrations in an hour',
  description:
    'Users who registered in the last hour. When there are none in the middle of a busy day, try to register. A sudden flood is most likely automated.',
  unit: 'users',
  queries: [
    plot(
      sumBy(increase(select(backend.user_registrations_total, ofEnvironment), Duration.hours(1))),
      legend`registered`,
    ),
  ],
};

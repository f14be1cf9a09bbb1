import { oneOf } from './label-bound';
import { counter, exposedBy, gauge, histogram } from './metric';

const method = oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE');

/** Route templates, never raw paths: an id in a path would be a series of its own. */
const endpoint = oneOf(
  '/api/tasks',
  '/api/tasks/{id}',
  '/api/users',
  '/api/users/{id}',
  '/api/auth/login',
  '/api/auth/logout',
  '/api/sessions',
  'other',
);

const status = oneOf('200', '201', '204', '400', '401', '403', '404', '409', '422', '429', '500', '502', '503', '504');

/** What the backend exposes on port 8000. */
export const backend = exposedBy('backend', {
  http_requests_total: counter({
    help: 'HTTP requests answered.',
    unit: 'requests',
    origin: 'guide',
    labels: { method, endpoint, status },
  }),
  http_request_duration_seconds: histogram({
    help: 'Time from receiving an HTTP request to sending its answer.',
    unit: 'seconds',
    origin: 'guide',
    labels: { method, endpoint },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  http_requests_in_flight: gauge({
    help: 'HTTP requests being answered now.',
    unit: 'requests',
    origin: 'guide',
    labels: { endpoint },
  }),
  db_connections_active: gauge({
    help: 'Pooled database connections in use.',
    unit: 'connections',
    origin: 'guide',
  }),
  db_connections_idle: gauge({
    help: 'Pooled database connections open and unused.',
    unit: 'connections',
    origin: 'guide',
  }),
  db_connections_max: gauge({
    help: 'Database connections that the pool may open.',
    unit: 'connections',
    origin: 'addition',
  }),
  db_query_duration_seconds: histogram({
    help: 'Time of one database query.',
    unit: 'seconds',
    origin: 'guide',
    labels: { operation: oneOf('select', 'insert', 'update', 'delete') },
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  }),
  tasks_created_total: counter({ help: 'Tasks accepted from users.', unit: 'tasks', origin: 'guide' }),
  tasks_completed_total: counter({ help: 'Tasks whose result was delivered.', unit: 'tasks', origin: 'guide' }),
  tasks_failed_total: counter({ help: 'Tasks that ended without a result.', unit: 'tasks', origin: 'guide' }),
  user_registrations_total: counter({ help: 'Users registered.', unit: 'users', origin: 'guide' }),
  active_users: gauge({ help: 'Users seen in the last five minutes.', unit: 'users', origin: 'addition' }),
  active_sessions: gauge({ help: 'Sessions that are logged in.', unit: 'sessions', origin: 'addition' }),
});

import { backend } from '../../lib/catalog/backend';
import { isValueOf, type Labels } from '../runtime/label-values';

const bounds = backend.http_requests_total.labels;
type RequestLabels = Labels<typeof bounds>;
export type Endpoint = RequestLabels['endpoint'];

/** The backend's API: each route with the statuses that it can answer. 500 and 503 are possible everywhere. */
export const apiRoutes = [
  { method: 'GET', endpoint: '/api/tasks', answers: ['200', '401'] },
  { method: 'POST', endpoint: '/api/tasks', answers: ['201', '400', '401', '422', '502', '504'] },
  { method: 'GET', endpoint: '/api/tasks/{id}', answers: ['200', '401', '404'] },
  { method: 'PATCH', endpoint: '/api/tasks/{id}', answers: ['200', '401', '404', '409'] },
  { method: 'DELETE', endpoint: '/api/tasks/{id}', answers: ['204', '401', '404'] },
  { method: 'GET', endpoint: '/api/users', answers: ['200', '401'] },
  { method: 'POST', endpoint: '/api/users', answers: ['201', '400', '409', '422'] },
  { method: 'GET', endpoint: '/api/users/{id}', answers: ['200', '401', '404'] },
  { method: 'PUT', endpoint: '/api/users/{id}', answers: ['200', '401', '404'] },
  { method: 'POST', endpoint: '/api/auth/login', answers: ['200', '400', '401', '422'] },
  { method: 'POST', endpoint: '/api/auth/logout', answers: ['204', '401'] },
  { method: 'GET', endpoint: '/api/sessions', answers: ['200', '401'] },
] as const;

export type ApiRoute = (typeof apiRoutes)[number];
type NameOf<R> = R extends { readonly method: infer M extends string; readonly endpoint: infer E extends string }
  ? `${M} ${E}`
  : never;
export type ApiRouteName = NameOf<ApiRoute>;

export const nameOf = ({ method, endpoint }: ApiRoute): ApiRouteName => `${method} ${endpoint}` as ApiRouteName;

/** What the metrics of a request to any other path bear. */
export const otherEndpoint: Endpoint & 'other' = 'other';

export const isCountedMethod = (method: string): boolean => isValueOf(bounds.method, method);

/** Every method on every endpoint that it can reach, and the statuses that can come of it. */
export const reachable: readonly {
  readonly method: RequestLabels['method'];
  readonly endpoint: Endpoint;
  readonly answers: readonly RequestLabels['status'][];
}[] = [
  ...apiRoutes.map((route) => ({ ...route, answers: [...route.answers, '500', '503'] as const })),
  ...bounds.method.values.map((method) => ({ method, endpoint: otherEndpoint, answers: ['404', '500'] as const })),
];

import { randomUUID } from 'node:crypto';
import type { backend } from '../../lib/catalog/backend';
import type { ApiRouteName } from './api-routes';
import { BoundedMap } from './bounded-map';
import type { Query } from './database';
import { PeerError } from './http-client';
import { HttpError, json, jsonObject, type HttpAnswer, type HttpRequest } from '../runtime/http-server';
import type { Instruments } from '../runtime/instruments';
import type { Log } from '../runtime/log';
import type { Peer } from './peer';
import type { Parameters } from '../runtime/router';
import type { Sessions } from './sessions';
import { endStates, taskKind, type EndState } from './tasks';
import { sleep } from '../runtime/timing';

/** One request to the API, from someone who may be logged in. */
export interface ApiRequest {
  readonly request: HttpRequest;
  readonly parameters: Parameters;
  readonly user: string | undefined;
}
export type ApiHandler = (request: ApiRequest) => Promise<HttpAnswer>;

export interface ApiOptions {
  readonly metrics: Instruments<typeof backend>;
  readonly query: Query;
  readonly sessions: Sessions;
  readonly worker: Peer;
  readonly log: Log;
}

/** Users that were there before the first request. */
export const firstUsers = 300;

const passwordCheckSeconds = 0.06;

/** What the backend does for each route, and what it does when a task has ended. */
export class Api {
  private readonly tasks = new BoundedMap<string, { readonly task: string; state: 'PENDING' | EndState }>(2000);
  private readonly newNames = new BoundedMap<string, true>(1000);
  private users = firstUsers;

  constructor(private readonly options: ApiOptions) {}

  readonly handlers: Readonly<Record<ApiRouteName, ApiHandler>> = {
    'GET /api/tasks': this.loggedIn(async () => {
      await this.options.query('select', 'select');
      return json(200, { tasks: this.tasks.size });
    }),
    'POST /api/tasks': this.loggedIn((api) => this.createTask(api)),
    'GET /api/tasks/{id}': this.loggedIn(async ({ parameters }) => {
      await this.options.query('select');
      return json(200, { id: parameters['id'], ...this.taskOf(parameters) });
    }),
    'PATCH /api/tasks/{id}': this.loggedIn(async ({ parameters }) => {
      await this.options.query('select');
      const task = this.taskOf(parameters);
      if (task.state !== 'PENDING') throw new HttpError(409, 'the task has ended');
      await this.options.query('update');
      return json(200, task);
    }),
    'DELETE /api/tasks/{id}': this.loggedIn((api) => this.deleteTask(api)),
    'GET /api/users': this.loggedIn(async () => {
      await this.options.query('select');
      return json(200, { users: this.users });
    }),
    'POST /api/users': async ({ request }) => {
      const { name } = jsonObject(request);
      if (typeof name !== 'string') throw new HttpError(422, 'name is missing');
      await this.options.query('select');
      if (this.newNames.has(name)) throw new HttpError(409, 'the name is taken');
      await this.options.query('insert');
      this.newNames.set(name, true);
      this.users += 1;
      this.options.metrics.user_registrations_total.inc();
      return json(201, { id: `user${this.users}` });
    },
    'GET /api/users/{id}': this.loggedIn(async ({ parameters }) => {
      await this.options.query('select');
      return json(200, this.userOf(parameters));
    }),
    'PUT /api/users/{id}': this.loggedIn(async ({ parameters }) => {
      await this.options.query('select', 'update');
      return json(200, this.userOf(parameters));
    }),
    'POST /api/auth/login': async ({ request }) => {
      const { user, password } = jsonObject(request);
      if (typeof user !== 'string' || typeof password !== 'string')
        throw new HttpError(422, 'user or password is missing');
      await this.options.query('select');
      await sleep(passwordCheckSeconds);
      if (password === 'wrong') {
        const metadata = { user_agent: request.headers['user-agent'] };
        this.options.log('WARN', 'auth', 'authentication failed', { user_id: user, metadata });
        throw new HttpError(401, 'wrong user or password');
      }
      return json(200, { token: this.options.sessions.login(user) });
    },
    'POST /api/auth/logout': this.loggedIn(({ request }) => {
      this.options.sessions.logout(request);
      return Promise.resolve({ status: 204 });
    }),
    'GET /api/sessions': this.loggedIn(async () => {
      await this.options.query('select');
      return json(200, { sessions: this.options.sessions.size });
    }),
  };

  /** The worker's report of a task that ended. */
  readonly taskEnded = (request: HttpRequest): HttpAnswer => {
    const { id, state: given } = jsonObject(request);
    const state = endStates.find((each) => each === given);
    if (typeof id !== 'string' || state === undefined)
      throw new HttpError(400, `state is ${JSON.stringify(given)}: send an id, and one of ${endStates.join(', ')}`);
    const { tasks_completed_total, tasks_failed_total } = this.options.metrics;
    (state === 'SUCCESS' ? tasks_completed_total : tasks_failed_total).inc();
    const task = this.tasks.get(id);
    if (task) task.state = state;
    return { status: 204 };
  };

  private async createTask({ request, user }: ApiRequest): Promise<HttpAnswer> {
    const { metrics, worker, log } = this.options;
    const kind = taskKind(jsonObject(request)['task']);
    if (!kind) throw new HttpError(422, 'the task is of no known kind');
    await this.options.query('insert');
    const id = randomUUID();
    try {
      const body = { id, task: kind.task };
      const answer = await worker.call({ method: 'POST', path: '/tasks', body });
      if (answer.status === 503) throw new HttpError(503, 'the queue is full');
      if (answer.status !== 202) throw new HttpError(502, `the worker answered ${answer.status}`);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      log('ERROR', 'tasks', `enqueuing failed: ${error.message}`);
      throw new HttpError(error.reason === 'timeout' ? 504 : 502, 'the worker did not answer');
    }
    this.tasks.set(id, { task: kind.task, state: 'PENDING' });
    metrics.tasks_created_total.inc();
    log('INFO', 'tasks', 'task created', { user_id: user, metadata: { task_id: id, task: kind.task } });
    return json(201, { id });
  }

  private async deleteTask({ parameters }: ApiRequest): Promise<HttpAnswer> {
    const { worker, log } = this.options;
    await this.options.query('select');
    const { state } = this.taskOf(parameters);
    const id = parameters['id'] ?? '';
    if (state === 'PENDING')
      await worker.call({ method: 'DELETE', path: `/tasks/${id}`, route: '/tasks/{id}' }).catch((error: unknown) => {
        log('WARN', 'tasks', `revoking failed: ${String(error)}`);
      });
    await this.options.query('delete');
    this.tasks.delete(id);
    return { status: 204 };
  }

  private loggedIn(handle: ApiHandler): ApiHandler {
    return (api) => {
      if (api.user === undefined) return Promise.reject(new HttpError(401, 'log in first'));
      return handle(api);
    };
  }

  private taskOf(parameters: Parameters) {
    const task = this.tasks.get(parameters['id'] ?? '');
    if (!task) throw new HttpError(404, 'no such task');
    return task;
  }

  private userOf({ id }: Parameters): { readonly id: string } {
    const number = Number(/^user(\d+)$/.exec(id ?? '')?.[1]);
    if (!(number >= 1 && number <= this.users)) throw new HttpError(404, 'no such user');
    return { id: `user${number}` };
  }
}

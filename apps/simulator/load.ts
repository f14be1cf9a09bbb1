import { randomUUID } from 'node:crypto';
import { firstUsers } from './api';
import { HttpClient, type Call, type PeerAnswer } from './http-client';
import type { Log } from '../runtime/log';
import type { Random } from '../runtime/random';
import type { Settings } from './settings';
import { taskKinds } from './tasks';
import { sleep } from '../runtime/timing';
import { createWave } from './wave';

export interface LoadOptions {
  /** The server that the simulated users call. */
  readonly url: string;
  readonly settings: Settings;
  readonly log: Log;
  readonly random: Random;
  readonly signal: AbortSignal;
}

type Request = Pick<Call, 'method' | 'path' | 'body'>;

/** A server that answers slowly must not make the simulated users pile up without end. */
const mostAtOnce = 200;
const rememberedTasks = 100;

/** Simulated users, each of whom does one thing at a time. */
class Users {
  private readonly tokens = new Map<string, string>();
  private readonly tasks: string[] = [];

  constructor(
    private readonly client: HttpClient,
    private readonly random: Random,
  ) {}

  private readonly actions: readonly [Action, ...Action[]] = [
    { weight: 25, request: () => ({ method: 'GET', path: '/api/tasks' }) },
    { weight: 20, request: () => this.newTask() },
    { weight: 22, request: () => ({ method: 'GET', path: this.someTask() }) },
    { weight: 4, request: () => ({ method: 'PATCH', path: this.someTask(), body: { title: 'renamed' } }) },
    { weight: 1, request: () => ({ method: 'DELETE', path: this.someTask() }) },
    { weight: 6, request: () => ({ method: 'GET', path: '/api/users' }) },
    { weight: 8, request: () => ({ method: 'GET', path: this.someUser() }) },
    { weight: 3, request: () => ({ method: 'PUT', path: this.someUser(), body: { theme: 'dark' } }) },
    { weight: 1, request: () => ({ method: 'POST', path: '/api/users', body: { name: this.someName() } }) },
    { weight: 4, request: () => ({ method: 'GET', path: '/api/sessions' }) },
    { weight: 3, request: () => ({ method: 'POST', path: '/api/auth/logout' }) },
    { weight: 0.5, request: () => ({ method: 'GET', path: '/favicon.ico' }) },
  ];

  /** One of the users who are about, fewer of them when it is quiet, takes the next step. */
  async act(level: number): Promise<void> {
    const user = `user${1 + Math.floor(this.random.uniform() * firstUsers * level)}`;
    const token = this.tokens.get(user);
    if (token === undefined) {
      await this.login(user);
      return;
    }
    const request = this.random.weighted(this.actions).request();
    const answer = await this.send(request, token);
    if (answer.status === 401 || request.path === '/api/auth/logout') this.tokens.delete(user);
    if (answer.status === 201 && request.path === '/api/tasks') this.remember(answer.body);
  }

  private async login(user: string): Promise<void> {
    const password = this.random.chance(0.03) ? 'wrong' : 'right';
    const { status, body } = await this.send({ method: 'POST', path: '/api/auth/login', body: { user, password } });
    if (status === 200) this.tokens.set(user, (body as { readonly token: string }).token);
  }

  private send(request: Request, token?: string): Promise<PeerAnswer> {
    const headers = token !== undefined && { headers: { authorization: `Bearer ${token}` } };
    return this.client.call({ ...request, ...headers, timeoutSeconds: 30 });
  }

  private remember(body: unknown): void {
    this.tasks.push((body as { readonly id: string }).id);
    if (this.tasks.length > rememberedTasks) this.tasks.shift();
  }

  private newTask(): Request {
    // Some clients send what the API does not take.
    const task = this.random.chance(0.01) ? 'unknown' : this.random.weighted(taskKinds).task;
    return { method: 'POST', path: '/api/tasks', body: { task } };
  }

  private someTask(): string {
    const known = this.tasks[Math.floor(this.random.uniform() * this.tasks.length)];
    return `/api/tasks/${known === undefined || this.random.chance(0.01) ? randomUUID() : known}`;
  }

  private someUser(): string {
    return `/api/users/user${1 + Math.floor(this.random.uniform() * firstUsers * 1.01)}`;
  }

  private someName(): string {
    return this.random.chance(0.05) ? 'taken' : randomUUID();
  }
}

interface Action {
  readonly weight: number;
  readonly request: () => Request;
}

/** Calls the server as users would, until the signal aborts. */
export const generateLoad = async ({ url, settings, log, random, signal }: LoadOptions): Promise<void> => {
  if (settings.requestsPerSecond === 0) return;
  const client = new HttpClient(url);
  const users = new Users(client, random);
  const wave = createWave(settings, random);
  let atOnce = 0;
  const act = async (): Promise<void> => {
    atOnce += 1;
    await users.act(wave.level()).catch((error: unknown) => {
      if (!signal.aborted) log('WARN', 'load', String(error));
    });
    atOnce -= 1;
  };
  for (;;) {
    const seconds = random.exponential(wave.rate());
    // After a second the rate is asked again: in the trough of a wave the next request could be minutes away.
    const goesOn = await sleep(Math.min(seconds, 1), signal).then(
      () => true,
      () => false,
    );
    if (!goesOn) break;
    if (seconds <= 1 && atOnce < mostAtOnce) void act();
  }
  client.close();
};

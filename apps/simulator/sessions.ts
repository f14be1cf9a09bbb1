import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../runtime/http-server';

const activeMilliseconds = 5 * 60_000;
const idleMilliseconds = 10 * 60_000;

/** Who is logged in, and who was seen of late. */
export class Sessions {
  private readonly sessions = new Map<string, { readonly user: string; lastSeen: number }>();
  private readonly lastSeen = new Map<string, number>();

  login(user: string): string {
    this.forgetOld();
    const token = randomUUID();
    this.sessions.set(token, { user, lastSeen: Date.now() });
    this.lastSeen.set(user, Date.now());
    return token;
  }

  logout(request: HttpRequest): void {
    this.sessions.delete(tokenOf(request));
  }

  /** Who sends the request. */
  userOf(request: HttpRequest): string | undefined {
    const session = this.sessions.get(tokenOf(request));
    if (!session) return undefined;
    session.lastSeen = Date.now();
    this.lastSeen.set(session.user, session.lastSeen);
    return session.user;
  }

  get size(): number {
    this.forgetOld();
    return this.sessions.size;
  }

  get activeUsers(): number {
    this.forgetOld();
    return this.lastSeen.size;
  }

  private forgetOld(): void {
    const now = Date.now();
    for (const [user, at] of this.lastSeen) if (at < now - activeMilliseconds) this.lastSeen.delete(user);
    for (const [token, { lastSeen }] of this.sessions)
      if (lastSeen < now - idleMilliseconds) this.sessions.delete(token);
  }
}

const tokenOf = ({ headers }: HttpRequest): string => headers.authorization?.replace('Bearer ', '') ?? '';

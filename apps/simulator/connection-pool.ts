import { HttpError } from '../runtime/http-server';
import { sleep } from '../runtime/timing';

export interface ConnectionPoolOptions {
  readonly max: number;
  readonly waitSeconds: number;
  /** While it says so, every connection is taken by someone else. */
  readonly exhausted: () => boolean;
}

/** No connection became free in time: the request that needs one cannot be served now. */
export class PoolExhausted extends HttpError {
  override readonly name = 'PoolExhausted';

  constructor(waitSeconds: number) {
    super(503, `no database connection became free within ${waitSeconds} s`);
  }
}

const idleAtLeast = 2;
const idleMilliseconds = 30_000;

/** Database connections that are opened on demand, shared, and closed after they were idle for a while. */
export class ConnectionPool {
  private inUse = 0;
  /** When each idle connection was last used; the one that was used last is used next. */
  private readonly idleSince: number[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: ConnectionPoolOptions) {}

  get max(): number {
    return this.options.max;
  }

  get active(): number {
    return this.options.exhausted() ? this.max : this.inUse;
  }

  get idle(): number {
    if (this.options.exhausted()) return 0;
    this.closeUnused();
    return this.idleSince.length;
  }

  /** @throws PoolExhausted when no connection becomes free in time. */
  async use<V>(work: () => Promise<V>): Promise<V> {
    await this.acquire();
    try {
      return await work();
    } finally {
      this.inUse -= 1;
      this.idleSince.push(Date.now());
      this.serveWaiting();
    }
  }

  /** Gives free connections to those who wait. */
  serveWaiting(): void {
    while (this.waiting.length > 0 && this.take()) this.waiting.shift()?.();
  }

  private take(): boolean {
    if (this.options.exhausted() || this.inUse >= this.max) return false;
    this.closeUnused();
    this.idleSince.pop();
    this.inUse += 1;
    return true;
  }

  private async acquire(): Promise<void> {
    if (this.waiting.length === 0 && this.take()) return;
    const given = new AbortController();
    const serve = (): void => {
      given.abort();
    };
    this.waiting.push(serve);
    await sleep(this.options.waitSeconds, given.signal).catch(() => undefined);
    // Served even when that came in the same moment as the end of the wait.
    const index = this.waiting.indexOf(serve);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    throw new PoolExhausted(this.options.waitSeconds);
  }

  private closeUnused(): void {
    const oldest = Date.now() - idleMilliseconds;
    while (this.idleSince.length > idleAtLeast && (this.idleSince[0] ?? Infinity) < oldest) this.idleSince.shift();
  }
}

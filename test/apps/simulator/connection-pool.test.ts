import { ConnectionPool, PoolExhausted } from '../../../apps/simulator/connection-pool';
import { randomFrom } from '../../../apps/runtime/random';
import { sleep } from '../../../apps/runtime/timing';

const never = (): boolean => false;

/** Work that lasts until it is told to end. */
const held = () => {
  let end = (): void => undefined;
  const work = new Promise<void>((resolve) => (end = resolve));
  return { work: () => work, end };
};

test('connections in use and open ones never exceed the maximum', async () => {
  const random = randomFrom(3);
  const pool = new ConnectionPool({ max: 4, waitSeconds: 5, exhausted: never });
  const seen: number[] = [];
  await Promise.all(
    Array.from({ length: 60 }, async () => {
      await sleep(random.uniform() * 0.03);
      await pool.use(async () => {
        seen.push(pool.active);
        expect(pool.active).toBeLessThanOrEqual(4);
        expect(pool.active + pool.idle).toBeLessThanOrEqual(4);
        await sleep(random.uniform() * 0.005);
      });
    }),
  );
  expect(Math.max(...seen)).toBeGreaterThan(1);
  expect(pool.active).toBe(0);
  expect(pool.idle).toBeGreaterThan(0);
});

test('who waits is served as soon as a connection is free', async () => {
  const pool = new ConnectionPool({ max: 1, waitSeconds: 5, exhausted: never });
  const { work, end } = held();
  const first = pool.use(work);
  const second = pool.use(() => Promise.resolve('served'));
  expect(pool.active).toBe(1);
  end();
  await first;
  expect(await second).toBe('served');
});

test('who waits too long is refused, and takes no connection with it', async () => {
  const pool = new ConnectionPool({ max: 1, waitSeconds: 0.02, exhausted: never });
  const { work, end } = held();
  const first = pool.use(work);
  await expect(pool.use(() => Promise.resolve())).rejects.toThrow(PoolExhausted);
  end();
  await first;
  expect([pool.active, pool.idle]).toEqual([0, 1]);
});

test('an exhausted pool serves those who wait once it is so no more', async () => {
  let exhausted = true;
  const pool = new ConnectionPool({ max: 3, waitSeconds: 5, exhausted: () => exhausted });
  const waiting = pool.use(() => Promise.resolve('served'));
  expect([pool.active, pool.idle]).toEqual([3, 0]);
  exhausted = false;
  pool.serveWaiting();
  expect(await waiting).toBe('served');
});

test('a failing query gives its connection back', async () => {
  const pool = new ConnectionPool({ max: 1, waitSeconds: 0.02, exhausted: never });
  await expect(pool.use(() => Promise.reject(new Error('no such table')))).rejects.toThrow('no such table');
  expect([pool.active, pool.idle]).toEqual([0, 1]);
});

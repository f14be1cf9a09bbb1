import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recorded } from '../../lib/catalog/recorded';
import { eventually } from '../harness/eventually';
import type { StoredLine } from './loki-api';
import { stack } from './running-stack';

describe('Prometheus', () => {
  test('that is stopped by SIGTERM and started again has every sample that it had', async () => {
    const { prometheus, podOf, stop, start } = stack();
    const pod = podOf('prometheus');
    // Long enough ago for every scrape that began before it to be stored.
    const time = (await prometheus.number('vector(time())')) - 5;
    const lately = '{__name__=~".+"}[10s]';
    const before = await prometheus.samples(lately, time);
    expect(new Set(before.map(({ metric }) => metric['job'])).size).toBeGreaterThan(5);
    await stop(pod);
    await expect(prometheus.query('up')).rejects.toThrow('fetch failed');
    await start(pod);
    expect(await prometheus.samples(lately, time)).toEqual(before);
    await prometheus.until('up', (value) => value === 1);
  });

  test('that finds a broken rule file says so, and goes on with the rules that it had', async () => {
    const { prometheus, ruleDirectory } = stack();
    const reloaded = 'prometheus_config_last_reload_successful';
    const latest = `min(timestamp({__name__="${recorded['instance:node_memory_usage:bytes'].name}"}))`;
    await prometheus.until(reloaded, (value) => value === 1);
    const added = join(ruleDirectory, 'added.yaml');
    writeFileSync(added, 'groups: [{ name: broken, rules: [{ record: broken, expr: "sum(" }] }]\n');
    await prometheus.until(reloaded, (value) => value === 0);
    const then = await prometheus.number(latest);
    await prometheus.until(latest, (time) => time > then);
    // Mended, not removed: Prometheus reloads nothing, and says so for good, when it finds the files that it last accepted.
    writeFileSync(added, 'groups: []\n');
    await prometheus.until(reloaded, (value) => value === 1);
  });
});

describe('Loki', () => {
  /** Pushes one line after another until one is not taken, and tells which were. */
  const pushUntilRefused = async (): Promise<readonly string[]> => {
    const stream = { job: 'fluent-bit', service: 'pushed', namespace: 'pushed', container: 'pushed' };
    const taken: string[] = [];
    for (;;) {
      const time = BigInt(Date.now()) * 1_000_000n;
      const line: StoredLine = { stream, metadata: {}, time, line: `line ${taken.length}` };
      const isTaken = await stack()
        .loki.push([line])
        .then(
          () => true,
          () => false,
        );
      if (!isTaken) return taken;
      taken.push(line.line);
    }
  };

  test('that is stopped by SIGTERM and started again has every line that it had acknowledged', async () => {
    const { loki, podOf, stop, start } = stack();
    const pushing = pushUntilRefused();
    await sleep(2000);
    await stop(podOf('loki'));
    const taken = await pushing;
    expect(taken.length).toBeGreaterThan(100);
    await start(podOf('loki'));
    await eventually('the lines are there', async () => {
      const stored = new Set((await loki.lines('{service="pushed"}')).map(({ line }) => line));
      expect(taken.filter((line) => !stored.has(line))).toEqual([]);
    });
  });
});

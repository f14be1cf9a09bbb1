import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toYaml } from '../lib/config/to-yaml';
import { program } from '../tools/programs';
import { inTemporaryFolder } from './measure';
import { withPrometheus } from './own-prometheus';
import { writeBlocks } from './rule-store/blocks';
import { ahead, type Period, type SeriesHistory } from './rule-store/history';
import { remoteWrite, type TimeSeries } from './rule-store/remote-write';

export const cycles = 10;
/** Enough for each to end before the next begins, on a machine that does little else. */
const secondsBetween = 3;
/** Before it, samples lie in blocks; from it on in the head, which holds one to three hours in production. */
const headSeconds = 50 * 60;

/** What Prometheus says of its rules. */
interface RulesAnswer {
  readonly data: {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly name: string;
        readonly health: 'unknown' | 'ok' | 'err';
        readonly lastError?: string;
        readonly lastEvaluation: string;
        readonly evaluationTime: number;
        readonly alerts?: readonly unknown[];
      }[];
    }[];
  };
}

const answer = async (url: string): Promise<string> => {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
};

/** The value of a series that Prometheus exposes of itself. */
const ownValue = async (url: string, name: string): Promise<number> => {
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(await answer(`${url}/metrics`)) ?? [];
  return Number(value);
};

/** Seconds of each evaluation of each rule, until all have been evaluated so many times. */
const watch = async (url: string, evaluations: number, until: number): Promise<readonly (readonly number[])[]> => {
  const seen: { last: string; readonly seconds: number[] }[] = [];
  do {
    await sleep(500);
    if (Date.now() / 1000 > until) throw new Error('the samples end before the last cycle: too much else runs here');
    const { data } = JSON.parse(await answer(`${url}/api/v1/rules`)) as RulesAnswer;
    const rules = data.groups.flatMap((group) => group.rules);
    for (const [index, { name, health, lastError, lastEvaluation, evaluationTime, alerts = [] }] of rules.entries()) {
      if (health === 'err') throw new Error(`${name}: ${lastError ?? health}`);
      if (alerts.length > 0 && name !== 'Watchdog')
        throw new Error(`${name} fires, and nothing should: correct bench/rule-store/healthy.ts`);
      const rule = (seen[index] ??= { last: '', seconds: [] });
      if (health === 'unknown' || lastEvaluation === rule.last) continue;
      rule.last = lastEvaluation;
      rule.seconds.push(evaluationTime);
    }
  } while (seen.length === 0 || seen.some(({ seconds }) => seconds.length < evaluations));
  return seen.map(({ seconds }) => seconds.slice(0, evaluations));
};

export interface RuleCycles {
  readonly headSeries: number;
  /** All that Prometheus used, for a cycle. */
  readonly cpuSeconds: number;
  /** Of each rule, seconds of its evaluation in each cycle. */
  readonly seconds: readonly (readonly number[])[];
}

/** Evaluates rules in a Prometheus that has these series, again and again. */
export const ruleCycles = async (
  rules: readonly object[],
  seriesUpTo: (now: number) => Iterable<SeriesHistory>,
): Promise<RuleCycles> => {
  const promtool = await program('promtool');
  return inTemporaryFolder(async (folder) => {
    const now = Math.floor(Date.now() / 1000);
    function* stored(period: Period): Generator<TimeSeries> {
      for (const { labels, within } of seriesUpTo(now)) {
        const samples = within(period);
        if (samples.length > 0) yield { labels, samples };
      }
    }
    await writeBlocks(promtool, folder, stored({ from: 0, to: now - headSeconds }));
    const store = {
      folder,
      config: { rule_files: ['rules-*.yaml'] },
      flags: [
        '--storage.tsdb.retention.time=40d',
        // Else blocks would be merged while cycles are measured.
        '--storage.tsdb.min-block-duration=2h',
        '--storage.tsdb.max-block-duration=2h',
        '--web.enable-lifecycle',
      ],
    };
    return withPrometheus(store, async (url) => {
      await remoteWrite(`${url}/api/v1/write`, stored({ from: now - headSeconds, to: Infinity }));
      const headSeries = await ownValue(url, 'prometheus_tsdb_head_series');
      const group = { name: 'cycle', interval: `${secondsBetween}s`, rules };
      writeFileSync(join(folder, 'rules-cycle.yaml'), toYaml({ groups: [group] }));
      const before = await ownValue(url, 'process_cpu_seconds_total');
      const reload = await fetch(`${url}/-/reload`, { method: 'POST' });
      if (!reload.ok) throw new Error(await reload.text());
      const seconds = await watch(url, cycles + 1, now + ahead);
      const cpuSeconds = ((await ownValue(url, 'process_cpu_seconds_total')) - before) / (cycles + 1);
      // The first finds nothing in the caches.
      return { headSeries, cpuSeconds, seconds: seconds.map((all) => all.slice(1)) };
    });
  });
};

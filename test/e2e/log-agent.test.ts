import { Duration } from 'cdk8s';
import { setTimeout as sleep } from 'node:timers/promises';
import { acceptanceWindow } from '../../lib/profile/outage';
import { production } from '../../lib/profile/production';
import type { OutageBudget, Profile } from '../../lib/profile/profile';
import { staging } from '../../lib/profile/staging';
import { eventually } from '../harness/eventually';
import { logPipeline, type LogPipeline } from './log-pipeline';
import { fluentBit } from './log-programs';
import { fluentBitTest } from './log-tests';
import { namesIn, numberedLines, type NumberedLines } from './numbered-lines';

/** Production's promises, on one Loki with a volume. */
const profile: Profile = { ...production, logs: { ...production.logs, loki: staging.logs.loki } };
const { application, monitoring } = profile.namespaces;

const received = 'loki_distributor_lines_received_total';

/** For whoever reads the output of the tests. */
const report = (line: string): void => void process.stderr.write(`${line}\n`);

const missingIn = (found: ReadonlySet<string>, written: readonly string[]): string => {
  const missing = written.filter((name) => !found.has(name));
  return `${missing.length} missing${missing
    .map((name) => ` ${name}`)
    .slice(0, 5)
    .join('')}`;
};

/** At once: nobody is left to wait for. */
const end = async ({ loki, agent }: LogPipeline): Promise<void> => {
  await agent.kill();
  await loki.kill();
};

/** Waits until every line that was written is in Loki, and says how often the lines are there. */
const untilAllStored = (
  { loki: { api } }: LogPipeline,
  selector: string,
  pods: readonly NumberedLines[],
): Promise<number> => {
  const written = pods.flatMap((pod) => pod.written());
  return eventually(
    'all lines are in Loki',
    async () => {
      const count = await api.count(selector);
      if (count < written.length) throw new Error(`${count} of ${written.length} lines are there`);
      expect(missingIn(namesIn(await api.lines(selector)), written)).toBe('0 missing');
      return count;
    },
    { withinSeconds: 120, everySeconds: 1 },
  );
};

describe('the agent', () => {
  const pipeline = logPipeline(profile);
  const { loki, agent, log } = pipeline;
  const backend = (name: string): NumberedLines => numberedLines(name, log(application, name, 'backend'));

  beforeAll(async () => {
    if (fluentBit === undefined) return;
    await loki.start();
    await agent.start();
  });
  afterAll(() => end(pipeline));

  fluentBitTest(
    'brings 30,000 lines in files that come and go, though Loki is killed for a minute and it is killed itself',
    async () => {
      const pods = ['a', 'b', 'c'].map((name) => backend(`numbered-${name}`));
      const selector = `{service="backend", namespace="${application}"} | pod=~"numbered-.+"`;
      const pace = { perSecond: 140, perFile: 1500 };
      const writing = Promise.all(pods.map((pod) => pod.writeSlowly(10_000, pace)));
      await sleep(4000);
      const receivedBefore = await loki.metric(received);
      await loki.kill();
      const minute = sleep(60_000);
      await sleep(20_000);
      await agent.kill();
      // Lines that it has yet to read go with the file.
      await sleep(2000);
      for (const pod of pods) pod.rotate();
      await sleep(2000);
      await agent.start();
      await minute;
      await loki.start();
      await writing;
      const stored = await untilAllStored(pipeline, selector, pods);
      const sent = pods.reduce((sum, pod) => sum + pod.written().length, 0);
      expect(sent).toBe(30_000);
      expect(stored).toBe(sent);
      const pushed = receivedBefore + (await loki.metric(received));
      report(`lines: ${sent} written, ${pushed} received by Loki, ${stored} stored, ${stored - sent} of them twice`);
    },
    300,
  );

  describe('after an outage that is longer than Loki usually waits for late lines', () => {
    const { outage } = profile.logs;
    const { duration } = outage as OutageBudget;
    const ago = (milliseconds: number): Date => new Date(Date.now() - milliseconds);
    const discarded = () => loki.metric('loki_discarded_samples_total', ['reason', 'too_far_behind']);
    const late = (pod: string): string => `{service="late"} | pod="${pod}"`;
    const minute = 60_000;

    fluentBitTest('brings lines as old as the profile promises, behind newer ones of their stream', async () => {
      expect(duration.toHours()).toBeGreaterThan(1);
      const [now, before] = ['now', 'before'].map((name) => numberedLines(name, log(application, name, 'late')));
      now?.write(100);
      await untilAllStored(pipeline, late('now'), now ? [now] : []);
      before?.write(100, ago(duration.toMilliseconds()));
      await untilAllStored(pipeline, late('before'), before ? [before] : []);
      expect(await discarded()).toBe(0);
    });

    fluentBitTest('lines that are older than Loki was told to wait for are refused, and counted', async () => {
      const tooLate = numberedLines('too-late', log(application, 'too-late', 'late'));
      tooLate.write(100, ago(acceptanceWindow(profile.logs).toMilliseconds() + minute));
      await eventually('they are counted', async () => {
        expect(await discarded()).toBe(100);
      });
      expect(await loki.api.count(late('too-late'))).toBe(0);
    });
  });

  fluentBitTest('that is asked to end while Loki is away has every line when both are back', async () => {
    const pod = backend('ending');
    await loki.stop();
    const readBefore = await agent.metric('fluentbit_input_records_total', ['name', 'application']);
    pod.write(2000);
    await eventually('the lines are read', async () => {
      expect(await agent.metric('fluentbit_input_records_total', ['name', 'application'])).toBe(readBefore + 2000);
    });
    pod.write(1000);
    await agent.stop();
    expect(agent.output()).toContain('service has stopped');
    pod.write(1000);
    pod.rotate();
    await Promise.all([loki.start(), agent.start()]);
    expect(await untilAllStored(pipeline, '{service="backend"} | pod="ending"', [pod])).toBe(4000);
  });
});

describe('with buffers for a few thousand lines', () => {
  const outage: OutageBudget = { duration: Duration.minutes(1), linesPerSecond: { application: 100, platform: 100 } };
  const pipeline = logPipeline({ ...profile, logs: { ...profile.logs, outage } });
  const { loki, agent, log } = pipeline;
  afterAll(() => end(pipeline));

  fluentBitTest('a pod of AutoServe that floods the agent loses lines of AutoServe, and no others', async () => {
    const flood = numberedLines('flood', log(application, 'flood', 'backend'));
    const victim = numberedLines('victim', log(monitoring, 'victim', 'prometheus'));
    await agent.start();
    victim.write(2000);
    for (let thousand = 0; thousand < 60; thousand += 1) flood.write(1000);
    victim.write(2000);
    const read = (name: string) => agent.metric('fluentbit_input_records_total', ['name', name]);
    const dropped = (name: string) => agent.metric('fluentbit_output_dropped_records_total', ['name', name]);
    await eventually('all lines are read', async () => {
      expect({ application: await read('application'), platform: await read('platform') }).toEqual({
        application: flood.written().length,
        platform: victim.written().length,
      });
    });
    await loki.start();
    expect(await untilAllStored(pipeline, '{service="prometheus"}', [victim])).toBe(victim.written().length);
    expect(await dropped('platform')).toBe(0);
    expect(await dropped('application')).toBeGreaterThan(0);
    expect(await loki.api.count('{service="backend"}')).toBeLessThan(flood.written().length);
  });
});

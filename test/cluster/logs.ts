import { streamLabels, structuredMetadata } from '../../lib/catalog/log-streams';
import { services } from '../../lib/catalog/components';
import { autoServeLines } from '../../lib/signals/logs';
import { eventually } from '../harness/eventually';
import { application, core, deployed, kubectl, namespaceOf, output, podsOf } from './cluster';
import { isRunning, needs } from './deployment';
import { forwardLoki, type ForwardedLoki } from './loki';
import { skip } from './skip';
import { createNamespace, removeNamespace } from './test-namespace';
import { expectAllStored, startWriter, type Lines, type Writer } from './writer';

const minutes = 60_000;

/** A namespace that the profile knows nothing of. */
const elsewhere = 'autoserve-test-writers';

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

interface TimedLine {
  /** In nanoseconds since 1970. */
  readonly time: bigint;
  readonly line: string;
}

/** A line of `kubectl logs --timestamps`. */
const timed = (shown: string): TimedLine => {
  const [, date, fraction = '', zone, line = ''] = /^(\S+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) (.*)$/.exec(shown) ?? [];
  return { time: BigInt(Date.parse(`${date}${zone}`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0')), line };
};

interface KubeletConfig {
  readonly kubeletconfig: { readonly containerLogMaxSize: string };
}

/** Bytes of a log file at which the kubelet moves it away. */
const rotationSize = async (): Promise<number> => {
  const { items } = await core.listNode();
  const path = `/api/v1/nodes/${items[0]?.metadata?.name ?? ''}/proxy/configz`;
  const { code, stdout } = await kubectl(['get', '--raw', path]);
  if (code !== 0) return skip('the kubelet does not tell its configuration');
  const size = (JSON.parse(stdout) as KubeletConfig).kubeletconfig.containerLogMaxSize;
  const [, count, unit] = /^(\d+)(Ki|Mi)$/.exec(size) ?? [];
  const bytes = Number(count) * (unit === 'Mi' ? 1024 ** 2 : 1024);
  return bytes <= 20 * 1024 ** 2 ? bytes : skip(`the kubelet moves a log away at ${size} only`);
};

export const logs = (): void => {
  let loki: ForwardedLoki;
  const writers: Writer[] = [];

  beforeAll(async () => {
    needs('loki', 'fluent-bit');
    await createNamespace(elsewhere);
    loki = await forwardLoki();
  }, 2 * minutes);
  afterAll(async () => {
    if (isRunning('loki') && isRunning('fluent-bit')) await loki.stop();
    for (const writer of writers) await writer.remove();
    await removeNamespace(elsewhere);
  }, 3 * minutes);

  const start = async (namespace: string, name: string, lines: Lines): Promise<Writer> => {
    const writer = await startWriter({ namespace, name }, lines);
    writers.push(writer);
    return writer;
  };

  test('streams have the labels of the catalog and no others', async () => {
    const response = await fetch(`${loki.api.url}/loki/api/v1/labels`);
    const { data } = (await response.json()) as { readonly data: readonly string[] };
    expect(data.toSorted()).toEqual(Object.keys(streamLabels).sort());
    for (const stream of await loki.api.series('{job=~".*", namespace=~".+"}'))
      expect(Object.keys(stream).sort()).toEqual(Object.keys(streamLabels).sort());
  });

  test.each(deployed.filter((name) => name !== 'fluent-bit'))(
    'what `kubectl logs` shows of %s is stored, line by line and at its time',
    async (name) => {
      needs(name);
      for (const { metadata, spec } of await podsOf(name)) {
        const [pod, namespace, container] = [metadata?.name ?? '', namespaceOf(name), spec?.containers[0]?.name];
        const shown = linesOf(await output(['logs', pod, '-n', namespace, '--timestamps', '--tail=1000'])).map(timed);
        const first = shown[0];
        if (first === undefined) throw new Error(`${pod} says nothing`);
        const from = new Date(Number(first.time / 1_000_000n));
        await eventually(
          'all are there',
          async () => {
            const stored = await loki.api.lines(`{namespace="${namespace}", container="${container}"} | pod="${pod}"`, {
              from,
              to: new Date(),
            });
            const held = new Set(stored.map(({ time, line }) => `${time} ${line}`));
            // Fluent Bit reads the fraction as a floating-point number, which may cost a nanosecond.
            const isHeld = ({ time, line }: TimedLine): boolean =>
              [time, time - 1n].some((each) => held.has(`${each} ${line}`));
            const missing = shown.filter((each) => each.line !== '' && !isHeld(each));
            expect(missing.map(({ line }) => line).slice(0, 5)).toEqual([]);
          },
          { withinSeconds: 60, everySeconds: 2 },
        );
      }
    },
  );

  test("the agent's own lines are not shipped", async () => {
    expect(linesOf(await output(['logs', 'daemonset/fluent-bit', '-n', namespaceOf('fluent-bit')]))).not.toEqual([]);
    expect(await loki.api.count('{container="fluent-bit"}')).toBe(0);
  });

  test('the lines of the services bear the metadata of the catalog and no other', async () => {
    needs(...services);
    await eventually(
      'all of it was seen',
      async () => {
        const stored = await loki.api.lines(autoServeLines, { from: new Date(Date.now() - minutes), to: new Date() });
        const seen = new Set(stored.flatMap(({ metadata }) => Object.keys(metadata)));
        expect([...seen].sort()).toEqual(Object.keys(structuredMetadata).sort());
        const pods = (await Promise.all(services.map(podsOf))).flat().map(({ metadata }) => metadata?.name ?? '');
        expect([...new Set(stored.map(({ metadata }) => metadata['pod']))].sort()).toEqual(pods.sort());
      },
      { withinSeconds: 60, everySeconds: 2 },
    );
  });

  test.each([
    ['of AutoServe', application],
    ['that nobody declared', elsewhere],
  ])('a pod that starts later in a namespace %s and ends at once leaves all its lines', async (_, namespace) => {
    const writer = await start(namespace, 'short-lived', { count: 100 });
    await writer.end();
    await expectAllStored(loki.api, writer, 100);
  });

  test('a line that the runtime cuts to pieces is stored as one', async () => {
    const length = 100_000;
    const writer = await start(elsewhere, 'long-lines', { count: 3, length });
    await expectAllStored(loki.api, writer, 3);
    const stored = await loki.api.lines(`{container="${writer.name}"}`);
    expect(stored.map(({ line }) => line.length)).toEqual([length, length, length]);
  });

  test(
    'no line is lost or doubled when the kubelet moves the log away',
    async () => {
      const length = 1000;
      const [count, later] = [Math.ceil((1.1 * (await rotationSize())) / length), 50];
      const lines = { count, length, pauseMs: 1, afterwards: { count: later, pauseMs: 25_000 } };
      const writer = await start(elsewhere, 'rotated', lines);
      await writer.end();
      const [first] = linesOf(await output(['logs', writer.name, '-n', elsewhere]));
      if (first?.startsWith('line 1 ')) skip('the kubelet did not move the log away');
      await expectAllStored(loki.api, writer, count + later, 120);
    },
    7 * minutes,
  );
};

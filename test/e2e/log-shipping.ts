import { isService, services } from '../../lib/catalog/components';
import { streamLabels, structuredMetadata } from '../../lib/catalog/log-streams';
import { eventually } from '../harness/eventually';
import type { ComponentPod } from './cluster';
import { cri, writtenLines } from './container-logs';
import { shippingTest } from './log-tests';
import { stack } from './running-stack';
import { linesNow, linesOf, logOf, onlyLineOf, streamOf } from './stored-lines';

const sorted = <T>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

const unusual = [
  String.raw`{"level" : "INFO",  "z":1.0, "a":1e3, "a":2, "text":"\u00fc ü \/ \ud83d\ude00 😀"}`,
  String.raw`{"message":"a \"quoted\" tab \t, a line \n and a \\ backslash"}`,
  '  {"indented":true}\t ',
];

const written = new Date(Date.now() - 90_000);
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
const fromTomorrow = JSON.stringify({ timestamp: tomorrow, level: 'INFO', time: tomorrow });

const claims = {
  ...{ namespace_name: 'kube-system', pod_name: 'etcd-0', container_name: 'etcd' },
  ...{ namespace: 'kube-system', pod: 'etcd-0', container: 'etcd', service: 'etcd', job: 'etcd' },
};
const spoofed = JSON.stringify({ kubernetes: claims, app: claims, log: 'x', stream: 'x', _p: 'P', ...claims });

describe('the lines of AutoServe', () => {
  // At once, since Fluent Bit takes seconds to find a new file.
  beforeAll(() => {
    const { monitoring } = stack().profile.namespaces;
    logOf('unusual', 'unusual').write(unusual);
    logOf('dated', 'dated').writeRaw(cri(fromTomorrow, written, 456_789));
    logOf('spoofing', 'spoofing').write([spoofed]);
    logOf('prometheus-0', 'prometheus', { namespace: monitoring }).write(['ts=now level=info msg="compacted"']);
  });

  const podsOfServices = (): readonly ComponentPod[] => stack().pods.filter(({ component }) => isService(component));

  shippingTest('lie in one stream for each service, under exactly the labels that are declared', () =>
    eventually('the streams', async () => {
      const { loki, profile } = stack();
      const streams = await loki.series(`{service=~"${services.join('|')}"}`);
      const namespace = profile.namespaces.application;
      expect(sorted(streams)).toEqual(sorted(services.map((service) => streamOf(namespace, service))));
      for (const stream of streams) expect(Object.keys(stream).sort()).toEqual(Object.keys(streamLabels).sort());
    }),
  );

  shippingTest('bear exactly the metadata that is declared: those of a trace all, the others no ids', async () => {
    for (const { name } of podsOfServices())
      await eventually(`lines of ${name}`, async () => {
        const lines = await linesNow(name);
        const ofTraces = lines.filter(({ line }) => line.includes('"trace_id"'));
        expect(ofTraces.length).toBeGreaterThan(0);
        for (const { line, metadata } of lines) {
          const { level, trace_id, span_id } = JSON.parse(line) as Readonly<Record<string, string>>;
          const ids = trace_id === undefined ? {} : { trace_id, span_id };
          expect(metadata).toEqual({ pod: name, ...ids, detected_level: level?.toLowerCase() });
        }
        const declared = Object.keys(structuredMetadata).sort();
        for (const { metadata } of ofTraces) expect(Object.keys(metadata).sort()).toEqual(declared);
      });
  });

  shippingTest('are stored byte for byte, and none is missing', async () => {
    for (const pod of podsOfServices()) {
      const before = writtenLines(pod);
      expect(before.length).toBeGreaterThan(0);
      await eventually(`the lines of ${pod.name}`, async () => {
        const stored = new Set((await linesNow(pod.name)).map(({ line }) => line));
        expect(before.filter((line) => !stored.has(line))).toEqual([]);
        for (const line of writtenLines(pod)) stored.delete(line);
        expect([...stored]).toEqual([]);
      });
    }
  });

  shippingTest('are left as they are, whatever a JSON printer would have made of them', async () => {
    expect((await linesOf('unusual', unusual.length)).map(({ line }) => line)).toEqual(unusual);
  });

  shippingTest('have the time of the runtime to the nanosecond, whatever they say themselves', async () => {
    const time = BigInt(written.getTime()) * 1_000_000n + 456_789n;
    expect(await onlyLineOf('dated')).toMatchObject({ line: fromTomorrow, time });
  });

  shippingTest('that claim to be those of another pod lie in the stream of their own', async () => {
    const { profile, loki } = stack();
    expect(await onlyLineOf('spoofing')).toMatchObject({
      line: spoofed,
      stream: streamOf(profile.namespaces.application, 'spoofing'),
      metadata: { pod: 'spoofing' },
    });
    expect(await loki.series('{namespace="kube-system"}')).toEqual([]);
    expect(await loki.series('{service="etcd"}')).toEqual([]);
  });

  shippingTest('are told from those of other namespaces', async () => {
    const { monitoring } = stack().profile.namespaces;
    expect(await onlyLineOf('prometheus-0')).toMatchObject({ stream: streamOf(monitoring, 'prometheus') });
  });
});

import { randomBytes } from 'node:crypto';
import { services } from '../../lib/catalog/components';
import type { Profile } from '../../lib/profile/profile';
import { eventually } from '../harness/eventually';
import { temporaryDirectory } from '../harness/temporary-directory';
import { startFluentBit } from './log-programs';
import { fluentBitTest } from './log-tests';
import type { StoredLine } from './loki-api';
import { loopbackNetwork } from './loopback-network';
import { stack } from './running-stack';
import { logOf } from './stored-lines';

describe('a profile that reduces lines', () => {
  const reduced: Profile['logs']['reduction'] = { debug: 'drop', info: { modules: ['http'], keepRatio: 0.25 } };
  /** Every ending that the id of a trace can have, once. */
  const traces = Array.from({ length: 256 }, (_, index) =>
    Buffer.concat([randomBytes(15), Buffer.from([index])]).toString('hex'),
  );
  const namespace = 'reduced';
  const lineOf = (level: string, module: string, trace_id?: string): string =>
    JSON.stringify({ level, module, ...(trace_id !== undefined && { trace_id }) });
  const every = (level: string, module: string): readonly string[] =>
    traces.map((trace) => lineOf(level, module, trace));

  const stored = (): Promise<readonly StoredLine[]> => stack().loki.lines(`{namespace="${namespace}"}`);
  /** In how many services each trace has lines like these. */
  const servicesByTrace = (lines: readonly StoredLine[], like: string): ReadonlyMap<string, number> => {
    const found = new Map<string, Set<string>>();
    for (const { metadata, stream } of lines.filter(({ line }) => line.includes(like))) {
      const trace = metadata['trace_id'] ?? '';
      found.set(trace, (found.get(trace) ?? new Set()).add(stream['service'] ?? ''));
    }
    return new Map([...found].map(([trace, { size }]) => [trace, size]));
  };

  const startReducing = async (): Promise<void> => {
    const { profile, platform, podOf } = stack();
    const address = loopbackNetwork()();
    const agent = podOf('fluent-bit');
    await startFluentBit(
      { ...agent, node: 'reducing', address, host: agent.host.replace(agent.address, address) },
      {
        profile: {
          ...profile,
          namespaces: { ...profile.namespaces, application: namespace },
          logs: { ...profile.logs, reduction: reduced },
        },
        platform,
        volumes: { 'host-1': temporaryDirectory('reducing') },
      },
    );
  };

  fluentBitTest('keeps or drops a trace as a whole, in all services; and everything of consequence', async () => {
    for (const service of services)
      logOf(service, service, { namespace, node: 'reducing' }).write([
        ...every('DEBUG', 'http'),
        ...every('INFO', 'http'),
        ...every('INFO', 'tasks'),
        ...every('WARN', 'http'),
        lineOf('INFO', 'http'),
        'no JSON, though it says "level":"DEBUG"',
        'the last',
      ]);
    await startReducing();
    const lines = await eventually('the last lines', async () => {
      const found = await stored();
      expect(found.filter(({ line }) => line === 'the last')).toHaveLength(services.length);
      return found;
    });
    const kept = servicesByTrace(lines, '"INFO","module":"http","trace_id"');
    expect(new Set(kept.values())).toEqual(new Set([services.length]));
    expect(kept.size).toBe(traces.length / 4);
    for (const like of ['"INFO","module":"tasks"', '"WARN","module":"http"'])
      expect(servicesByTrace(lines, like).size).toBe(traces.length);
    expect(lines.filter(({ line }) => line.startsWith('{"level":"DEBUG"'))).toEqual([]);
    for (const like of [lineOf('INFO', 'http'), 'no JSON, though it says "level":"DEBUG"'])
      expect(lines.filter(({ line }) => line === like)).toHaveLength(services.length);
  });
});

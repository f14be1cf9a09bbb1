import { components } from '../../lib/catalog/components';
import { production } from '../../lib/profile/production';
import type { Profile } from '../../lib/profile/profile';
import { staging } from '../../lib/profile/staging';
import { eventually } from '../harness/eventually';
import { startProcess } from '../harness/process';
import { loopbackNetwork } from './loopback-network';
import { newSpanId, newTraceId } from './otlp';
import { startOwnJaeger, type OwnJaeger } from './own-jaeger';
import { simulatorBundle } from './bundles';

/** What production records, all of it stored. */
const profile: Profile = {
  ...production,
  traces: { ...production.traces, store: staging.traces.store, tailSampling: 'keep-all' },
};

const critical = 'POST /api/auth/login';
const routine = 'GET /api/sessions';

describe('a service that asks Jaeger how much to sample', () => {
  let jaeger: OwnJaeger;
  let url: string;

  /** Requests that have nothing to do with each other, or that follow a caller's decision. */
  const send = async (operation: string, count: number, decision?: '00' | '01'): Promise<void> => {
    const [method = '', path = ''] = operation.split(' ');
    const body = method === 'POST' ? JSON.stringify({ user: 'user1', password: 'right' }) : undefined;
    const headers = (): Record<string, string> =>
      decision === undefined ? {} : { traceparent: `00-${newTraceId()}-${newSpanId()}-${decision}` };
    await Promise.all(
      Array.from({ length: count }, async () => {
        const response = await fetch(`${url}${path}`, { method, body, headers: headers() });
        await response.arrayBuffer();
      }),
    );
  };

  const recorded = async (operation: string): Promise<number> => {
    const parameters = new URLSearchParams({ service: 'backend', operation, limit: '1000' });
    return (await jaeger.api.traces(`/api/traces?${parameters.toString()}`)).length;
  };

  /** How many more are recorded once some requests were sent, and a last one that is recorded in any case. */
  const recordedOf = async (operation: string, count: number, decision?: '00' | '01'): Promise<number> => {
    const before = await recorded(operation);
    const marker = 'GET /api/users';
    const markers = await recorded(marker);
    await send(operation, count, decision);
    await send(marker, 1, '01');
    // Spans are sent in the order in which they end.
    await eventually('the last one', async () => {
      expect(await recorded(marker)).toBe(markers + 1);
    });
    return (await recorded(operation)) - before;
  };

  beforeAll(async () => {
    jaeger = await startOwnJaeger(profile);
    const address = loopbackNetwork()();
    url = `http://${address}:${components.backend.ports.http}`;
    await startProcess(process.execPath, [simulatorBundle()], {
      ready: `${url}/readyz`,
      env: {
        SERVICE_NAME: 'backend',
        LISTEN_ADDRESS: address,
        LOAD_REQUESTS_PER_SECOND: '0',
        OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlp,
        OTEL_BSP_SCHEDULE_DELAY: '200',
        OTEL_TRACES_SAMPLER: 'parentbased_jaeger_remote',
        OTEL_TRACES_SAMPLER_ARG: `endpoint=${jaeger.sampling},pollingIntervalMs=500,initialSamplingRate=0`,
      },
    });
    await eventually('the service has its answer', async () => {
      expect(await recordedOf(critical, 1)).toBe(1);
    });
  }, 60_000);

  test('records every trace that begins with a critical operation', async () => {
    expect(await recordedOf(critical, 20)).toBe(20);
  });

  test('records one in twenty of those that begin with a routine operation', async () => {
    const count = await recordedOf(routine, 400);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(80);
  });

  test('follows what the caller decided, whatever the operation', async () => {
    expect(await recordedOf(critical, 20, '00')).toBe(0);
    expect(await recordedOf(routine, 20, '01')).toBe(20);
  });
});

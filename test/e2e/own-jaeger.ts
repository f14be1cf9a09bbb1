import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jaegerPaths } from '../../charts/jaeger';
import { jaegerConfigOf } from '../../charts/program-configs';
import { portOf } from '../../lib/catalog/components';
import { tracedServices } from '../../lib/catalog/spans';
import { jaegerUi } from '../../lib/config/jaeger';
import { samplingFile } from '../../lib/config/sampling';
import { toYaml } from '../../lib/config/to-yaml';
import type { Profile } from '../../lib/profile/profile';
import { program } from '../../tools/programs';
import { startProcess, type RunningProcess } from '../harness/process';
import { temporaryDirectory } from '../harness/temporary-directory';
import { JaegerApi } from './jaeger-api';
import { loopbackNetwork } from './loopback-network';

/** Jaeger without the rest of the stack. */
export interface OwnJaeger {
  readonly api: JaegerApi;
  /** Where it takes OTLP over HTTP. */
  readonly otlp: string;
  /** Where an SDK asks how much to sample. */
  readonly sampling: string;
  /** What one of its two pages of metrics says now: the values of the series of a name that bear a label, `a="b"`. */
  readonly series: (page: 'metrics' | 'span-metrics', name: string, label?: string) => Promise<readonly number[]>;
  /** Asks it to end, and starts it again on the store that it left. */
  readonly restart: () => Promise<void>;
}

/** Jaeger as a profile configures it. */
export const startOwnJaeger = async (profile: Profile): Promise<OwnJaeger> => {
  const address = loopbackNetwork()();
  const url = (port: string): string => `http://${address}:${portOf('jaeger', port)}`;
  const directory = temporaryDirectory('jaeger');
  const rendered = toYaml(
    jaegerConfigOf(profile, {
      namespaces: profile.namespaces,
      apiServer: { caFile: '', tokenFile: '' },
      hostOf: () => address,
      replicaHostsOf: () => [],
      listenAddressOf: () => address,
    }),
  );
  const { samplingFile: samplingPath, uiFile, data } = jaegerPaths;
  const here = { [samplingPath]: 'sampling.json', [uiFile]: 'ui.json', [data]: 'badger' };
  const config = Object.entries(here).reduce(
    (text, [path, name]) => text.replaceAll(path, join(directory, name)),
    rendered,
  );
  const files = {
    'jaeger.yaml': config,
    'ui.json': JSON.stringify(jaegerUi),
    'sampling.json': JSON.stringify(samplingFile(tracedServices, profile.traces.headSampling)),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);

  const path = await program('jaeger');
  const start = (): Promise<RunningProcess> =>
    startProcess(path, [`--config=${join(directory, 'jaeger.yaml')}`], { ready: `${url('health')}/status` });
  let running = await start();
  return {
    api: new JaegerApi(url('http')),
    otlp: url('otlp-http'),
    sampling: url('sampling'),
    series: async (page, name, label = '') => {
      const text = await (await fetch(`${url(page)}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
        .map((line) => Number(line.slice(line.lastIndexOf(' '))));
    },
    restart: async () => {
      await running.stop();
      running = await start();
    },
  };
};

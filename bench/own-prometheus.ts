import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../lib/config/to-yaml';
import { freePorts } from '../test/harness/free-ports';
import { startProcess } from '../test/harness/process';
import { program } from '../tools/programs';

interface OwnPrometheus {
  /** Holds its configuration, and in `data` its store. */
  readonly folder: string;
  readonly config: object;
  readonly flags: readonly string[];
  readonly graceSeconds?: number;
}

/** Whatever comes of `use`, a Prometheus that others write to, at the URL that it is given. */
export const withPrometheus = async <T>(
  { folder, config, flags, ...options }: OwnPrometheus,
  use: (url: string) => Promise<T>,
): Promise<T> => {
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, toYaml(config));
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const { stop } = await startProcess(
    await program('prometheus'),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.enable-remote-write-receiver',
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { ready: `${url}/-/ready`, ...options },
  );
  try {
    return await use(url);
  } finally {
    await stop();
  }
};

import { chownSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../../tools/run';
import { freePorts } from '../harness/free-ports';
import { startProcess } from '../harness/process';
import { temporaryDirectory } from '../harness/temporary-directory';

const debianVersions = '/usr/lib/postgresql';

/** The folder that holds PostgreSQL's programs: on PATH, or where Debian keeps them. */
const findPostgres = (): string | undefined => {
  const debian = existsSync(debianVersions)
    ? readdirSync(debianVersions).map((version) => join(debianVersions, version, 'bin'))
    : [];
  return [...(process.env['PATH'] ?? '').split(delimiter), ...debian].find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
};

export const postgresPrograms = findPostgres();

/** What the Secret of postgres-exporter holds. */
export interface DataSource {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
}

/** PostgreSQL refuses to run as root, so then it runs as `nobody`. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const exporter = { user: 'metrics', password: 'metrics-of-the-test' };

/** The role that the documentation asks for, and a table with an index for the statistics to speak of. */
const setUp = [
  `CREATE ROLE ${exporter.user} LOGIN PASSWORD '${exporter.password}' IN ROLE pg_monitor;`,
  'CREATE EXTENSION pg_stat_statements;',
  'CREATE TABLE tasks (id integer PRIMARY KEY);',
  'INSERT INTO tasks SELECT generate_series(1, 1000);',
];

/** Starts an empty PostgreSQL that lets a role in, once it is set up; returns its port. */
export const startPostgres = async (
  address: string,
  role: { readonly user: string },
  statements: readonly string[],
): Promise<number> => {
  if (postgresPrograms === undefined) throw new Error('PostgreSQL is not installed: ask postgresPrograms first');
  const data = temporaryDirectory('postgres');
  if (nobody.uid !== undefined) chownSync(data, nobody.uid, nobody.gid);
  const finish = async (name: string, args: readonly string[], input?: string): Promise<void> => {
    const { code, stderr } = await run(join(postgresPrograms, name), args, { ...nobody, cwd: data, input });
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${stderr}`);
  };
  await finish('initdb', ['--pgdata=.', '--auth=trust', '--username=postgres', '--no-sync', '--locale=C']);
  writeFileSync(
    join(data, 'pg_hba.conf'),
    // Whatever 127.x.y.z is called, the caller's own address is 127.0.0.1.
    `host all ${role.user} 127.0.0.0/8 scram-sha-256\n`,
  );
  await finish('postgres', ['--single', '-D', '.', 'postgres'], `${statements.join('\n')}\n`);

  const [port = 0] = await freePorts(1, address);
  const settings = {
    listen_addresses: address,
    port,
    unix_socket_directories: '',
    shared_preload_libraries: 'pg_stat_statements',
    fsync: 'off', // what it keeps is thrown away
  };
  await startProcess(
    join(postgresPrograms, 'postgres'),
    ['-D', '.', ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...nobody, cwd: data, ready: () => undefined },
  );
  return port;
};

/** A database with the statistics that the exporter reads. */
export const startDatabase = async (address: string): Promise<DataSource> => {
  const port = await startPostgres(address, exporter, setUp);
  return { uri: `${address}:${port}/postgres?sslmode=disable&application_name=exporter`, ...exporter };
};

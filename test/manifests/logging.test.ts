import fc from 'fast-check';
import { parse } from 'yaml';
import type { FluentBitConfig } from '../../lib/config/fluent-bit';
import { configFile, profileNames, profiles, rendered } from '../harness/rendered';
import { workloadsOf } from './output';

type Input = FluentBitConfig['pipeline']['inputs'][number];

const escaped = (glob: string) => glob.replace(/[.+^$()|\\]/g, '\\$&');
/** As glob(3) finds files: a star stays within one folder. */
const isFound = (glob: string, path: string) => new RegExp(`^${escaped(glob).replaceAll('*', '[^/]*')}$`).test(path);
/** As fnmatch(3) excludes them, without flags: a star goes on below. */
const isExcluded = (glob: string, path: string) => new RegExp(`^${escaped(glob).replaceAll('*', '.*')}$`).test(path);

const reads = ({ path, exclude_path }: Input, file: string): boolean =>
  path.split(',').some((glob) => isFound(glob, file)) &&
  !exclude_path.split(',').some((glob) => isExcluded(glob, file));

/** What an expression's named groups hold. */
const groups = (pattern: string, text: string): Readonly<Record<string, string>> | undefined =>
  new RegExp(pattern).exec(text)?.groups;

describe.each(profileNames)('in profile %s', (profileName) => {
  const { namespaces } = profiles[profileName];
  const manifests = rendered(profiles[profileName]);
  const { service, parsers, pipeline } = parse(configFile(manifests, 'fluent-bit.yaml')) as FluentBitConfig;

  /** A log as the kubelet lays it out, of the first pod that a container of the name is in. */
  const fileOf = (namespace: string, pod: string, container: string, name = '0.log') =>
    `/var/log/pods/${namespace}_${pod}_3ad1f8f0-0b1e-4b43-9c11-7f3d2c1b0a99/${container}/${name}`;
  const readersOf = (file: string) => pipeline.inputs.filter((input) => reads(input, file)).map(({ alias }) => alias);

  const workloads = workloadsOf(manifests).filter(({ name }) => name !== 'fluent-bit');

  test.each(workloads)('the lines of $name are read once, with their like', ({ namespace, name, containers }) => {
    const group = namespace === namespaces.application ? 'application' : 'platform';
    for (const container of containers)
      expect(readersOf(fileOf(namespace, `${name}-7d4b9c-x2x4q`, container.name))).toEqual([group]);
  });

  test('a namespace whose name begins like that of the application is not the application', () => {
    expect(readersOf(fileOf(`${namespaces.application}-2`, 'backend-0', 'backend'))).toEqual(['platform']);
  });

  test('its own lines are not read: each would cause another', () => {
    expect(readersOf(fileOf(namespaces.agents, 'fluent-bit-x2x4q', 'fluent-bit'))).toEqual([]);
    expect(readersOf(fileOf('elsewhere', 'fluent-bit-x2x4q', 'fluent-bit'))).toEqual(['platform']);
  });

  test.each([
    ['that was rotated while the agent was down', '0.log.20240102-030405', ['application']],
    ['of a container that was started again', '7.log', ['application']],
    ['that the kubelet has compressed', '0.log.20240102-030405.gz', []],
    ['that the kubelet is compressing', '0.log.20240102-030405.tmp', []],
  ])('of the files of a pod, one %s is read as it should be', (_, name, expected) => {
    expect(readersOf(fileOf(namespaces.application, 'backend-0', 'backend', name))).toEqual(expected);
  });

  test('the path alone says whose line it is: its tag gives namespace, pod and container, whatever they are called', () => {
    const dns = (characters: string, maxLength: number) =>
      fc
        .array(fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 8 }), {
          minLength: 1,
          maxLength: 4,
        })
        .map((parts) => parts.join('-').slice(0, maxLength));
    const label = dns('abcz019', 63);
    const podName = fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
    // A static pod's is a hash, others' have dashes.
    const uid = fc.oneof(fc.uuid(), fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32 }));
    fc.assert(
      fc.property(label, podName, uid, label, fc.constantFrom('0.log', '12.log.20240102-030405'), (...names) => {
        const [namespace, pod, id, container, name] = names;
        const file = `/var/log/pods/${namespace}_${pod}_${id}/${container}/${name}`;
        for (const { tag, tag_regex } of pipeline.inputs) {
          const found = groups(tag_regex, file) ?? {};
          const expanded = tag.replace(/<(\w+)>/g, (_, group: string) => found[group] ?? '');
          const [parser] = parsers;
          expect(groups(parser?.regex ?? '', expanded.slice(tag.indexOf('<')))).toEqual({
            namespace_name: namespace,
            pod_name: pod,
            pod_id: id,
            container_name: container,
          });
        }
      }),
    );
  });

  test('what it reads it can see, and what it writes is where it may write', () => {
    const agent = workloadsOf(manifests).find(({ name }) => name === 'fluent-bit');
    const mounts = agent?.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []) ?? [];
    const isIn = (path: string, readOnly: boolean) =>
      mounts.some((mount) => path.startsWith(`${mount.mountPath}/`) && (mount.readOnly === true) === readOnly);
    for (const { path, db } of pipeline.inputs) {
      for (const glob of path.split(',')) expect(isIn(glob, true)).toBe(true);
      expect(isIn(db, false)).toBe(true);
    }
    expect(isIn(String(service['storage.path']), false)).toBe(true);
  });

  test('its lines go to the Service of Loki, and it asks nobody else for anything', () => {
    expect(pipeline.outputs.map(({ name, host, port }) => `${name} ${host}:${port}`)).toEqual(
      pipeline.inputs.map(() => `loki loki.${namespaces.monitoring}.svc:3100`),
    );
  });
});

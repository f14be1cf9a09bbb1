import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../../tools/run';
import { apply, deployed, liveObjects, nameOf, podsOf, type LiveObject } from './cluster';
import { deployment, recovered } from './deployment';
import { skip } from './skip';

/** Warnings that a sound profile brings, each with its reason. */
const allowedWarnings: Readonly<Record<string, RegExp>> = {
  'node-exporter reads the host, which its namespace only warns of':
    /^would violate PodSecurity "restricted:[^"]+": host namespaces \(hostNetwork=true, hostPID=true\), .*\(volumes "root", "sys"/,
  'fluent-bit reads the logs of its node, which belong to root':
    /^would violate PodSecurity "restricted:[^"]+": restricted volume types \(volumes "host-0", "host-1" .*, runAsNonRoot != true .*, runAsUser=0 /,
};

const warningsOf = ({ stderr }: Outcome): readonly string[] =>
  stderr.split('\n').flatMap((line) => (line.startsWith('Warning: ') ? line.slice('Warning: '.length) : []));

const unexpectedWarnings = (outcome: Outcome): readonly string[] =>
  warningsOf(outcome).filter((warning) => !Object.values(allowedWarnings).some((pattern) => pattern.test(warning)));

/** Kinds whose status a controller writes into the object, which moves its resource version. */
const writtenByOthers = ['Deployment', 'StatefulSet', 'DaemonSet', 'PodDisruptionBudget', 'Namespace'];

/** What an apply without effect leaves as it is. */
const lasting = (object: LiveObject): object => {
  const metadata = { ...object.metadata, managedFields: undefined };
  if (!writtenByOthers.includes(object.kind)) return { ...object, metadata };
  return { ...object, status: undefined, metadata: { ...metadata, resourceVersion: undefined } };
};

const changed = (before: readonly LiveObject[], after: readonly LiveObject[]): readonly string[] => {
  const earlier = new Map(before.map((object) => [nameOf(object), object]));
  return after
    .filter((object) => {
      const old = earlier.get(nameOf(object));
      return old === undefined || !isDeepStrictEqual(lasting(old), lasting(object));
    })
    .map(nameOf);
};

export const applying = (): void => {
  test('succeeds on an empty cluster the first time', () => {
    const { outcome, isFirst } = deployment();
    if (!isFirst) skip('the cluster was not empty');
    expect(outcome).toMatchObject({ code: 0 });
  });

  test('warns of nothing but the named exceptions', () => {
    expect(unexpectedWarnings(deployment().outcome)).toEqual([]);
  });

  test.each(Object.entries(allowedWarnings))('still needs the exception that %s', (_, pattern) => {
    const { outcome, isFirst } = deployment();
    if (!isFirst) skip('the cluster was not empty');
    expect(warningsOf(outcome)).toContainEqual(expect.stringMatching(pattern));
  });

  test('changes nothing the second time', async () => {
    const before = await liveObjects();
    const outcome = await apply();
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(changed(before, await liveObjects())).toEqual([]);
  });

  test('on the server side it changes no specification and no pod, nor does going back', async () => {
    const state = async (): Promise<object> => ({
      // Generations do not tell: that of a Deployment rises with an annotation.
      objects: (await liveObjects()).map(({ kind, metadata: { name, uid }, spec, data, rules }) => ({
        kind,
        name,
        uid,
        spec,
        data,
        rules,
      })),
      pods: (await Promise.all(deployed.map(podsOf))).flat().map(({ metadata }) => metadata?.uid),
    });
    const before = await state();
    // Fields that were applied on the client side belong to that side, down to their defaults.
    const serverSide = await apply('--server-side', '--force-conflicts');
    expect({ ...serverSide, unexpected: unexpectedWarnings(serverSide) }).toMatchObject({ code: 0, unexpected: [] });
    expect(await state()).toEqual(before);
    expect(await apply('--server-side')).toMatchObject({ code: 0 });
    expect(await apply()).toMatchObject({ code: 0 });
    await recovered();
    expect(await state()).toEqual(before);
  });
};

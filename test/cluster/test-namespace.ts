import { eventually } from '../harness/eventually';
import { core } from './cluster';

export const removeNamespace = (name: string): Promise<unknown> =>
  core.readNamespace({ name }).then(
    async () => {
      await core.deleteNamespace({ name });
      await eventually(
        `${name} is gone`,
        () => expect(core.readNamespace({ name })).rejects.toMatchObject({ code: 404 }),
        { withinSeconds: 90, everySeconds: 1 },
      );
    },
    () => undefined,
  );

/** A namespace without anything of the profile; what an earlier run left under its name goes first. */
export const createNamespace = async (name: string): Promise<void> => {
  await removeNamespace(name);
  await core.createNamespace({ body: { metadata: { name } } });
};

import { program } from '../../tools/programs';
import type { Outcome } from '../../tools/run';
import { run } from '../../tools/run';
import { temporaryDirectory } from './temporary-directory';

const cache = temporaryDirectory('kubectl-cache');
let path: Promise<string> | undefined;

/** Runs kubectl against a cluster, untouched by what its user has set for it. */
export const kubectl = async (kubeconfig: string, args: readonly string[], input?: string): Promise<Outcome> =>
  run(await (path ??= program('kubectl')), args, {
    input,
    env: { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: cache, KUBERC: 'off' },
  });

/**
 * The standard output of a command that was free of fault.
 *
 * @throws when it failed or printed a `Warning:`.
 */
export const flawless = ({ code, stdout, stderr }: Outcome): string => {
  if (code !== 0 || /^Warning:/m.test(stderr)) throw new Error(`kubectl ended with ${code}:\n${stderr}`);
  return stdout;
};

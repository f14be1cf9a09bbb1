import { join } from 'node:path';
import { run } from '../../tools/run';
import { temporaryDirectory } from './temporary-directory';

const root = join(__dirname, '../..');

/** Folder in which `main.ts` wrote a sub-folder for each profile, as a user's `npm run synth` does to `dist`. */
export const synthesised = async (): Promise<string> => {
  const outdir = join(temporaryDirectory('synth'), 'dist');
  const { code, stderr } = await run(process.execPath, ['--require', 'ts-node/register', 'main.ts'], {
    cwd: root,
    env: { ...process.env, CDK8S_OUTDIR: outdir },
  });
  if (code !== 0) throw new Error(`synth ended with ${code}:\n${stderr}`);
  return outdir;
};

import { spawn } from 'node:child_process';

/** Runs a bundle as a pod would: nothing but Node and its environment. */
export const runBundle = (bundle: string, environment: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [bundle], { env: environment });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, exited };
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The page that shows service teams how to write Python. */
export const instrumenting = readFileSync(join(__dirname, '../../docs/instrumenting.md'), 'utf8');

export interface PythonSample {
  /** Name of the file that the sample is. */
  readonly file: string;
  readonly code: string;
}

/** The page's files of Python; each says its name on its first line. */
export const pythonSamples: readonly PythonSample[] = [
  ...instrumenting.matchAll(/^```python\n(# (.+)\n[^]*?)^```/gm),
].map(([, code = '', file = '']) => ({ file, code }));

/** @throws when the page has no such file. */
export const pythonSample = (file: string): string => {
  const found = pythonSamples.find((sample) => sample.file === file);
  if (found === undefined) throw new Error(`docs/instrumenting.md has no ${file}`);
  return found.code;
};

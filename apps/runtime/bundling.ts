import { join } from 'node:path';

/** How esbuild makes one file of the program in a folder, small enough for a ConfigMap. */
export const bundlingOf = (folder: string) => ({
  entryPoints: [join(folder, 'main.ts')],
  bundle: true,
  minify: true,
  platform: 'node' as const,
  target: 'node20',
  // ES modules first: of CommonJS ones nothing can be left out, and the bundle would be twice as large.
  mainFields: ['module', 'main'],
  // By these pino writes to files and from threads; it is given something else to write to.
  alias: { 'sonic-boom': 'node:stream', 'thread-stream': 'node:stream' },
});

import { join } from 'node:path';

/** How esbuild makes one file of the simulator, small enough for a ConfigMap. */
export const bundling = {
  entryPoints: [join(__dirname, 'main.ts')],
  bundle: true,
  minify: true,
  platform: 'node' as const,
  target: 'node20',
  // ES modules first: of CommonJS ones nothing can be left out, and the bundle would be twice as large.
  mainFields: ['module', 'main'],
  // By these pino writes to files and from threads; it is given something else to write to.
  alias: { 'sonic-boom': 'node:stream', 'thread-stream': 'node:stream' },
};

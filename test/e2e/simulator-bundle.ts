import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { bundling } from '../../apps/simulator/bundling';
import { temporaryDirectory } from '../harness/temporary-directory';

/** Path of the simulator as one file, as it is deployed. */
export const simulatorBundle = (): string => {
  const bundle = join(temporaryDirectory('simulator'), 'simulator.js');
  buildSync({ ...bundling, outfile: bundle });
  return bundle;
};

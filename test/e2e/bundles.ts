import { buildSync, type BuildOptions } from 'esbuild';
import { join } from 'node:path';
import { bundling as anomalyDetector } from '../../apps/anomaly-detector/bundling';
import { bundling as simulator } from '../../apps/simulator/bundling';
import { temporaryDirectory } from '../harness/temporary-directory';

const bundled = (name: string, bundling: BuildOptions): string => {
  const outfile = join(temporaryDirectory(name), `${name}.js`);
  buildSync({ ...bundling, outfile });
  return outfile;
};

// Paths of our programs, each as one file, as it is deployed.
export const simulatorBundle = (): string => bundled('simulator', simulator);
export const anomalyDetectorBundle = (): string => bundled('anomaly-detector', anomalyDetector);

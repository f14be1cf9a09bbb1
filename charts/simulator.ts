import { Chart, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { ConfigFiles } from '../lib/constructs/config-file';

export interface SimulatorChartProps extends ChartProps {
  /** The simulator and all it needs as one JavaScript file. */
  readonly bundle: string;
}

/** The program that plays AutoServe's services, as a file for the stock Node image: no image need be published. */
export class SimulatorChart extends Chart {
  /** ConfigMap that holds it as `main.js`. */
  readonly configMapName: string;

  constructor(scope: Construct, id: string, { bundle, ...props }: SimulatorChartProps) {
    super(scope, id, props);
    this.configMapName = new ConfigFiles(this, 'Bundle', {
      name: 'simulator',
      files: { 'main.js': bundle },
    }).configMapName;
  }
}

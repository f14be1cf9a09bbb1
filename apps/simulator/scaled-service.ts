import type { mlController } from '../../lib/catalog/ml-controller';
import type { Tolerance } from './accuracy';
import type { Labels } from '../runtime/label-values';

/** What the controller knows of a service that it scales. */
export interface ScaledService {
  readonly service: Labels<typeof mlController.scaling_decisions_total.labels>['service'];
  readonly minReplicas: number;
  /** What the service would need for its peak; savings are counted against it. */
  readonly maxReplicas: number;
  /** Load that one replica carries well, in what the service reports as its load. */
  readonly loadPerReplica: number;
  readonly tolerance: Tolerance;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly dollarsPerReplicaHour: number;
}

const mebibyte = 2 ** 20;

export const scaledServices: readonly ScaledService[] = [
  {
    service: 'backend',
    minReplicas: 2,
    maxReplicas: 8,
    loadPerReplica: 1.2, // requests per second
    tolerance: { ratio: 0.25, absolute: 1 },
    cpuCores: 0.25,
    memoryBytes: 256 * mebibyte,
    dollarsPerReplicaHour: 0.04,
  },
  {
    service: 'worker',
    minReplicas: 1,
    maxReplicas: 8,
    loadPerReplica: 3, // tasks that wait or run
    tolerance: { ratio: 0.3, absolute: 3 },
    cpuCores: 0.5,
    memoryBytes: 512 * mebibyte,
    dollarsPerReplicaHour: 0.08,
  },
];

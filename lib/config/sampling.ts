import { type Criticality, type TracedService } from '../catalog/spans';

/** Share of the traces that begin with an operation of each criticality, 0 to 1. */
export type SamplingRatios = Readonly<Record<Criticality, number>>;

interface Probabilistic {
  readonly type: 'probabilistic';
  readonly param: number;
}

/** @see https://www.jaegertracing.io/docs/2.20/architecture/sampling/#file-based-sampling-configuration */
export interface SamplingFile {
  readonly default_strategy: Probabilistic;
  readonly service_strategies: readonly (Probabilistic & {
    readonly service: string;
    readonly operation_strategies: readonly (Probabilistic & { readonly operation: string })[];
  })[];
}

const probabilistic = (param: number): Probabilistic => ({ type: 'probabilistic', param });

/** What an SDK that asks Jaeger is told: how many of the traces that begin with each operation to record. */
export const samplingFile = (
  services: Readonly<Record<string, TracedService>>,
  ratios: SamplingRatios,
): SamplingFile => ({
  // Of a service that the catalog does not know, nothing tells how much it matters.
  default_strategy: probabilistic(ratios.standard),
  service_strategies: Object.entries(services).map(([service, { criticality, operations }]) => ({
    service,
    ...probabilistic(ratios[criticality]),
    operation_strategies: Object.entries(operations).map(([operation, each]) => ({
      operation,
      ...probabilistic(ratios[each]),
    })),
  })),
});

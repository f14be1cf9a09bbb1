import { services, type Service } from '../../lib/catalog/components';

/** What a fault may be told when it is switched on. */
interface Parameter<V> {
  readonly name: string;
  readonly byDefault: V;
  /** What it must be, for the message that refuses another value. */
  readonly expected: string;
  readonly accepts: (value: unknown) => value is V;
}

interface Fault<V> {
  readonly help: string;
  /** The services that can have it. */
  readonly services: readonly Service[];
  readonly parameter?: Parameter<V>;
}

const number = (name: string, byDefault: number, lowest: number, highest: number): Parameter<number> => ({
  name,
  byDefault,
  expected: `a number from ${lowest} to ${highest}`,
  accepts: (value): value is number => typeof value === 'number' && value >= lowest && value <= highest,
});

const choice = <const V extends string>(name: string, byDefault: V, ...others: V[]): Parameter<V> => ({
  name,
  byDefault,
  expected: `one of ${[byDefault, ...others].join(', ')}`,
  accepts: (value): value is V => [byDefault, ...others].some((each) => each === value),
});

export const faults = {
  errors: {
    help: 'This share of requests, tasks or inferences fails.',
    services,
    parameter: number('ratio', 0.5, 0, 1),
  },
  latency: {
    help: 'Every request, task or inference takes this much longer.',
    services,
    parameter: number('seconds', 2, 0, 60),
  },
  'exhausted-connections': { help: 'Every database connection of the pool is in use.', services: ['backend'] },
  'stuck-queue': { help: 'The worker takes nothing from its queues.', services: ['worker'] },
  memory: {
    help: 'The process holds this much more memory.',
    services,
    parameter: number('mebibytes', 256, 1, 4096),
  },
  crash: { help: 'The process exits with an error at once.', services },
  silence: {
    help: '/metrics gives no answer, while the rest goes on.',
    services,
    parameter: choice('mode', 'hang', 'close'),
  },
} as const satisfies Record<string, Fault<number> | Fault<'hang' | 'close'>>;

export type FaultName = keyof typeof faults;
/** The value of its parameter; true for a fault that has none. */
export type FaultValue<N extends FaultName> = (typeof faults)[N] extends { readonly parameter: Parameter<infer V> }
  ? V
  : true;

/** What the fault may be told, for those who do not know beforehand which fault it is. */
export const parameterOf = (name: FaultName): Parameter<number | string> | undefined =>
  (faults as Readonly<Record<FaultName, Fault<number | string>>>)[name].parameter;

/** Which faults are on. */
export class Faults {
  private readonly on = new Map<FaultName, unknown>();
  private readonly listeners: (() => void)[] = [];

  /** Its value while it is on. */
  value<N extends FaultName>(name: N): FaultValue<N> | undefined {
    return this.on.get(name) as FaultValue<N> | undefined;
  }

  isOn(name: FaultName): boolean {
    return this.on.has(name);
  }

  switchOn<N extends FaultName>(name: N, value: FaultValue<N>): void {
    this.on.set(name, value);
    this.tell();
  }

  switchOff(name: FaultName): void {
    this.on.delete(name);
    this.tell();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

import type { Duration } from 'cdk8s';
import type { Expression } from '../expression';

/** Range of a metric query: a rule states it, a panel follows the step between two points, or is the whole time picker. */
export type Window = Duration | '$__auto' | '$__range';

/** Lines that are counted, and over which range. */
export interface Range {
  readonly lines: string;
  readonly window: Window;
}

/**
 * Instant vector whose series are told apart by exactly the labels `L`. The property is never set: it carries `L`
 * both ways, so that neither more nor fewer labels fit where `L` is asked for.
 */
export interface Vector<L extends string> extends Expression<Range> {
  readonly labels?: (label: L) => L;
}
